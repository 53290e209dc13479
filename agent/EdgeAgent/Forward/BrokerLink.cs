using EdgeAgent.Configuration;
using EdgeAgent.Store;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>
/// One connection to the broker: connects, publishes with a time limit, and knows when and why it is over. The library neither throws on
/// a refusal nor ever gives up waiting for an acknowledgement, so both are done here.
/// </summary>
internal sealed class BrokerLink : IDisposable
{
    private static readonly SessionEnd Taken = new(SessionEndKind.Duplicate, "another client took the session: duplicate client id?");

    private readonly SessionContext _context;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _broken = new();
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerFiles? _files;
    private BrokerCertificate? _certificate;
    private object? _refused;

    public BrokerLink(SessionContext context)
    {
        _context = context;
        Over = _over.Token;
        _client.DisconnectedAsync += OnDisconnectedAsync;
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
    }

    /// <summary>Cancelled when the connection is over: nothing new is begun. What is under way may still be answered unless it broke.</summary>
    public CancellationToken Over { get; }

    /// <summary>Why it is over; completes before <see cref="Over"/> is cancelled.</summary>
    public Task<SessionEnd> Ended => _ended.Task;

    /// <summary>What the broker said when it accepted us.</summary>
    public MqttClientConnectResult? Accepted { get; private set; }

    /// <summary>Version of the protocol in use.</summary>
    public MqttProtocolVersion Version { get; private set; } = MqttProtocolVersion.V500;

    /// <summary>Connects; on failure or refusal the link is over.</summary>
    public async Task<bool> ConnectAsync(TimeSpan keepAlive, JournalIdentity journal, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(_context.Options.AckTimeout, _context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            _files = BrokerFiles.Read(_context.Broker);
            if (await ConnectAsync(keepAlive, journal, _files, either.Token).ConfigureAwait(false) is not { } result)
            {
                End(new SessionEnd(
                    SessionEndKind.Refused,
                    "the broker speaks MQTT 3.1.1 only, which does not tell whether somebody subscribes (requireSubscriber)"));
            }
            else if (result.ResultCode == MqttClientConnectResultCode.Success)
            {
                Accepted = result;
                return true;
            }
            else
            {
                End(BrokerAnswer.Refusal(result));
            }
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
            End(new SessionEnd(SessionEndKind.Lost, Explain(reason)));
        }

        return false;
    }

    /// <summary>True when the password or a certificate has been renewed since connecting.</summary>
    /// <param name="fault">Why that could not be seen; null when it could.</param>
    public bool HaveFilesChanged(out string? fault)
    {
        fault = null;
        return _files?.HaveChanged(out fault) == true;
    }

    /// <summary>
    /// Publishes; null when there was no answer, and then the link is over. The library writes a message in two pieces: a token that
    /// stopped it between them would make the next message the rest of this one, so it gets none, and whoever waits goes away instead.
    /// </summary>
    public async Task<MqttClientPublishResult?> PublishAsync(MqttApplicationMessage message)
    {
        try
        {
            return await _client.PublishAsync(message, CancellationToken.None)
                .WaitAsync(_context.Options.AckTimeout, _context.Time, _broken.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            End(new SessionEnd(
                SessionEndKind.Lost, $"no acknowledgement within {_context.Options.AckTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception fault) // the library throws its own, the socket's and the TLS stream's
        {
            bool isTaken = fault.GetBaseException() is MqttClientUnexpectedDisconnectReceivedException
            {
                ReasonCode: MqttDisconnectReasonCode.SessionTakenOver,
            };
            End(isTaken ? Taken : new SessionEnd(SessionEndKind.Lost, fault.GetBaseException().Message));
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

        try
        {
            MqttClientSubscribeResult result = await _client.SubscribeAsync(subscription.Build(), CancellationToken.None)
                .WaitAsync(_context.Options.AckTimeout, _context.Time, _broken.Token).ConfigureAwait(false);
            MqttClientSubscribeResultItem? refused = result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2);
            return refused is null ? null : $"{refused.TopicFilter.Topic} refused: {refused.ResultCode}";
        }
        catch (TimeoutException)
        {
            End(new SessionEnd(SessionEndKind.Lost, $"no answer to a subscription within {_context.Options.AckTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception fault) // as with publishing
        {
            End(new SessionEnd(SessionEndKind.Lost, fault.GetBaseException().Message));
        }

        return null;
    }

    /// <summary>Publishes a retained document; false when the link is over because of it.</summary>
    public async Task<bool> PublishStateAsync(MqttApplicationMessage message)
    {
        MqttClientPublishResult? result = await PublishAsync(message).ConfigureAwait(false);
        if (result is null)
        {
            return false;
        }

        if (BrokerAnswer.IsAccepted(result))
        {
            return true;
        }

        End(BrokerAnswer.Refusal(result, message.Topic));
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

        bool isFirst = _ended.TrySetResult(end);
        if (end.Kind is not (SessionEndKind.Stopped or SessionEndKind.Renew))
        {
            _broken.Cancel(); // no answer will come any more
        }

        if (isFirst)
        {
            _over.Cancel();
        }
    }

    /// <summary>Says goodbye: a last retained status if there is one, then a clean disconnect so that the will is not sent.</summary>
    public async Task CloseAsync(MqttApplicationMessage? last, TimeSpan limit)
    {
        try
        {
            if (last is not null)
            {
                await _client.PublishAsync(last, CancellationToken.None).WaitAsync(limit, _context.Time, _broken.Token).ConfigureAwait(false);
            }

            using CancellationTokenSource timer = new(limit, _context.Time);
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
        _broken.Cancel();
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        _client.ApplicationMessageReceivedAsync -= OnMessageAsync;
        _client.Dispose();
        _files?.Dispose();
        _over.Dispose(); // not _broken: a message still under way may end it once more
    }

    /// <summary>One connect, or two: with MQTT 3.1.1 where the broker says that it does not speak 5; null when that is of no use.</summary>
    private async Task<MqttClientConnectResult?> ConnectAsync(
        TimeSpan keepAlive, JournalIdentity journal, BrokerFiles files, CancellationToken cancellationToken)
    {
        byte[] will = _context.States.Status("offline", "connection lost", journal);
        BrokerOptions broker = _context.Broker;
        Version = broker.Protocol == "3.1.1" ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
        while (true)
        {
            _certificate = new BrokerCertificate(new Uri(broker.Url).DnsSafeHost, files.Authorities, _context.Time.GetUtcNow());
            MqttClientOptions options = BrokerConnection.Create(_context, Version, keepAlive, will, files, _certificate);
            MqttClientConnectResult result = await _client.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
            if (!BrokerAnswer.IsTooNew(result) || Version == MqttProtocolVersion.V311 || broker.Protocol != "auto")
            {
                return result;
            }

            if (broker.RequireSubscriber)
            {
                return null;
            }

            Version = MqttProtocolVersion.V311;
        }
    }

    /// <summary>
    /// What TLS alone does not say: whose certificate was refused and why. Under TLS 1.3 a broker refuses ours only after the handshake,
    /// which looks like a broken connection.
    /// </summary>
    private string Explain(string reason) =>
        _certificate?.Fault
        ?? (_certificate?.IsAccepted != true ? reason
            : _files?.ClientCertificate is null ? $"{reason} (behind the TLS handshake: the broker may want tls.clientCertificateFile)"
            : $"{reason} (behind the TLS handshake: the broker may not accept tls.clientCertificateFile)");

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
                ? Taken
                : new SessionEnd(SessionEndKind.Lost, Describe(disconnected)));
        }

        return Task.CompletedTask;
    }

    private static string Describe(MqttClientDisconnectedEventArgs disconnected) =>
        disconnected.Exception?.GetBaseException().Message ?? $"the broker disconnected: {disconnected.Reason}";
}
