using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// One attempt as rules see it: the facts, and what policy and state say of its number, client and person. The book has one and fills it
/// anew for each attempt, so that judging allocates nothing.
/// </summary>
internal sealed class GuardCase
{
    /// <summary>The facts.</summary>
    public GuardFacts Facts;

    /// <summary>Minute of the attempt.</summary>
    public uint Minute;

    /// <summary>Civil day, Europe/Paris.</summary>
    public DateOnly Day;

    /// <summary>Entry of the register valid that day; null when none.</summary>
    public RegisteredNumber? Registered;

    /// <summary>All entries of the number, of whatever time.</summary>
    public RegisteredNumber[] Entries = [];

    /// <summary>Class of the number.</summary>
    public NumberClass Class;

    /// <summary>What is known of the trunk; null when nothing.</summary>
    public TrunkAssignment? Trunk;

    /// <summary>The campaign; null when none is known.</summary>
    public PolicyCampaign? Campaign;

    /// <summary>Client on whose behalf is called; null when nobody can tell.</summary>
    public string? Client;

    /// <summary>Its key in stored state; 0 when unknown.</summary>
    public uint ClientKey;

    /// <summary>State of the number; null when it has none yet, or is a bucket.</summary>
    public NumberState? State;

    /// <summary>Attempts of the number this day, this one included.</summary>
    public uint AttemptsToday;

    /// <summary>Attempts of the number in sixty minutes, this one included.</summary>
    public uint AttemptsThisHour;

    /// <summary>Latest attempts to the person for the client, without this one.</summary>
    public PersonAttempts Person;

    /// <summary>What the person told the client.</summary>
    public ConsentEntry Consent;

    /// <summary>There is a person to count attempts for, and this is no continued attempt, nor one that somebody else's call is the cause of.</summary>
    public bool HasPerson => Facts.PersonKey != 0 && !Facts.IsFailover && !Facts.IsSentOn && Facts.ShortClass == NumberClass.Unknown;

    /// <summary>Time of the attempt.</summary>
    public DateTimeOffset At => Facts.At;

    /// <summary>Who may be called; consumers unless the campaign says otherwise.</summary>
    public Audience Audience => Campaign?.Audience ?? Audience.Consumer;

    /// <summary>How the call is begun.</summary>
    public DiallingMode Mode => Registered is { Mode: not DiallingMode.Unstated } number ? number.Mode : Campaign?.Mode ?? DiallingMode.Unstated;
}
