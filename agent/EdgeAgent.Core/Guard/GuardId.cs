using System.Collections.Immutable;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// The rules, in the order they are asked: the first that blocks decides, all that have something to say are recorded. The number is part
/// of stored state and of records; it never changes.
/// </summary>
public enum GuardId : byte
{
    /// <summary>G0: calls to emergency and short numbers are let through before anything is asked.</summary>
    Emergency = 0,
    /// <summary>G1: caller ID missing, hidden, or none that may be shown.</summary>
    CallerId,
    /// <summary>G2: caller ID not in the register at that date.</summary>
    Unassigned,
    /// <summary>G3: a number of one client used for another.</summary>
    Pooling,
    /// <summary>G4: class of number against dialling mode.</summary>
    NumberClass,
    /// <summary>G5: legal hours where the person is.</summary>
    Hours,
    /// <summary>G6: local holidays where the person is.</summary>
    LocalHoliday,
    /// <summary>G7: consent and refusal.</summary>
    Consent,
    /// <summary>G8: attempts to one person in 30 days.</summary>
    PersonAttempts,
    /// <summary>G9: the same person again within an hour or a day.</summary>
    Redial,
    /// <summary>G10: attempts of a number in a civil day.</summary>
    DailyCap,
    /// <summary>G11: attempts of a number in sixty minutes.</summary>
    HourlyCap,
    /// <summary>G12: a day's attempts against the days before.</summary>
    Spike,
    /// <summary>G13: the answer rate moved.</summary>
    AnswerRate,
    /// <summary>G14: reports of spam.</summary>
    ReportRate,
    /// <summary>G15: shorter calls.</summary>
    TalkTime,
    /// <summary>G16: call-backs, and whether they are answered.</summary>
    CallBack,
    /// <summary>G17: suspended, or recovering on a ramp.</summary>
    Suspension,
    /// <summary>G18: a new number warms up.</summary>
    WarmUp,
    /// <summary>G19: one agent line with several calls at once.</summary>
    Concurrency,
    /// <summary>G20: the carrier blocks.</summary>
    CarrierBlock,
    /// <summary>G21: time the agent did not see; judged for the box, never for a call.</summary>
    Blindness,
}

/// <summary>Names of rules.</summary>
public static class GuardIds
{
    /// <summary>Number of rules.</summary>
    public const int Count = (int)GuardId.Blindness + 1;

    private static readonly string[] Names =
        [.. Enum.GetNames<GuardId>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    /// <summary>Every rule, in the order they are asked.</summary>
    public static ImmutableArray<GuardId> All { get; } = [.. Enum.GetValues<GuardId>()];

    /// <summary>Rules that speak of single attempts, and so have counters of them.</summary>
    public static ImmutableArray<GuardId> OfCalls { get; } =
    [
        GuardId.CallerId, GuardId.Unassigned, GuardId.Pooling, GuardId.NumberClass, GuardId.Hours, GuardId.LocalHoliday, GuardId.Consent,
        GuardId.PersonAttempts, GuardId.Redial, GuardId.DailyCap, GuardId.HourlyCap, GuardId.Spike, GuardId.Suspension, GuardId.WarmUp,
        GuardId.Concurrency,
    ];

    /// <summary>The name in configuration, counters and events, such as <c>personAttempts</c>.</summary>
    public static string NameOf(GuardId id) => Names[(int)id];
}
