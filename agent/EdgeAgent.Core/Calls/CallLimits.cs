namespace EdgeAgent.Core.Calls;

/// <summary>Bounds of the call table; all are options (<c>limits:</c>) with these defaults.</summary>
public sealed record CallLimits
{
    /// <summary>The documented defaults.</summary>
    public static CallLimits Default { get; } = new();

    /// <summary>Calls held at once, ended ones included; past it the one nearest its deadline is evicted and counted. Default 200,000.</summary>
    public int MaxCalls { get; init; } = 200_000;

    /// <summary>
    /// Calls held of one Call-ID; past it the oldest of them is evicted, ended ones first. Every message of the Call-ID looks at each.
    /// Default 64.
    /// </summary>
    public int MaxCallsPerCallId { get; init; } = 64;

    /// <summary>Dialogs of one forked call; further ones are not told apart. Default 8.</summary>
    public int MaxDialogs { get; init; } = 8;

    /// <summary>Transfers (REFER) remembered until the INVITE that follows; past it the oldest is forgotten, and with it the link. Default 1,024.</summary>
    public int MaxTransfers { get; init; } = 1_024;

    /// <summary>Inbound calls remembered for 3 min, to know one that is sent on; past it the oldest is forgotten. Default 16,384.</summary>
    public int MaxForwards { get; init; } = 16_384;

    /// <summary>Failed attempts remembered for 2 s, to know one that goes on over another trunk; past it the oldest is forgotten. Default 4,096.</summary>
    public int MaxFailovers { get; init; } = 4_096;

    /// <summary>Calls of phones remembered for <see cref="RoleHorizon"/>, to know whose call shows up on a trunk; past it the oldest is forgotten. Default 4,096.</summary>
    public int MaxDialled { get; init; } = 4_096;

    /// <summary>An INVITE without any response ends after this (64·T1, Timer B, RFC 3261 §17.1.1.2). Default 32 s.</summary>
    public TimeSpan NoResponse { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>
    /// How long a challenge or redirection (401, 407, 3xx, ...) waits for the INVITE that continues the attempt. Longer than a transaction:
    /// the user may have to type a password. Default 3 min.
    /// </summary>
    public TimeSpan Challenge { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a CANCEL waits for the final response, a BYE for its answer. Default 32 s.</summary>
    public TimeSpan Transaction { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>How long an ended call is remembered against late copies (64·T1). Default 32 s.</summary>
    public TimeSpan EndedMemory { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>Silence after which an attempt that got a provisional response is given up (Timer C allows 3 min and repeats). Default 10 min.</summary>
    public TimeSpan Ringing { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Silence after which an answered call without session timer is given up. Default 24 h.</summary>
    public TimeSpan IdleCall { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Silence after which a call restored after a blind period, and answered before it, is given up. Default 2 h.</summary>
    public TimeSpan BlindGrace { get; init; } = TimeSpan.FromHours(2);

    /// <summary>After this a call between hosts of unknown role is judged, after twice as long for good. Default 5 s.</summary>
    public TimeSpan RoleHorizon { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hosts learnt as phones, and PBX addresses learnt. Default 20,000.</summary>
    public int MaxHosts { get; init; } = 20_000;
}
