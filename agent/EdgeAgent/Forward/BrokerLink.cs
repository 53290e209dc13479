using EdgeAgent.Store;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>
/// One connection to the broker: connects, publishes with a time limit, and knows when and why it is over. The library neither throws on
/// a refusal nor ever gives up waiting for an acknowledgement, so both are done here.
/// </summary>
internal sealed class BrokerLink : IDisposable
{
    private readonly SessionContext _context;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private object? _refused;

    public BrokerLink(SessionContext context)
    {
        _context = context;
        Over = _over.Token;
        _client.DisconnectedAsync += OnDisconnectedAsync;
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Over { get; }

    /// <summary>Why it is over; completes before <see cref="Over"/> is cancelled.</summary>
    public Task<SessionEnd> Ended => _ended.Task;

    /// <summary>What the broker said when it accepted us.</summary>
    public MqttClientConnectResult? Accepted { get; private set; }

    /// <summary>Connects; on failure or refusal the link is over.</summary>
    public async Task<bool> ConnectAsync(TimeSpan keepAlive, JournalIdentity journal, CancellationToken cancellationToken)
    {
        byte[] will = _context.States.Status("offline", "connection lost", journal);
        using CancellationTokenSource limit = new(_context.Options.AckTimeout, _context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            MqttClientOptions options = BrokerConnection.Create(
                _context.Options, _context.Info.AgentId, keepAlive, _context.Topics.Status, will, _context.Commands?.Limits.MaxListBytes);
            MqttClientConnectResult result = await _client.ConnectAsync(options, either.Token).ConfigureAwait(false);
            if (result.ResultCode == MqttClientConnectResultCode.Success)
            {
                Accepted = result;
                return true;
            }

            End(Refusal(result));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            End(new SessionEnd(SessionEndKind.Stopped, "stopping"));
        }
        catch (Exception fault) // sockets, TLS, unreadable certificate files: all mean no connection now
        {
            string reason = limit.IsCancellationRequested
                ? $"no answer within {_context.Options.AckTimeout.TotalSeconds:0.#} s"
                : fault.GetBaseException().Message;
            End(new SessionEnd(SessionEndKind.Lost, reason));
        }

        return false;
    }

    /// <summary>Publishes; null when there was no answer, and then the link is over.</summary>
    public async Task<MqttClientPublishResult?> PublishAsync(MqttApplicationMessage message)
    {
        using CancellationTokenSource limit = new(_context.Options.AckTimeout, _context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Over);
        try
        {
            return await _client.PublishAsync(message, either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) // the library throws its own, the socket's and the TLS stream's, a cancellation also as a time-out
        {
            string reason = limit.IsCancellationRequested
                ? $"no acknowledgement within {_context.Options.AckTimeout.TotalSeconds:0.#} s"
                : fault.GetBaseException().Message;
            End(new SessionEnd(SessionEndKind.Lost, reason));
        }

        return null;
    }

    /// <summary>Subscribes to commands; gives the broker's refusal, null when there is none.</summary>
    public async Task<string?> SubscribeAsync(IReadOnlyList<string> filters)
    {
        MqttClientSubscribeOptionsBuilder subscription = new();
        foreach (string filter in filters)
        {
            subscription.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        using CancellationTokenSource limit = new(_context.Options.AckTimeout, _context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Over);
        try
        {
            MqttClientSubscribeResult result = await _client.SubscribeAsync(subscription.Build(), either.Token).ConfigureAwait(false);
            MqttClientSubscribeResultItem? refused = result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2);
            return refused is null ? null : $"{refused.TopicFilter.Topic} refused: {refused.ResultCode}";
        }
        catch (Exception fault) // as with publishing
        {
            End(new SessionEnd(SessionEndKind.Lost, limit.IsCancellationRequested
                ? $"no answer to a subscription within {_context.Options.AckTimeout.TotalSeconds:0.#} s"
                : fault.GetBaseException().Message));
            return null;
        }
    }

    /// <summary>Publishes a retained document; false when the link is over because of it.</summary>
    public async Task<bool> PublishStateAsync(MqttApplicationMessage message)
    {
        MqttClientPublishResult? result = await PublishAsync(message).ConfigureAwait(false);
        if (result is null)
        {
            return false;
        }

        if (IsAccepted(result))
        {
            return true;
        }

        End(Refusal(result, message.Topic));
        return false;
    }

    /// <summary>
    /// What the broker refused on this connection, null when nothing. Some brokers close the connection right behind a refusal: then the
    /// refusal is the reason, whichever of the two was seen first.
    /// </summary>
    public SessionEnd? Refused => Volatile.Read(ref _refused) is { } box ? (SessionEnd)box : null;

    /// <summary>The link is over; the first reason counts.</summary>
    public void End(SessionEnd end)
    {
        if (end.Kind == SessionEndKind.Refused)
        {
            Interlocked.CompareExchange(ref _refused, end, null);
        }

        if (_ended.TrySetResult(end))
        {
            _over.Cancel();
        }
    }

    /// <summary>Says goodbye: a last retained status, then a clean disconnect so that the will is not sent.</summary>
    public async Task CloseAsync(MqttApplicationMessage last, TimeSpan limit)
    {
        using CancellationTokenSource timer = new(limit, _context.Time);
        try
        {
            await _client.PublishAsync(last, timer.Token).ConfigureAwait(false);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), timer.Token).ConfigureAwait(false);
        }
        catch (Exception) // the broker is gone or slow: then its will says offline for us
        {
            return;
        }
    }

    public void Dispose()
    {
        End(new SessionEnd(SessionEndKind.Stopped, "closed"));
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        _client.ApplicationMessageReceivedAsync -= OnMessageAsync;
        _client.Dispose();
        _over.Dispose();
    }

    /// <summary>True when the broker took the message, whoever subscribes.</summary>
    public static bool IsAccepted(MqttClientPublishResult result) =>
        result.ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>What a refused message means for the connection.</summary>
    public static SessionEnd Refusal(MqttClientPublishResult result, string topic)
    {
        bool isPassing = result.ReasonCode is MqttClientPublishReasonCode.QuotaExceeded
            or MqttClientPublishReasonCode.UnspecifiedError or MqttClientPublishReasonCode.ImplementationSpecificError;
        return new SessionEnd(
            isPassing ? SessionEndKind.Lost : SessionEndKind.Refused, $"{topic} refused: {result.ReasonCode}");
    }

    private static SessionEnd Refusal(MqttClientConnectResult result)
    {
        bool isPassing = result.ResultCode is MqttClientConnectResultCode.ServerUnavailable
            or MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.ConnectionRateExceeded
            or MqttClientConnectResultCode.QuotaExceeded or MqttClientConnectResultCode.UnspecifiedError;
        return new SessionEnd(
            isPassing ? SessionEndKind.Lost : SessionEndKind.Refused, $"login refused: {result.ResultCode}");
    }

    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs arrived)
    {
        if (_context.Commands is not { } commands || arrived.ApplicationMessage.Retain)
        {
            return; // a retained command would come again with every connection
        }

        try
        {
            await commands.TakeAsync(CommandArrival.From(arrived.ApplicationMessage, commands.Limits), _context.Stopping).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            return; // the agent stops
        }
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs disconnected)
    {
        if (disconnected.ClientWasConnected)
        {
            bool isTaken = disconnected.Reason == MqttClientDisconnectReason.SessionTakenOver;
            End(isTaken
                ? new SessionEnd(SessionEndKind.Refused, "another client took the session: duplicate client id?")
                : new SessionEnd(SessionEndKind.Lost, Describe(disconnected)));
        }

        return Task.CompletedTask;
    }

    private static string Describe(MqttClientDisconnectedEventArgs disconnected) =>
        disconnected.Exception?.GetBaseException().Message ?? $"the broker disconnected: {disconnected.Reason}";
}
