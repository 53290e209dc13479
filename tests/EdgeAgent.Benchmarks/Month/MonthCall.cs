namespace EdgeAgent.Benchmarks.Month;

/// <summary>What becomes of a planned call.</summary>
internal enum MonthOutcome
{
    /// <summary>200, then the PBX hangs up.</summary>
    Answered = 0,
    /// <summary>480 after ringing.</summary>
    NoAnswer,
    /// <summary>486.</summary>
    Busy,
    /// <summary>607: somebody pressed the button for spam.</summary>
    Unwanted,
}

/// <summary>A call of the month.</summary>
/// <param name="Start">Time of its INVITE.</param>
/// <param name="Caller">Number shown, E.164 digits.</param>
/// <param name="Callee">Number called, E.164 digits.</param>
/// <param name="Trunk">Index of the trunk it goes over.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="TalkSeconds">How long it lasts when answered.</param>
internal readonly record struct MonthCall(DateTime Start, long Caller, long Callee, int Trunk, MonthOutcome Outcome, int TalkSeconds);

/// <summary>What a rule is to say of a number because of a planted offence, and of no other.</summary>
/// <param name="Offence">What was planted.</param>
/// <param name="Number">The number, <c>+33…</c>.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Blocked">Calls it refuses; null where the suspension of the number decides how many.</param>
internal sealed record PlantedFinding(string Offence, string Number, string Rule, int? Blocked);
