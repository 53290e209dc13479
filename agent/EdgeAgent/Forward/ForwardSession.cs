using EdgeAgent.Store;
using MQTTnet;

namespace EdgeAgent.Forward;

/// <summary>One connection's work: retained state, then records and totals until the link is over or the agent stops.</summary>
internal sealed class ForwardSession(SessionContext context, TimeSpan keepAlive) : IDisposable
{
    private const int RecordsAtOnce = 20;
    private const int TotalsAtOnce = 64;
    private const int PacketOverheadBytes = 1_024; // topic, properties and header around a payload

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(1);

    private readonly BrokerLink _link = new(context);
    private readonly IJournal _journal = context.Journal;
    private SendSlots _slots = new(1, context.Board);
    private byte[] _info = [];
    private JournalIdentity _identity = context.Journal.Identity;
    private volatile bool _isHeld;
    private volatile Task _farewell = Task.CompletedTask;

    /// <summary>The broker accepted the connection.</summary>
    public bool IsAccepted => _link.Accepted is not null;

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
        ForwardLog.Connected(context.Logger, BrokerConnection.Describe(context.Options), _journal.Status.Depth);
        using (stopping.Register(() => _ = StopLaterAsync()))
        {
            await AnnounceAsync().ConfigureAwait(false);
            Task commands = context.Commands is null ? Task.CompletedTask : new CommandSession(context, _link, context.Commands, _slots).RunAsync();
            await Task.WhenAll(PumpAsync(stopping), SendHealthAsync(), commands).ConfigureAwait(false);
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

    public void Dispose() => _link.Dispose();

    /// <summary>Takes over the broker's limits; false when they need another connection.</summary>
    private bool Agree()
    {
        MqttClientConnectResult accepted = _link.Accepted!;
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
    }

    /// <summary>Sends <c>info</c> when this connection has not, or a reload has changed it: the centre must know which trunks are counted.</summary>
    private async Task SendInfoAsync()
    {
        byte[] info = context.States.Info(context.InfoNow(), _identity, _journal.Status.ReachedDays);
        if (!info.AsSpan().SequenceEqual(_info))
        {
            _info = info;
            await _link.PublishStateAsync(Messages.Create(context.Topics.Info, info, context.Info.AgentId, isRetained: true))
                .ConfigureAwait(false);
        }
    }

    private async Task StopLaterAsync()
    {
        _farewell = _link.PublishStateAsync(Status("stopping", "stopping"));
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
            await _farewell.ConfigureAwait(false);
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

        MqttApplicationMessage message = Messages.Create(topic, record.Payload, context.Info.AgentId, isRetained: false);
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
        if (isUnheard && context.Options.RequireSubscriber)
        {
            _isHeld = true;
            context.Board.Held("nobody subscribes");
        }
        else if (BrokerLink.IsAccepted(result))
        {
            context.Board.Held(null);
            context.Board.Acknowledged();
            _journal.Acknowledge(record);
        }
        else
        {
            _link.End(BrokerLink.Refusal(result, topic));
        }
    }

    private async Task<bool> SendTotalsAsync()
    {
        IReadOnlyList<NumberTotal> totals = await _journal.TakeChangedTotalsAsync(TotalsAtOnce, _link.Over).ConfigureAwait(false);
        for (int i = 0; i < totals.Count; i++)
        {
            try
            {
                await _slots.TakeAsync(_link.Over).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await GiveBackAsync(totals.Skip(i)).ConfigureAwait(false);
                throw;
            }

            _ = SendAsync(totals[i]);
        }

        return totals.Count > 0;
    }

    private async Task SendAsync(NumberTotal total)
    {
        string topic = context.Topics.Number(total.Topic);
        MqttApplicationMessage message = total.Counters is null
            ? Messages.CreateClearing(topic)
            : Messages.Create(topic, context.States.Number(total, total.Counters), context.Info.AgentId, isRetained: true);
        bool isSent = await _link.PublishStateAsync(message).ConfigureAwait(false);
        if (!isSent)
        {
            await GiveBackAsync([total]).ConfigureAwait(false);
        }
        else if (total.Counters is null)
        {
            await SettleTotalAsync(total, isSent: true).ConfigureAwait(false);
        }

        _slots.Free();
    }

    private async Task GiveBackAsync(IEnumerable<NumberTotal> totals)
    {
        foreach (NumberTotal total in totals)
        {
            await SettleTotalAsync(total, isSent: false).ConfigureAwait(false);
        }
    }

    private async Task SettleTotalAsync(NumberTotal total, bool isSent)
    {
        try
        {
            await _journal.SettleTotalAsync(total, isSent, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or ObjectDisposedException)
        {
            return; // after the next start the totals of the day are sent again anyway
        }
    }

    private async Task SendHealthAsync()
    {
        while (!_link.Over.IsCancellationRequested)
        {
            await SendInfoAsync().ConfigureAwait(false);
            byte[] health = context.States.Health(
                _journal.Status, context.Board.Current, context.HealthSources, context.Time.GetUtcNow());
            await _link.PublishAsync(Messages.CreateUnconfirmed(context.Topics.Health, health, context.Info.AgentId))
                .ConfigureAwait(false);
            await Pause(context.Timing.HealthInterval, _link.Over).ConfigureAwait(false);
        }
    }

    private SendPlan NewPlan()
    {
        StoreStatus status = _journal.Status;
        return new SendPlan(status.AcknowledgedSeq, status.LastSeq);
    }

    private MqttApplicationMessage Status(string state, string? reason) => Messages.Create(
        context.Topics.Status, context.States.Status(state, reason, _identity), context.Info.AgentId, isRetained: true);

    private async Task Pause(TimeSpan length, CancellationToken cancellationToken) =>
        await Task.Delay(length, context.Time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
