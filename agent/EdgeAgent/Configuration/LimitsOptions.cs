namespace EdgeAgent.Configuration;

/// <summary>Sizes and times past which something is refused, closed or forgotten; reaching one is counted and reported.</summary>
public sealed class LimitsOptions
{
    /// <summary>Calls held at once, ended ones that are still remembered included. Default 200,000.</summary>
    public int MaxCalls { get; set; } = 200_000;

    /// <summary>Calls held of one Call-ID; past it the oldest is evicted, ended ones first. Every message of the Call-ID looks at each. Default 64.</summary>
    public int MaxCallsPerCallId { get; set; } = 64;

    /// <summary>Dialogs of one forked call; further ones are not told apart. Default 8.</summary>
    public int MaxDialogs { get; set; } = 8;

    /// <summary>Hosts learnt as phones, as PBX and as registrars, of each kind; further ones are not learnt. Default 20,000.</summary>
    public int MaxHosts { get; set; } = 20_000;

    /// <summary>Transfers (REFER) remembered until the call that follows; past it the oldest loses its link. Default 1,024.</summary>
    public int MaxTransfers { get; set; } = 1_024;

    /// <summary>Inbound calls remembered for 3 min, to know one that is sent on; past it the oldest is forgotten. Default 16,384.</summary>
    public int MaxForwards { get; set; } = 16_384;

    /// <summary>Failed attempts remembered for 2 s, to know one that goes on over another trunk; past it the oldest is forgotten. Default 4,096.</summary>
    public int MaxFailovers { get; set; } = 4_096;

    /// <summary>See <see cref="Core.Calls.CallLimits.MaxDialled"/>.</summary>
    public int MaxDialled { get; set; } = 4_096;

    /// <summary>
    /// Pairs of a number and a person it called that are remembered for the civil day, to tell repeated attempts; further persons count as
    /// <c>unknownCallees</c>. Eight bytes each in the state on disk. Default 100,000.
    /// </summary>
    public int MaxCallees { get; set; } = 100_000;

    /// <summary>Numbers with counters of their own; the rest count under <c>other</c>. Default 20,000.</summary>
    public int MaxNumbers { get; set; } = 20_000;

    /// <summary>How long after its end a minute stays open for what arrives late. Default 5 s.</summary>
    public TimeSpan SealLag { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>INVITE without any response: given up after so long (64·T1, RFC 3261 §17.1.1.2). Default 32 s.</summary>
    public TimeSpan NoResponse { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>Time between a challenge or redirection (401, 407, 3xx, ...) and the INVITE that continues the attempt. Default 3 min.</summary>
    public TimeSpan Challenge { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long an ended call is remembered, so that late copies change nothing. Default 32 s.</summary>
    public TimeSpan EndedMemory { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>Longest time between a provisional and a final response (Timer C is over 3 min, RFC 3261 §16.6). Default 10 min.</summary>
    public TimeSpan RingingLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An answered call of which nothing was seen for so long ends as <c>idle-limit</c>. Default 24 h.</summary>
    public TimeSpan IdleCall { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a call that was up before a blind period may stay silent before it ends as <c>blind</c>. Default 2 h.</summary>
    public TimeSpan BlindGrace { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Start line and headers of a SIP message, in bytes. Default 64 KiB.</summary>
    public int MaxHeadBytes { get; set; } = 65_536;

    /// <summary>Body of a SIP message, in bytes; skipped, never kept. Default 1 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 1_048_576;

    /// <summary>Header lines of a SIP message. Default 512.</summary>
    public int MaxHeaderLines { get; set; } = 512;

    /// <summary>Fragments of IP datagrams that wait for the others, in bytes. Default 4 MiB.</summary>
    public int MaxFragmentBytes { get; set; } = 4_194_304;

    /// <summary>Longest time from the first fragment of a datagram to the last. Default 30 s.</summary>
    public TimeSpan FragmentHold { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>TCP streams followed at once. Default 10,000.</summary>
    public int MaxTcpFlows { get; set; } = 10_000;

    /// <summary>Directions of WebSocket connections whose compression context is kept, some 48 KiB each. Default 256.</summary>
    public int MaxInflaters { get; set; } = 256;

    /// <summary>Numbers outside French plans remembered with their reading. Default 65,536.</summary>
    public int NumberCacheEntries { get; set; } = 65_536;
}
