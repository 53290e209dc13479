using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// All calls in memory: finds the call a message belongs to, turns the message into signals of <see cref="CallMachine"/>, keeps
/// deadlines, and tells the observer. Seeing a message twice, from whatever source and however late, changes nothing.
/// Not thread-safe: one signalling thread.
/// </summary>
public sealed partial class CallTable
{
    private readonly TrunkTable _trunks;
    private readonly HostRoles _roles;
    private readonly CallLimits _limits;
    private readonly IPartyReader _parties;
    private readonly ICallObserver _observer;
    private readonly ICallTrace? _trace;
    private readonly CallIndex _index = new();
    private readonly DeadlineWheel _wheel = new();
    private readonly EarlyResponses _early = new();
    private readonly Queue<Call> _undecided = new();
    private readonly Queue<Call> _secondLook = new();
    private DateTimeOffset _blindEndedAt;
    private bool _isReplaying;

    /// <summary>Makes an empty table.</summary>
    public CallTable(
        TrunkTable trunks, HostRoles roles, CallLimits limits, IPartyReader parties, ICallObserver observer, ICallTrace? trace = null)
    {
        _trunks = trunks;
        _roles = roles;
        _limits = limits;
        _parties = parties;
        _observer = observer;
        _trace = trace;
        _transfers = new TransferMemory(limits.MaxTransfers, limits.Transaction);
        _lines = new AgentLines(limits.RoleHorizon, limits.MaxDialled);
        _cameIn = new RecentTimes<(E164Number Number, ulong Person)>(ForwardingWindow, limits.MaxForwards);
    }

    /// <summary>Latest packet time seen: time in here never runs back.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Attempts neither refused nor ended.</summary>
    public int ActiveCalls { get; private set; }

    /// <summary>Messages that repeat one already seen of the same call.</summary>
    public long Retransmissions { get; private set; }

    /// <summary>Responses to an INVITE or a BYE of calls whose INVITE was not seen.</summary>
    public long OrphanResponses { get; private set; }

    /// <summary>BYEs of calls whose INVITE was not seen, their copies included.</summary>
    public long OrphanByes { get; private set; }

    /// <summary>Calls forgotten because the table was full.</summary>
    public long Evictions { get; private set; }

    /// <summary>Transfers, inbound calls that may be sent on, and what phones dialled, forgotten because too many were remembered.</summary>
    public long Forgotten => _transfers.Forgotten + _cameIn.Forgotten + _lines.Forgotten;

    /// <summary>Between whom the last message passed.</summary>
    public Hop LastHop { get; private set; }

    /// <summary>Takes one message.</summary>
    /// <param name="message">Parsed message; nothing of it is kept but copies.</param>
    /// <param name="source">Sender.</param>
    /// <param name="destination">Receiver.</param>
    /// <param name="at">Packet time.</param>
    public void OnMessage(in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        Advance(at);
        if (_trace is null || !_trace.Follows(message.CallId))
        {
            Take(message, source, destination, at);
        }
        else
        {
            TakeAndTell(_trace, message, source, destination, at);
        }
    }

    private void Take(in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        Hop hop = Hop.Of(_trunks, source, destination);
        LastHop = hop;
        if (message.Method == SipMethod.Register)
        {
            Note(CallNote.Registration);
            if (message.StatusCode is >= 200 and < 300)
            {
                _roles.OnRegistered(registrant: destination.Address, registrar: source.Address);
            }

            return;
        }

        if (message.IsRequest)
        {
            OnRequest(message, hop, at);
        }
        else
        {
            OnResponse(message, hop, at);
        }
    }

    /// <summary>Time has come to <paramref name="now"/>: fires every deadline up to it. Going back in time does nothing.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (now <= Now)
        {
            return;
        }

        Now = now;
        OrphanResponses += _early.Expire(now);
        while (_wheel.TakeDue(now) is { } call)
        {
            OnDeadline(call);
        }

        DecideRoles(now);
    }

    /// <summary>Nothing more will come: closes every call with <paramref name="evidence"/>.</summary>
    public void Close(EndEvidence evidence)
    {
        OrphanResponses += _early.Clear();
        DecideRoles(DateTimeOffset.MaxValue);
        foreach (Call call in _index.All.OrderBy(call => call.Start).ToList())
        {
            Abandon(call, evidence);
        }
    }

    private void Abandon(Call call, EndEvidence evidence)
    {
        if (call.State != CallState.Ended)
        {
            EndWithoutMessage(call, CallSignal.Abandoned, evidence, Now);
        }

        Forget(call);
    }

    private void Forget(Call call)
    {
        _wheel.Remove(call);
        _index.Remove(call);
    }

    /// <summary>Runs the machine and reports; the one place where a call changes state.</summary>
    private void Step(Call call, CallSignal signal, DateTimeOffset at)
    {
        CallState before = call.State;
        CallStep step = CallMachine.Next(before, signal);
        call.State = step.State;
        if (before == CallState.Answered && step.State != CallState.Answered)
        {
            call.DownAt = at;
            _observer.OnUpChanged(call, at, isUp: false);
        }

        switch (step.Report)
        {
            case CallReport.Started:
                ActiveCalls += call.IsCounted ? 1 : 0;
                break;
            case CallReport.Rang when call.RangAt == default:
                call.RangAt = at;
                break;
            case CallReport.WasAnswered:
                call.AnsweredAt = at;
                call.Disposition = Metrics.Disposition.Answered;
                _observer.OnAnswered(call);
                break;
            case CallReport.WasRefused:
                OnRefused(call, at);
                break;
            case CallReport.EndedByBye or CallReport.EndedUnknown:
                _observer.OnEnded(call, at);
                OnClosed(call);
                break;
            case CallReport.LeftOpen:
                OnClosed(call);
                break;
            case CallReport.Forget:
                Forget(call);
                break;
        }

        if (before != CallState.Answered && step.State == CallState.Answered)
        {
            _observer.OnUpChanged(call, before == CallState.Ending ? call.DownAt : at, isUp: true); // it had never ended
        }

        if (_trace is not null && _trace.Follows(call.CallId))
        {
            _trace.OnStep(call, signal, before, step, at);
        }
    }

    private void OnRefused(Call call, DateTimeOffset at)
    {
        call.Disposition = FinalResponse.DispositionOf(call.Status, call.RangAt != default, call.IsNetworkBlock);
        _observer.OnRefused(call, at);
        OnClosed(call);
    }

    private void OnClosed(Call call)
    {
        ActiveCalls -= call.IsCounted ? 1 : 0;
        _wheel.Arm(call, Now + _limits.EndedMemory);
        if (!call.IsUndecided)
        {
            _observer.OnClosed(call); // else once its direction is known
        }
    }

    /// <summary>
    /// A call that is not internal at first sight is looked at once more: the first calls of a capture go through hosts whose part only
    /// later calls show.
    /// </summary>
    private void DecideRoles(DateTimeOffset now)
    {
        while (_undecided.TryPeek(out Call? call) && now - call.Start >= _limits.RoleHorizon)
        {
            DecideRole(_undecided.Dequeue(), isLastLook: false);
        }

        while (_secondLook.TryPeek(out Call? call) && now - call.Start >= 2 * _limits.RoleHorizon)
        {
            DecideRole(_secondLook.Dequeue(), isLastLook: true);
        }
    }

    /// <summary>Calls that the table has evicted wait too: past its size the oldest are judged by what is known.</summary>
    private void BoundUndecided()
    {
        if (_undecided.Count + _secondLook.Count > _limits.MaxCalls)
        {
            DecideRole((_secondLook.Count > 0 ? _secondLook : _undecided).Dequeue(), isLastLook: true);
        }
    }

    private void DecideRole(Call call, bool isLastLook)
    {
        Call? overTrunk = _index.Find(call.CallId);
        while (overTrunk is not null && overTrunk.Trunk < 0)
        {
            overTrunk = overTrunk.NextSameCallId;
        }

        CallDirection direction = _roles.Decide(call, overTrunk, _limits.RoleHorizon);
        if (!isLastLook && direction != CallDirection.Internal)
        {
            _secondLook.Enqueue(call);
            return;
        }

        call.Direction = direction;
        call.IsUndecided = false;
        _observer.OnRoleDecided(call);
        if (call.State == CallState.Ended)
        {
            _observer.OnClosed(call);
        }
    }
}
