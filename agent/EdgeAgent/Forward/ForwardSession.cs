using EdgeAgent.Store;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeAgent.Forward;

/// <summary>One connection's work: retained state, then records and totals until the link is over or the agent stops.</summary>
/// <param name="context">What it works with.</param>
/// <param name="keepAlive">Longest silence.</param>
/// <param name="isOtherBroker">The last connection was to another broker: this one has missed totals.</param>
internal sealed partial class ForwardSession(SessionContext context, TimeSpan keepAlive, bool isOtherBroker) : IDisposable
{
    private const int RecordsAtOnce = 20;
    private const int PacketOverheadBytes = 1_024; // topic, properties and header around a payload

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(1);

    private readonly BrokerLink _link = new(context);
    private readonly IJournal _journal = context.Journal;
    private SendSlots _slots = new(1, context.Board);
    private byte[] _info = [];
    private JournalIdentity _identity = context.Journal.Identity;
    private volatile bool _isHeld;
    private Task? _farewell;
    private long? _acceptedAt;
    private Messages _messages = new(context.Info.AgentId, context.Options.MessageExpiry, isFive: true);

    /// <summary>How long ago the broker accepted the connection; null when it did not.</summary>
    public TimeSpan? Lasted => _acceptedAt is long at ? context.Time.GetElapsedTime(at) : null;

    /// <summary>A smaller keep-alive the broker asked for; null when it asked for none.</summary>
    public TimeSpan? KeepAliveWanted { get; private set; }

    /// <summary>Runs until the connection ends.</summary>
    /// <param name="stopping">The agent stops: goes on for a moment to send what there is, then says offline.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        if (!await _link.ConnectAsync(keepAlive, _identity, stopping).ConfigureAwait(false) || !Agree())
        {
            return await _link.Ended.ConfigureAwait(false);
        }

        context.Board.Connected();
        ForwardLog.Connected(context.Logger, context.BrokerName, _journal.Status.Depth);
        using (stopping.Register(() => _ = StopLaterAsync()))
        {
            await AnnounceAsync().ConfigureAwait(false);
            Task commands = context.Commands is null || _link.Version != MqttProtocolVersion.V500 // of 3.1.1 nothing bounds what the broker delivers
                ? Task.CompletedTask
                : new CommandSession(context, _link, context.Commands, _slots, _messages).RunAsync();
            await Task.WhenAll(PumpAsync(stopping), SendHealthAsync(), WatchFilesAsync(), commands).ConfigureAwait(false);
        }

        SessionEnd end = await _link.Ended.ConfigureAwait(false);
        await _slots.SettleAsync(SettleLimit).ConfigureAwait(false);
        if (end.Kind == SessionEndKind.Lost)
        {
            return _link.Refused ?? end;
        }

        if (end.Kind is SessionEndKind.Stopped or SessionEndKind.Renew)
        {
            string reason = end.Kind == SessionEndKind.Stopped ? "stopped" : end.Reason;
            await _link.CloseAsync(Status("offline", reason), SettleLimit).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>Ends it gracefully, so that another connection can begin. Any thread.</summary>
    public void Renew(string reason) => _link.End(new SessionEnd(SessionEndKind.Renew, reason));

    public void Dispose() => _link.Dispose();

    /// <summary>Takes over the broker's limits; false when they need another connection.</summary>
    private bool Agree()
    {
        MqttClientConnectResult accepted = _link.Accepted!;
        _acceptedAt = context.Time.GetTimestamp();
        _messages = new Messages(context.Info.AgentId, context.Options.MessageExpiry, _link.Version == MqttProtocolVersion.V500);
        int wanted = accepted.ReceiveMaximum is ushort maximum and > 0 ? maximum : ushort.MaxValue; // the library gives 0 for "not said"
        _slots = new SendSlots(Math.Min(context.Options.InFlight, wanted), context.Board);
        TimeSpan asked = TimeSpan.FromSeconds(accepted.ServerKeepAlive);
        if (asked > TimeSpan.Zero && asked < keepAlive)
        {
            KeepAliveWanted = asked; // the library ignores it, and the broker would cut us off
            _link.End(new SessionEnd(SessionEndKind.Renew, "the broker asks for a shorter keep-alive"));
            return false;
        }

        return true;
    }

    private async Task AnnounceAsync()
    {
        if (await _link.PublishStateAsync(Status("online", null)).ConfigureAwait(false))
        {
            await SendInfoAsync().ConfigureAwait(false);
        }

        if (isOtherBroker || !_link.Accepted!.IsSessionPresent) // where our session is gone, retained messages may be gone too
        {
            await MarkTotalsAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends <c>info</c> when this connection has not, or a reload has changed it: the centre must know which trunks are counted.</summary>
    private async Task SendInfoAsync()
    {
        byte[] info = context.States.Info(context.InfoNow(), _identity, _journal.Status.ReachedDays);
        if (!info.AsSpan().SequenceEqual(_info))
        {
            _info = info;
            await _link.PublishStateAsync(_messages.State(context.Topics.Info, info)).ConfigureAwait(false);
        }
    }

    /// <summary>A stop goes on sending for a moment and no longer.</summary>
    private async Task StopLaterAsync()
    {
        await Pause(context.Timing.StopLimit, _link.Over).ConfigureAwait(false);
        _link.End(new SessionEnd(SessionEndKind.Stopped, "stopping"));
    }

    private async Task PumpAsync(CancellationToken stopping)
    {
        using CancellationTokenSource wake = CancellationTokenSource.CreateLinkedTokenSource(stopping, _link.Over);
        SendPlan plan = NewPlan();
        while (!_link.Over.IsCancellationRequested)
        {
            try
            {
                plan = await StepAsync(plan, stopping.IsCancellationRequested, wake.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                continue; // stopping, or the link is over: the loop's condition tells which
            }
            catch (StoreUnavailableException)
            {
                await Pause(StorePause, _link.Over).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                _link.End(new SessionEnd(SessionEndKind.Stopped, "the store is closed"));
            }
        }
    }

    private async Task<SendPlan> StepAsync(SendPlan plan, bool isStopping, CancellationToken wake)
    {
        if (_journal.Identity.Epoch != _identity.Epoch)
        {
            _link.End(new SessionEnd(SessionEndKind.Renew, "a new epoch began"));
            return plan;
        }

        if (isStopping)
        {
            _farewell ??= _link.PublishStateAsync(Status("stopping", "stopping"));
        }

        plan.Extend(_journal.Status.LastSeq);
        bool hasSentRecords = await SendRecordsAsync(plan).ConfigureAwait(false);
        bool hasSentTotals = await SendTotalsAsync().ConfigureAwait(false);
        if (_isHeld && !isStopping)
        {
            await Pause(context.Timing.HeldPause, wake).ConfigureAwait(false);
            await _slots.SettleAsync(context.Options.AckTimeout).ConfigureAwait(false);
            _isHeld = false;
            return NewPlan();
        }

        if (_isHeld || (!hasSentRecords && !hasSentTotals))
        {
            await WaitForWorkAsync(isStopping, wake).ConfigureAwait(false);
        }

        return plan;
    }

    private async Task WaitForWorkAsync(bool isStopping, CancellationToken wake)
    {
        if (isStopping)
        {
            await _farewell!.ConfigureAwait(false);
            await _slots.SettleAsync(context.Timing.StopLimit).ConfigureAwait(false);
            _link.End(new SessionEnd(SessionEndKind.Stopped, "stopping"));
        }
        else if (await _journal.Appended.WaitToReadAsync(wake).ConfigureAwait(false))
        {
            _journal.Appended.TryRead(out _);
        }
        else
        {
            _link.End(new SessionEnd(SessionEndKind.Stopped, "the store is closed"));
        }
    }

    private async Task<bool> SendRecordsAsync(SendPlan plan)
    {
        SendRange range = plan.Next();
        if (range.IsEmpty || _isHeld)
        {
            return false;
        }

        IReadOnlyList<JournalRecord> records =
            await _journal.ReadUnsentAsync(range.First - 1, RecordsAtOnce, _link.Over).ConfigureAwait(false);
        bool isBeyond = records.Count == 0 || records[0].Seq > range.Last;
        if (isBeyond)
        {
            plan.Advance(range, range.Last); // acknowledged before, or summed into a tombstone meanwhile
        }

        foreach (JournalRecord record in records.Where(record => record.Seq <= range.Last))
        {
            await _slots.TakeAsync(_link.Over).ConfigureAwait(false);
            plan.Advance(range, record.Seq);
            _ = SendAsync(record);
        }

        return true;
    }

    private async Task SendAsync(JournalRecord record)
    {
        string topic = context.Topics.Record(record.TopicSuffix);
        if (_link.Accepted!.MaximumPacketSize is uint limit and > 0 && record.Payload.Length + PacketOverheadBytes > limit)
        {
            _link.End(new SessionEnd(
                SessionEndKind.Refused,
                $"the broker takes at most {limit} bytes and record {record.Seq} has {record.Payload.Length}: lower store.maxRecordBytes"));
            _slots.Free();
            return;
        }

        MqttApplicationMessage message = _messages.Record(topic, record.Payload);
        MqttClientPublishResult? result = await _link.PublishAsync(message).ConfigureAwait(false);
        if (result is not null)
        {
            Settle(record, result, topic);
        }

        _slots.Free();
    }

    private void Settle(in JournalRecord record, MqttClientPublishResult result, string topic)
    {
        bool isUnheard = result.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers;
        if (isUnheard && context.Broker.RequireSubscriber)
        {
            _isHeld = true;
            context.Board.Held("nobody subscribes");
        }
        else if (BrokerAnswer.IsAccepted(result))
        {
            context.Board.Held(null);
            context.Board.Acknowledged();
            _journal.Acknowledge(record);
        }
        else
        {
            _link.End(BrokerAnswer.Refusal(result, topic));
        }
    }

    private async Task SendHealthAsync()
    {
        while (!_link.Over.IsCancellationRequested)
        {
            await SendInfoAsync().ConfigureAwait(false);
            byte[] health = context.States.Health(
                _journal.Status, context.Board.Current, context.HealthSources, context.Time.GetUtcNow());
            await _link.PublishAsync(_messages.Health(context.Topics.Health, health)).ConfigureAwait(false);
            await Pause(context.Timing.HealthInterval, _link.Over).ConfigureAwait(false);
        }
    }

    private SendPlan NewPlan()
    {
        StoreStatus status = _journal.Status;
        return new SendPlan(status.AcknowledgedSeq, status.LastSeq);
    }

    /// <summary>Renewed password and certificates make a new connection; half a renewal is waited out.</summary>
    private async Task WatchFilesAsync()
    {
        string? told = null;
        while (true)
        {
            await Pause(context.Timing.FileLook, _link.Over).ConfigureAwait(false);
            if (_link.Over.IsCancellationRequested)
            {
                return;
            }

            if (_link.HaveFilesChanged(out string? fault))
            {
                Renew("password or certificates were renewed");
            }
            else if (fault is not null && fault != told)
            {
                ForwardLog.FilesUnreadable(context.Logger, fault);
            }

            told = fault;
        }
    }

    private MqttApplicationMessage Status(string state, string? reason) =>
        _messages.State(context.Topics.Status, context.States.Status(state, reason, _identity));

    private async Task Pause(TimeSpan length, CancellationToken cancellationToken) =>
        await Task.Delay(length, context.Time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
