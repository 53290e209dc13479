using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>Kinds of events; the camelCase name is the last level of the topic <c>event/&lt;kind&gt;</c>.</summary>
public enum AgentEventKind
{
    /// <summary>An attempt broke a guard rule.</summary>
    Guard = 0,
    /// <summary>A call went over a carrier that is not in <c>trunks:</c>; once per host and day.</summary>
    UnlistedTrunk,
    /// <summary>Nothing was observed between two instants.</summary>
    Blind,
    /// <summary>The store was damaged or lost; a new epoch began.</summary>
    StoreLoss,
    /// <summary>The configuration changed.</summary>
    Config,
    /// <summary>Between two instants a part was not observed.</summary>
    Degraded,
    /// <summary>A civil day is over: how much of its legal calling time was observed.</summary>
    Coverage,
    /// <summary>Another client seems to use this agent's id at the broker; at most once an hour.</summary>
    DuplicateClient,
    /// <summary>The centre gave a command; it was carried out or refused.</summary>
    Command,
    /// <summary>An alert of a guard was raised, updated or cleared.</summary>
    Alert,
    /// <summary>The standing of a number changed: suspended, on probation, active again.</summary>
    Standing,
    /// <summary>Guards go by another policy from here on.</summary>
    Policy,
    /// <summary>Somebody compared the calls a carrier or the PBX lists with the journal.</summary>
    Reconciliation,
}

/// <summary>Something the centre must hear of once. Flat: a writer leaves out what is null.</summary>
public sealed record AgentEvent
{
    /// <summary>What happened.</summary>
    public required AgentEventKind Kind { get; init; }

    /// <summary>When it happened: packet time where a packet caused it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The company's number concerned.</summary>
    public NumberKey? Number { get; init; }

    /// <summary>Pseudonym of the person concerned; never a number.</summary>
    public string? Person { get; init; }

    /// <summary>What a guard rule had to say.</summary>
    public GuardHit? Hit { get; init; }

    /// <summary>What happened to an alert.</summary>
    public AlertChange? AlertChange { get; init; }

    /// <summary>Hits since the last event of an alert, this one included.</summary>
    public long? Count { get; init; }

    /// <summary>Step of a number's standing.</summary>
    public StandingStep? Step { get; init; }

    /// <summary>What differs between two policies, one line each.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The cause of a blind period or loss.</summary>
    public string? Reason { get; init; }

    /// <summary>A figure that goes with it, such as milliseconds of a clock step.</summary>
    public long? Value { get; init; }

    /// <summary>Trunk name, or the address of an unlisted carrier.</summary>
    public string? Trunk { get; init; }

    /// <summary>Name of a command.</summary>
    public string? Command { get; init; }

    /// <summary>What became of it: <c>done</c>, <c>failed</c>, <c>refused</c> or <c>unsupported</c>; <see cref="Reason"/> says why.</summary>
    public string? CommandOutcome { get; init; }

    /// <summary>Its nonce, as far as it could be read.</summary>
    public string? Nonce { get; init; }

    /// <summary>Fingerprint of the key that signed it; null where none of the configured ones did.</summary>
    public string? Key { get; init; }

    /// <summary>First instant of a period.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last instant of a period.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What was not observed: interface, place where HEP is taken, trunk, or <c>agent</c> for all of it.</summary>
    public string? Source { get; init; }

    /// <summary>The period has not ended: a later record has the same beginning and a later end.</summary>
    public bool IsLasting { get; init; }

    /// <summary>Legal calling time of a day and what was observed of it.</summary>
    public DayCoverage? Coverage { get; init; }

    /// <summary>Outcome of a comparison with a file of calls.</summary>
    public ReconciledCalls? Reconciliation { get; init; }
}
