using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>What a rule may look at: one outbound attempt at the moment of its first INVITE.</summary>
/// <param name="Number">The caller ID shown.</param>
/// <param name="Person">The callee; not a number when it could not be read as E.164.</param>
/// <param name="AttemptsToday">Outbound attempts of <paramref name="Number"/> this civil day in Europe/Paris, this one included.</param>
public readonly record struct CallFacts(NumberKey Number, E164Number Person, long AttemptsToday);

/// <summary>Outcome of a rule for one attempt.</summary>
public enum GuardOutcome
{
    /// <summary>Within the rule.</summary>
    Allowed = 0,
    /// <summary>The rule says nothing about this call (a person outside French plans, a bucket instead of a number).</summary>
    NotApplicable,
    /// <summary>A warning threshold is passed.</summary>
    Alert,
    /// <summary>The rule is broken.</summary>
    Violation,
}

/// <summary>A rule's verdict with its reason, in machine-readable words.</summary>
/// <param name="Outcome">What the rule says.</param>
/// <param name="Reason">Such as <c>beforeOpening</c>, <c>publicHoliday</c>; null when allowed. From a fixed set per rule: never a number.</param>
public readonly record struct GuardVerdict(GuardOutcome Outcome, string? Reason = null);

/// <summary>One guard. Pure: state and time come in as arguments. Called on the signalling thread for every attempt, so it must not allocate.</summary>
public interface IGuardRule
{
    /// <summary>Name in configuration, counters and events, such as <c>hours</c>.</summary>
    string Name { get; }

    /// <summary>Judges one attempt.</summary>
    /// <param name="call">The attempt.</param>
    /// <param name="at">Time of its first INVITE.</param>
    GuardVerdict Evaluate(in CallFacts call, DateTimeOffset at);
}
