using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EdgeAgent.Tests.Contract;
using EdgeAgent.Tests.Store;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>A message as it arrived.</summary>
internal sealed record Arrival(string Topic, byte[] Payload, bool IsRetained, string? ContentType, IReadOnlyDictionary<string, string> Properties, uint Expiry)
{
    public JsonElement Json => Samples.Json(Payload);
}

/// <summary>The centre: a client of its own that keeps all it receives.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<Arrival> _arrivals = new();
    private readonly MqttClientOptions _options;

    public Subscriber(int port)
    {
        _options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId("centre")
            .WithCleanStart(false)
            .WithSessionExpiryInterval(uint.MaxValue) // the broker keeps what comes while we are away
            .Build();
        _client.ApplicationMessageReceivedAsync += arrived =>
        {
            MqttApplicationMessage message = arrived.ApplicationMessage;
            _arrivals.Enqueue(new Arrival(
                message.Topic,
                System.Buffers.BuffersExtensions.ToArray(message.Payload),
                message.Retain,
                message.ContentType,
                (message.UserProperties ?? []).ToDictionary(pair => pair.Name, pair => Encoding.UTF8.GetString(pair.ValueBuffer.Span)),
                message.MessageExpiryInterval));
            return Task.CompletedTask;
        };
    }

    public IReadOnlyList<Arrival> All => [.. _arrivals];

    /// <summary>Sequenced records.</summary>
    public IReadOnlyList<Arrival> Records =>
        [.. _arrivals.Where(arrival => arrival.Topic.EndsWith("/minute", StringComparison.Ordinal) || arrival.Topic.Contains("/event/", StringComparison.Ordinal))];

    public static async Task<Subscriber> StartAsync(int port, string filter = "edgeagent/v1/#")
    {
        Subscriber subscriber = new(port);
        await subscriber.ConnectAsync();
        await subscriber._client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            TestContext.Current.CancellationToken);
        return subscriber;
    }

    public async Task ConnectAsync() =>
        (await _client.ConnectAsync(_options, TestContext.Current.CancellationToken)).ResultCode.ShouldBe(MqttClientConnectResultCode.Success);

    /// <summary>The last state under a topic, as text; null when none came.</summary>
    public string? Last(string topic) =>
        _arrivals.LastOrDefault(arrival => arrival.Topic == topic) is Arrival arrival ? Encoding.UTF8.GetString(arrival.Payload) : null;

    public Task WaitForStateAsync(string state) => Eventually.TrueAsync(
        () => Last("edgeagent/v1/agent-1/status")?.Contains($"\"state\":\"{state}\"", StringComparison.Ordinal) == true,
        $"status {state}");

    /// <summary>Whatever a test is about: no message may break the contract.</summary>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _arrivals.SelectMany(arrival => MessageContract.Faults(arrival.Topic, arrival.Payload)).Distinct().ShouldBeEmpty();
        return ValueTask.CompletedTask;
    }
}
