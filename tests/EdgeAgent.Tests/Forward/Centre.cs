using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Tests.Store;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>The centre's side of commands: a key, and a client that sends and keeps every reply.</summary>
internal sealed class Centre : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<(string Topic, string Correlation, JsonElement Reply)> _replies = new();

    private Centre()
    {
        EvidenceKey.TryRead(Key.ExportSubjectPublicKeyInfoPem(), out EvidenceKey? read).ShouldBeTrue();
        (PublicKey, Fingerprint) = (read!.Text, read.Fingerprint);
        read.Dispose();
    }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicKey { get; }

    public string Fingerprint { get; }

    /// <summary>Everything that came back.</summary>
    public IReadOnlyList<(string Topic, string Correlation, JsonElement Reply)> Replies => [.. _replies];

    public static async Task<Centre> StartAsync(int port)
    {
        Centre centre = new();
        centre._client.ApplicationMessageReceivedAsync += arrived =>
        {
            MqttApplicationMessage message = arrived.ApplicationMessage;
            string correlation = message.CorrelationData is { } data ? Encoding.UTF8.GetString(data) : "";
            centre._replies.Enqueue((message.Topic, correlation, Samples.Json(System.Buffers.BuffersExtensions.ToArray(message.Payload))));
            return Task.CompletedTask;
        };
        await centre._client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId($"orders-{Guid.NewGuid():N}").Build(),
            TestContext.Current.CancellationToken);
        await centre._client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter("edgeagent/v1/+/reply/+", MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter("centre/#", MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            TestContext.Current.CancellationToken);
        return centre;
    }

    public static CommandEnvelope Command(string name, string arguments = "{}", string agent = TemporaryStore.AgentId) => new()
    {
        Command = name,
        Agent = agent,
        Nonce = CommandWriter.NewNonce(),
        IssuedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5),
        Arguments = Encoding.UTF8.GetBytes(arguments),
    };

    public byte[] Sign(CommandEnvelope command) => CommandWriter.Write(command, Key);

    public async Task SendAsync(string name, byte[] payload, string? responseTopic = null, string? correlation = null, string target = TemporaryStore.AgentId)
    {
        MqttApplicationMessageBuilder message = new MqttApplicationMessageBuilder()
            .WithTopic($"edgeagent/v1c/{target}/{name}")
            .WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (responseTopic is not null)
        {
            message.WithResponseTopic(responseTopic);
        }

        if (correlation is not null)
        {
            message.WithCorrelationData(Encoding.UTF8.GetBytes(correlation));
        }

        await _client.PublishAsync(message.Build(), TestContext.Current.CancellationToken);
    }

    public Task SendAsync(CommandEnvelope command) =>
        SendAsync(command.Command, Sign(command), target: command.Agent);

    /// <summary>Forgets what came back so far.</summary>
    public void Forget() => _replies.Clear();

    /// <summary>Waits for the reply number <paramref name="number"/> (from 1) and gives it.</summary>
    public async Task<JsonElement> ReplyAsync(int number = 1)
    {
        await Eventually.TrueAsync(() => _replies.Count >= number, $"reply {number}");
        return Replies[number - 1].Reply;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        Key.Dispose();
        return ValueTask.CompletedTask;
    }
}
