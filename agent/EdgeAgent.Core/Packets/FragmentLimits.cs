namespace EdgeAgent.Core.Packets;

/// <summary>Bounds of IP reassembly; all are options (<c>limits:</c>) with these defaults.</summary>
/// <param name="MaxBytes">Bytes of fragments that are kept; past it the oldest datagram is given up. Default 4 MiB.</param>
public sealed record FragmentLimits(int MaxBytes = 4 * 1024 * 1024)
{
    /// <summary>The documented defaults.</summary>
    public static FragmentLimits Default { get; } = new();

    /// <summary>
    /// Packet time from the first fragment seen of a datagram to the last; past it the datagram is given up, as a receiver would.
    /// Default 30 s (RFC 1122 §3.3.2 allows 60 to 120 s; Linux waits 30 s).
    /// </summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Packet time for which a completed datagram is remembered, so that copies of its fragments (a mirror beside the wire, a bridge port)
    /// begin no new one. Default 1 s: copies were seen up to 232 ms apart, and an identification may be used again after that.
    /// </summary>
    public TimeSpan CopyWindow { get; init; } = TimeSpan.FromSeconds(1);
}
