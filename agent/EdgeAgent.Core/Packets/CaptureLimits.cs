namespace EdgeAgent.Core.Packets;

/// <summary>Sizes past which a capture file is refused as damaged.</summary>
/// <param name="MaxRecordBytes">
/// Captured bytes of one packet. Default 262,144, the largest snap length of libpcap. A pcapng block may be this long too,
/// its options included; longer blocks of kinds that are not read are skipped without being held.
/// </param>
/// <param name="MaxInterfaces">Interfaces of one pcapng section. Default 65,536.</param>
public sealed record CaptureLimits(int MaxRecordBytes = 262_144, int MaxInterfaces = 65_536)
{
    /// <summary>The documented defaults.</summary>
    public static CaptureLimits Default { get; } = new();
}
