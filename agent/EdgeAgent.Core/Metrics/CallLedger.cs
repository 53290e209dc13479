using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>Turns what happens to calls into counters and events: one place where figures move. Not thread-safe: one signalling thread.</summary>
public sealed class CallLedger : ICallObserver
{
    private static readonly NumberKey UndeterminedSide = new(default, "undetermined");
    private readonly MinuteLedger _minutes;
    private readonly DayCallees _callees;
    private readonly TrunkTable _trunks;
    private readonly HostRoles _roles;
    private readonly CallGuards _guards;
    private readonly ParisDay _paris = new();
    private readonly ILedgerOutput _output;
    private readonly HashSet<UInt128> _unlistedCarriers = [];
    private readonly FailoverMemory _failovers;
    private readonly int _maxCarriers;
    private long _carriersUntold;
    private DateOnly _unlistedDay;

    /// <summary>Joins the parts.</summary>
    public CallLedger(
        MinuteLedger minutes,
        DayCallees callees,
        TrunkTable trunks,
        HostRoles roles,
        PersonNames persons,
        CallGuards guards,
        CallLimits limits,
        ILedgerOutput output)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _minutes = minutes;
        _callees = callees;
        _trunks = trunks;
        _roles = roles;
        _guards = guards;
        _output = output;
        _failovers = new FailoverMemory(persons, limits.MaxFailovers);
        _maxCarriers = limits.MaxHosts;
    }

    /// <summary>Failed attempts forgotten because too many were remembered, and calls over unlisted carriers not told for the same reason.</summary>
    public long Forgotten => _failovers.Forgotten + _carriersUntold;

    /// <inheritdoc/>
    public void OnAttempt(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsCounted)
        {
            _minutes.MinuteOf(call.Start).Traffic.Internal++;
            return;
        }

        NumberCounters row = _minutes.Row(call.Parties.Number, call.Start);
        if (call.Direction == CallDirection.Inbound)
        {
            row.InboundAttempts++;
            row.InboundForwarded += call.Parties.IsForwarded ? 1 : 0;
            return;
        }

        row.Attempts++;
        bool goesOn = _failovers.GoesOn(call) || call.TakesOver || call.FollowsChallenge;
        row.HumanCalls += goesOn ? 0 : 1;
        row.AttestationA += call.Parties.Attestation == 'A' ? 1 : 0;
        row.AttestationB += call.Parties.Attestation == 'B' ? 1 : 0;
        row.AttestationC += call.Parties.Attestation == 'C' ? 1 : 0;
        row.AttestationOriginMismatch += call.Parties.HasOtherOrigin ? 1 : 0;
        row.AttestationMalformed += call.Parties.HasBadPassport ? 1 : 0;
        row.Forwarded += call.Parties.IsForwarded ? 1 : 0;
        row.Withheld += call.Parties.IsWithheld ? 1 : 0;
        row.IdentityConflict += call.Parties.HasIdentityConflict ? 1 : 0;
        CountCallee(call, row);
        _guards.OnAttempt(call, row, goesOn);
    }

    /// <inheritdoc/>
    public void OnUpChanged(Call call, DateTimeOffset at, bool isUp)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.IsCounted)
        {
            _minutes.NoteUp(call.Parties.Number, at, isUp ? 1 : -1);
        }

        if (!isUp)
        {
            _guards.OnOver(call, at);
        }
    }

    /// <inheritdoc/>
    public void OnRinging(Call call, DateTimeOffset at, bool isFirst, int status)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsCounted || call.Direction == CallDirection.Inbound)
        {
            return;
        }

        NumberCounters row = _minutes.Row(call.Parties.Number, at);
        TimeSpan delay = at > call.Start ? at - call.Start : TimeSpan.Zero;
        if (isFirst)
        {
            row.PostDial += delay;
            row.MaxPostDial = NumberCounters.Longer(row.MaxPostDial, delay);
            row.PostDialTimes.Count(delay, TimeHistogram.PostDialBounds);
            row.PostDialCount++;
        }

        if (status == 180)
        {
            row.PostDial180 += delay;
            row.Ringing180Count++;
        }
        else if (status == 183)
        {
            row.PostDial183 += delay;
            row.Progress183Count++;
        }
    }

    /// <inheritdoc/>
    public void OnAnswered(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsCounted)
        {
            return;
        }

        NumberCounters row = _minutes.Row(call.Parties.Number, call.AnsweredAt);
        if (call.Direction == CallDirection.Inbound)
        {
            row.InboundAnswered++;
            _guards.OnCallBack(call, call.AnsweredAt, isAnswered: true);
            return;
        }

        row.Answered++;
        row[Disposition.Answered]++;
        row.Status.Add(call.Status);
        CountRing(call, row);
        _guards.OnAnswered(call);
    }

    /// <inheritdoc/>
    public void OnRefused(Call call, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsCounted || call.Direction == CallDirection.Inbound)
        {
            if (call.IsCounted)
            {
                _guards.OnCallBack(call, at, isAnswered: false);
            }

            _guards.OnOver(call, at);
            return;
        }

        NumberCounters row = _minutes.Row(call.Parties.Number, at);
        Disposition disposition = call.Disposition ?? Disposition.Failed;
        row[disposition]++;
        CountRing(call, row);
        if (disposition == Disposition.Failed)
        {
            _failovers.OnFailed(call, at);
        }

        if (call.Status > 0)
        {
            row.Status.Add(call.Status);
        }

        _guards.OnRefused(call, disposition, at);
        _guards.OnOver(call, at);
    }

    /// <inheritdoc/>
    public void OnEnded(Call call, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsCounted)
        {
            return;
        }

        NumberCounters row = _minutes.Row(call.Parties.Number, at);
        if (call.Direction == CallDirection.Inbound)
        {
            row.InboundAnsweredEnded += call.Talk is null ? 0 : 1;
            row.InboundUnknownEnd += call.Talk is null ? 1 : 0;
            row.InboundTalk += call.Talk ?? TimeSpan.Zero;
            row.InboundEndedByNumber += call.HungUpBy == CallSide.Number ? 1 : 0;
            row.InboundEndedByPerson += call.HungUpBy == CallSide.Person ? 1 : 0;
            return;
        }

        row.AnsweredEnded += call.Talk is null ? 0 : 1;
        row.UnknownEnd += call.Talk is null ? 1 : 0;
        if (call.Talk is { } talk)
        {
            row.Talk += talk;
            row.MaxTalk = NumberCounters.Longer(row.MaxTalk, talk);
            row.TalkTimes.Count(talk, TimeHistogram.TalkBounds);
            row.EndedByNumber += call.HungUpBy == CallSide.Number ? 1 : 0;
            row.EndedByPerson += call.HungUpBy == CallSide.Person ? 1 : 0;
            _guards.OnTalked(call, at, talk);
        }
    }

    /// <inheritdoc/>
    public void OnClosed(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _guards.OnOver(call, call.EndedAt == default ? call.LastSeen : call.EndedAt);
        _output.OnClosed(call);
    }

    /// <inheritdoc/>
    public void OnRoleDecided(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        TrafficCounters traffic = _minutes.MinuteOf(call.Start).Traffic;
        switch (call.Direction)
        {
            case CallDirection.Internal:
                traffic.Internal++;
                break;
            case CallDirection.UnlistedTrunk:
                traffic.UnlistedTrunk++;
                _minutes.Row(CompanySideOf(call), call.Start).UnlistedTrunk++;
                ReportUnlisted(call);
                break;
            default:
                traffic.OtherCalls++;
                break;
        }
    }

    /// <summary>Writes what outlives a restart and is in no minute.</summary>
    internal void Save(BinaryWriter writer) => _failovers.Save(writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader) => _failovers.Load(reader);

    private void CountCallee(Call call, NumberCounters row)
    {
        switch (_callees.Add(call.Parties, _paris.Of(_minutes.WallOf(call.Start))))
        {
            case CalleeOfDay.New:
                row.NewCallees++;
                break;
            case CalleeOfDay.Known:
                row.RepeatAttempts++;
                break;
            default:
                row.UnknownCallees++;
                break;
        }
    }

    private static void CountRing(Call call, NumberCounters row)
    {
        if (call.Ring is { } ring)
        {
            row.Ring += ring;
            row.MaxRing = NumberCounters.Longer(row.MaxRing, ring);
            row.RingTimes.Count(ring, TimeHistogram.RingBounds);
        }
    }

    /// <summary>Of a call over an unlisted trunk: the caller when it left from here, the called number when it came here, else a bucket, since either may be a person.</summary>
    private NumberKey CompanySideOf(Call call) =>
        _roles.IsLocal(call.Source) ? call.Parties.Number
        : !_roles.IsLocal(call.Destination) ? UndeterminedSide
        : call.Parties.Person.IsNumber ? NumberKey.For(call.Parties.Person)
        : NumberKey.None;

    private void ReportUnlisted(Call call)
    {
        DateTimeOffset at = _minutes.WallOf(call.Start);
        DateOnly day = _paris.Of(at);
        if (day != _unlistedDay)
        {
            _unlistedDay = day;
            _unlistedCarriers.Clear();
        }

        UInt128 carrier = _roles.CarrierOf(call);
        if (_unlistedCarriers.Count >= _maxCarriers)
        {
            _carriersUntold += _unlistedCarriers.Contains(carrier) ? 0 : 1;
        }
        else if (_unlistedCarriers.Add(carrier))
        {
            _output.OnEvent(new AgentEvent
            {
                Kind = AgentEventKind.UnlistedTrunk,
                At = at,
                Number = CompanySideOf(call),
                Trunk = new Packets.IpEndpoint(carrier, 0).ToIPAddress().ToString(),
            });
        }
    }
}
