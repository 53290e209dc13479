using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Commands;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeAgent.Collect;

/// <summary>One order to be sent by hand.</summary>
internal sealed record OrderRequest
{
    /// <summary>Name of the command.</summary>
    public required string Name { get; init; }

    /// <summary>Agent id, or <c>all</c>.</summary>
    public required string Agent { get; init; }

    /// <summary>One JSON object.</summary>
    public required ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>The broker.</summary>
    public required MqttOptions Broker { get; init; }

    /// <summary>First levels of command topics.</summary>
    public required string CommandPrefix { get; init; }

    /// <summary>From issue to expiry.</summary>
    public required TimeSpan Validity { get; init; }

    /// <summary>How long to wait for replies.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <summary>Sends an order and gives its replies as they come.</summary>
internal static class OrderSender
{
    private const int MaxReplies = 10_000;
    private const int MaxReplyBytes = 256 * 1024;

    /// <summary>Sends; ends with the reply of a single agent, or when the time is over.</summary>
    /// <exception cref="IOException">The broker cannot be reached or refuses.</exception>
    public static async IAsyncEnumerable<string> SendAsync(
        OrderRequest request, ECDsa? key, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Orders orders = new(request.CommandPrefix, key, time);
        (MqttApplicationMessage order, string nonce) = orders.Create(request.Name, request.Agent, request.Validity, request.Arguments);
        Channel<string> replies = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxReplies) { FullMode = BoundedChannelFullMode.DropWrite });
        byte[] correlation = Encoding.UTF8.GetBytes(nonce);
        using CentreConnection connection = new(request.Broker, time);
        IMqttClient client = connection.Client;
        client.ApplicationMessageReceivedAsync += arrived =>
        {
            MqttApplicationMessage message = arrived.ApplicationMessage;
            if (!message.Retain && message.CorrelationData is { } data && data.AsSpan().SequenceEqual(correlation))
            {
                replies.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload.ToArray()));
            }

            return Task.CompletedTask;
        };
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await OpenAsync(connection, request, cancellationToken).ConfigureAwait(false);
        if (connection.Version != MqttProtocolVersion.V500)
        {
            throw new IOException("the broker speaks MQTT 3.1.1 only, over which agents take no orders");
        }

        limit.CancelAfter(request.Timeout);
        MqttClientPublishResult sent = await client.PublishAsync(order, cancellationToken).ConfigureAwait(false);
        if (!sent.IsSuccess)
        {
            throw new IOException($"the broker refused the order: {sent.ReasonCode}");
        }

        while (await NextAsync(replies.Reader, limit.Token, cancellationToken).ConfigureAwait(false) is string reply)
        {
            yield return reply;
            if (request.Agent != CommandNames.Fleet)
            {
                break;
            }
        }
    }

    private static Task OpenAsync(CentreConnection connection, OrderRequest request, CancellationToken cancellationToken)
    {
        string target = request.Agent == CommandNames.Fleet ? "+" : request.Agent;
        return connection.OpenAsync(
            $"edge-agent-order-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}",
            new CentreSession(IsNew: true, TimeSpan.Zero, MaxReplyBytes),
            [$"{request.Broker.TopicPrefix}/{target}/reply/{request.Name}"],
            cancellationToken);
    }

    /// <summary>The next reply; null when the time for them is over.</summary>
    private static async Task<string?> NextAsync(ChannelReader<string> replies, CancellationToken limit, CancellationToken stopping)
    {
        try
        {
            return await replies.ReadAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }
}
