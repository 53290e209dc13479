using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>A subscriber with a connection of its own that prints each message as topic and payload, from the bytes it received.</summary>
public sealed class SubscriberPrinter : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TextWriter _output;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private long _received;
    private long _records;

    private SubscriberPrinter(TextWriter output)
    {
        _output = output;
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
    }

    /// <summary>Messages received.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Sequenced records among them: minutes and events.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Subscribes to everything below a topic prefix.</summary>
    /// <param name="url"><c>mqtt://host:port</c>.</param>
    /// <param name="topicPrefix">Such as <c>edgeagent/v1</c>.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SubscriberPrinter> StartAsync(
        string url, string topicPrefix, TextWriter output, CancellationToken cancellationToken)
    {
        Uri broker = new(url);
        SubscriberPrinter printer = new(output);
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer(broker.DnsSafeHost, broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId("subscriber")
            .Build();
        try
        {
            MqttClientConnectResult result = await printer._client.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new IOException($"the broker refused the subscriber: {result.ResultCode}");
            }

            MqttClientSubscribeOptions subscription = new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter($"{topicPrefix}/#", MqttQualityOfServiceLevel.AtLeastOnce)
                .Build();
            await printer._client.SubscribeAsync(subscription, cancellationToken).ConfigureAwait(false);
            return printer;
        }
        catch
        {
            await printer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until so many sequenced records have been printed.</summary>
    public async Task WaitForRecordsAsync(long count, CancellationToken cancellationToken)
    {
        while (Records < count)
        {
            await _arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Disconnects.</summary>
    public ValueTask DisposeAsync()
    {
        _client.ApplicationMessageReceivedAsync -= OnMessageAsync;
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs arrived)
    {
        MqttApplicationMessage message = arrived.ApplicationMessage;
        string payload = Encoding.UTF8.GetString(message.Payload);
        lock (_gate)
        {
            _output.WriteLine($"{message.Topic} {payload}");
        }

        Interlocked.Increment(ref _received);
        if (message.Topic.EndsWith("/minute", StringComparison.Ordinal) || message.Topic.Contains("/event/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _records);
            _arrived.Release();
        }

        return Task.CompletedTask;
    }
}
