using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>Who may be called in a campaign.</summary>
public enum Audience : byte
{
    /// <summary>Consumers: the law's hours, limits and consent hold.</summary>
    Consumer = 0,
    /// <summary>Businesses: no legal hours.</summary>
    Business,
}

/// <summary>How calls are begun.</summary>
public enum DiallingMode : byte
{
    /// <summary>Not told: rules that need it say nothing.</summary>
    Unstated = 0,
    /// <summary>A human commands each call, one at a time.</summary>
    Manual,
    /// <summary>The screen shows whom; a human commands the call.</summary>
    Preview,
    /// <summary>The machine dials for a free agent.</summary>
    Progressive,
    /// <summary>The machine dials ahead of free agents.</summary>
    Predictive,
}

/// <summary>A company on whose behalf calls are made.</summary>
/// <param name="Id">Name of 1 to 40 characters out of a-z, 0-9 and -.</param>
/// <param name="Name">For people; null for none.</param>
public sealed record PolicyClient(string Id, string? Name = null)
{
    /// <summary>The client in stored state: FNV-1a of the id, so that it does not depend on the order of the file.</summary>
    public uint Key { get; } = KeyOf(Id);

    /// <summary>The key of a client's id.</summary>
    public static uint KeyOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        uint hash = 2_166_136_261;
        foreach (char c in id)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        return hash;
    }
}

/// <summary>A campaign of a client.</summary>
public sealed record PolicyCampaign
{
    /// <summary>Name of 1 to 40 characters out of a-z, 0-9 and -.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the client; null leaves it to the number.</summary>
    public string? Client { get; init; }

    /// <summary>Who is called.</summary>
    public Audience Audience { get; init; }

    /// <summary>How calls are begun.</summary>
    public DiallingMode Mode { get; init; }

    /// <summary>Calls to win customers; false for deliveries, appointments and the like.</summary>
    public bool IsProspection { get; init; } = true;

    /// <summary>Names of calendars of local holidays that hold for everybody called, beside those the number's range tells.</summary>
    public IReadOnlyList<string> Calendars { get; init; } = [];
}

/// <summary>A number that a client may show, for a time.</summary>
public sealed record RegisteredNumber
{
    /// <summary>The number.</summary>
    public required E164Number Number { get; init; }

    /// <summary>Id of the client it is assigned to.</summary>
    public required string Client { get; init; }

    /// <summary>Its class where the number plan tells another; null takes the plan's.</summary>
    public NumberClass? Class { get; init; }

    /// <summary>First civil day, Europe/Paris; null for always.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last civil day; null for open end.</summary>
    public DateOnly? To { get; init; }

    /// <summary>How calls with it are begun; unstated leaves it to the campaign.</summary>
    public DiallingMode Mode { get; init; }

    /// <summary>Campaign it is used in; null leaves it to the trunk.</summary>
    public string? Campaign { get; init; }

    /// <summary>Names of the only trunks it may be used on; empty for all.</summary>
    public IReadOnlyList<string> Trunks { get; init; } = [];

    /// <summary>True when the day lies within its time.</summary>
    public bool IsValidOn(DateOnly day) => (From is not { } from || day >= from) && (To is not { } to || day <= to);
}

/// <summary>Whose calls pass over a trunk.</summary>
/// <param name="Trunk">Name of the trunk in the agent's configuration.</param>
/// <param name="Client">Id of the client; null when several share it.</param>
/// <param name="Campaign">Id of the campaign; null when several share it.</param>
public sealed record TrunkAssignment(string Trunk, string? Client = null, string? Campaign = null);
