using System.Net;
using MQTTnet.Server;

namespace EdgeAgent.Forward;

/// <summary>A broker inside this process on a free port of the loopback interface, for <c>replay --publish embedded</c> and tests.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly MqttServer _server;

    private EmbeddedBroker(MqttServer server, int port)
    {
        _server = server;
        Url = $"mqtt://127.0.0.1:{port}";
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>Starts one.</summary>
    public static async Task<EmbeddedBroker> StartAsync()
    {
        MqttServerOptions options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(0)
            .WithMaxPendingMessagesPerClient(100_000) // the default of 250 drops what a slow subscriber has not taken
            .Build();
        MqttServer server = new MqttServerFactory().CreateMqttServer(options);
        await server.StartAsync().ConfigureAwait(false);
        return new EmbeddedBroker(server, options.DefaultEndpointOptions.Port);
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions()).ConfigureAwait(false);
        _server.Dispose();
    }
}
