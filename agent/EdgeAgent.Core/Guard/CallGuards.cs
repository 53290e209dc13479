using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// Asks the rule book about calls as they pass, tells it what becomes of them, and makes counters and events of what it says. Guards go by
/// the wall clock. Not thread-safe: one signalling thread.
/// </summary>
public sealed class CallGuards : IGuardOutput
{
    private readonly EngineSettings _settings;
    private readonly MinuteLedger _minutes;
    private readonly Observation _observation;
    private readonly PersonNames _persons;
    private readonly ILedgerOutput _output;

    internal CallGuards(
        EngineSettings settings, GuardState state, MinuteLedger minutes, Observation observation, PersonNames persons, ILedgerOutput output)
    {
        _settings = settings;
        _minutes = minutes;
        _observation = observation;
        _persons = persons;
        _output = output;
        Book = new GuardBook(settings.Policy, state, this);
    }

    /// <summary>The rule book.</summary>
    public GuardBook Book { get; }

    /// <inheritdoc/>
    public void OnAlert(in AlertEvent alert) => _output.OnEvent(new AgentEvent
    {
        Kind = AgentEventKind.Alert,
        At = alert.At,
        Number = alert.Number,
        Hit = alert.Hit,
        AlertChange = alert.Change,
        Count = alert.Count,
    });

    /// <inheritdoc/>
    public void OnStanding(NumberKey number, in StandingStep step) => _output.OnEvent(new AgentEvent
    {
        Kind = AgentEventKind.Standing,
        At = step.At,
        Number = number,
        Reason = step.Reason,
        Step = step,
    });

    /// <summary>The facts of an attempt, as far as signalling shows them.</summary>
    /// <param name="call">The attempt.</param>
    /// <param name="goesOn">It goes on for one that failed just before.</param>
    public GuardFacts FactsOf(Call call, bool goesOn)
    {
        ArgumentNullException.ThrowIfNull(call);
        DateTimeOffset at = _minutes.WallOf(call.Start);
        CallParties parties = call.Parties;
        return new GuardFacts
        {
            At = at,
            Number = parties.Number,
            Person = parties.Person,
            ShortClass = parties.ShortClass,
            PersonKey = parties.Person.IsNumber ? _persons.KeyOf(call) : 0,
            FormerPersonKey = parties.Person.IsNumber ? _settings.Pseudonymiser.Former?.KeyOf(parties.Person) ?? 0 : 0,
            Trunk = _settings.Trunks.NameOf(call.Trunk),
            IsWithheld = parties.IsWithheld,
            IsNumberHidden = parties.IsNumberHidden,
            Seat = call is { Direction: CallDirection.Outbound, Former: null } ? call.Seat : 0,
            IsFailover = goesOn,
            IsSentOn = parties.IsSentOn,
            IsBlind = _observation.IsBlindAt(at),
        };
    }

    /// <summary>An outbound attempt begins: what rules have to say goes into its row and, once a minute, into an event.</summary>
    internal void OnAttempt(Call call, NumberCounters row, bool goesOn)
    {
        GuardFacts facts = FactsOf(call, goesOn);
        GuardDecision decision = _settings.HoldsBackRefused ? Book.Admit(facts) : Book.Observe(facts);
        call.IsHeldBack = _settings.HoldsBackRefused && decision.IsBlocked;
        TakeSeat(call);
        _settings.Verdicts?.OnVerdict(facts, decision);
        foreach (ref readonly GuardHit hit in decision.Hits)
        {
            row.Guards.Add(hit);
            if (hit.Asked >= GuardAction.Block && Book.State.Reported.IsNews(facts.Number, hit, facts.At))
            {
                _output.OnEvent(new AgentEvent
                {
                    Kind = AgentEventKind.Guard,
                    At = facts.At,
                    Number = facts.Number,
                    Person = _persons.NameOf(call),
                    Hit = hit,
                    Trunk = facts.Trunk,
                });
            }
        }
    }

    /// <summary>A call is over: an attempt on a trunk, or the phone's leg that led to one. The line that dialled it is free again.</summary>
    internal void OnOver(Call call, DateTimeOffset at)
    {
        if ((call.Dialled ?? call) is { IsCounted: true, Direction: CallDirection.Outbound, Seat: not 0 } held)
        {
            Book.OnSeatFree(held.Seat, _minutes.WallOf(at));
            held.Seat = 0;
        }
    }

    /// <summary>
    /// A line is busy from the first attempt of a phone's leg on. Further ones of that leg, a PBX's failover or fork, are the same call of
    /// the line: they take its place.
    /// </summary>
    private void TakeSeat(Call call)
    {
        if (call.IsHeldBack)
        {
            call.Seat = 0;
        }
        else if (call.Former is { Seat: not 0 } former)
        {
            former.Seat = 0;
        }
        else if (call.Former is not null)
        {
            Book.State.Seats.Resume(call.Seat);
        }

        call.Former = null;
    }

    /// <summary>An outbound attempt was answered.</summary>
    internal void OnAnswered(Call call)
    {
        if (!call.IsHeldBack)
        {
            Book.OnAnswered(call.Parties.Number, _minutes.WallOf(call.AnsweredAt), _settings.Trunks.NameOf(call.Trunk));
        }
    }

    /// <summary>An outbound attempt ended without answer.</summary>
    internal void OnRefused(Call call, Disposition disposition, DateTimeOffset at)
    {
        if (call.IsHeldBack)
        {
            return;
        }

        at = _minutes.WallOf(at);
        bool isReached = disposition is Disposition.Busy or Disposition.NoAnswer || call.Status is 603 or 606 or 607; // NER, ITU-T E.425
        GuardRefusal refusal = new(_settings.Trunks.NameOf(call.Trunk), isReached, call.Status is 403 or 603, disposition == Disposition.Unwanted);
        Book.OnRefused(call.Parties.Number, at, refusal, _observation.IsBlindAt(at));
    }

    /// <summary>An answered outbound call ended, and how long it lasted is known.</summary>
    internal void OnTalked(Call call, DateTimeOffset at, TimeSpan talk)
    {
        if (!call.IsHeldBack)
        {
            Book.OnTalked(call.Parties.Number, _minutes.WallOf(at), talk);
        }
    }

    /// <summary>What came of a call-back became known.</summary>
    internal void OnCallBack(Call call, DateTimeOffset at, bool isAnswered) =>
        Book.OnCallBack(call.Parties.Number, _minutes.WallOf(at), isAnswered, isUnreachable: !isAnswered && call.Status is 404 or 480);

    /// <summary>A minute is sealed.</summary>
    /// <param name="minute">The minute, its quality known.</param>
    /// <param name="blind">Blind time since the minute before.</param>
    /// <param name="untold">What of the minute was blind, and guards have not been told of yet.</param>
    internal void OnSealed(SealedMinute minute, TimeSpan blind, TimeSpan untold)
    {
        DateTimeOffset end = minute.Start + TimeSpan.FromMinutes(1);
        Book.OnBlind(end - untold, end);
        bool isStep = minute.Quality.BlindCause == ObservationCause.ClockStepped; // that time never was
        GuardHit? hit = isStep
            ? BlindnessRule.OfClock(blind)
            : Book.State.Blindness.OnMinute(blind, _observation.IsCallingTime(minute.Start));
        if (hit is { } said)
        {
            Book.OnAgent(said, end);
        }

        foreach ((_, TimeSpan offset) in minute.Quality.HepOffsets)
        {
            if (BlindnessRule.OfClock(offset) is { } skewed)
            {
                Book.OnAgent(skewed, end);
            }
        }
    }

    /// <summary>The clock says so.</summary>
    internal void OnTime(DateTimeOffset wall) => Book.OnTime(wall);
}
