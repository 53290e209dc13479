using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>What a rule that looks at days says of a number.</summary>
internal enum Assessment
{
    /// <summary>Too few calls to say anything.</summary>
    TooFew = 0,
    /// <summary>Nothing to report, but not good enough to end an alert.</summary>
    Unclear,
    /// <summary>Good.</summary>
    Good,
    /// <summary>The rule has something to say.</summary>
    Hit,
}

/// <summary>A rule that is asked once a day of a number, on whole civil days.</summary>
internal interface IDailyRule
{
    /// <summary>Which rule.</summary>
    GuardId Id { get; }

    /// <summary>Good days in a row that end an alert.</summary>
    int ClearDays { get; }

    /// <summary>Looks at a number.</summary>
    /// <param name="number">The number; its baseline may be set.</param>
    /// <param name="day">The day that begins.</param>
    /// <param name="unseen">Days that windows leave out.</param>
    /// <param name="hit">What the rule has to say.</param>
    Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit);
}
