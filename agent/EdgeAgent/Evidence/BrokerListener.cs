using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Evidence;

/// <summary>Brings to the check what agents publish while it listens. It reads only: no order, no acknowledgement an agent could see.</summary>
/// <param name="broker">The broker.</param>
/// <param name="agent">The agent wanted; <c>+</c> for all.</param>
/// <param name="chain">The check.</param>
/// <param name="say">Told in one line what a person should know.</param>
internal sealed class BrokerListener(MqttOptions broker, string agent, RecordChain chain, Action<string> say)
{
    private const int PacketOverheadBytes = 16 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromMinutes(10); // what comes during a short break of the connection is not missed; over MQTT 3.1.1 it is

    private readonly Lock _gate = new();
    private readonly string _clientId = $"edge-agent-verify-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
    private long _received;

    /// <summary>Listens until <paramref name="end"/>. The first connection must succeed; later ones are made again when they end.</summary>
    /// <exception cref="IOException">There is no connection.</exception>
    public async Task RunAsync(CancellationToken end)
    {
        bool isFirst = true;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(isFirst, end).ConfigureAwait(false);
                isFirst = false;
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (IOException fault) when (!isFirst)
            {
                say(fault.Message);
            }

            await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>One connection, to its end.</summary>
    private async Task ListenAsync(bool isFirst, CancellationToken end)
    {
        using CentreConnection connection = new(broker, TimeProvider.System);
        TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Client.DisconnectedAsync += gone =>
        {
            _ = gone.ClientWasConnected && ended.TrySetResult(gone.Exception?.GetBaseException().Message ?? gone.Reason.ToString());
            return Task.CompletedTask;
        };
        connection.Client.ApplicationMessageReceivedAsync += message =>
        {
            Take(message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        string prefix = $"{broker.TopicPrefix}/{agent}";
        await connection.OpenAsync(
            _clientId,
            new CentreSession(isFirst, SessionExpiry, SignedRecord.MaxBytes + PacketOverheadBytes),
            [$"{prefix}/info", $"{prefix}/minute", $"{prefix}/event/+"],
            end).ConfigureAwait(false);
        say($"listening to {broker.Url}");
        string reason = await ended.Task.WaitAsync(end).ConfigureAwait(false);
        say($"the connection ended: {reason}");
    }

    private void Take(string topic, byte[] payload)
    {
        lock (_gate)
        {
            _received++;
            if (topic.EndsWith("/info", StringComparison.Ordinal))
            {
                Introduce(payload);
            }
            else
            {
                chain.Add(payload, string.Create(CultureInfo.InvariantCulture, $"message {_received}, {topic}"));
            }
        }
    }

    /// <summary>The key of an agent that began before we listened stands nowhere else.</summary>
    private void Introduce(byte[] info)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(info);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("agent", out JsonElement name) && root.TryGetProperty("publicKey", out JsonElement key))
            {
                chain.Introduce(name.GetString() ?? "", key.GetString() ?? "");
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            say("an info is no JSON object and was passed over");
        }
    }
}
