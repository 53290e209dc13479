namespace EdgeAgent.Core.Packets;

/// <summary>Bounds of TCP reassembly; all are options (<c>limits:</c>) with these defaults.</summary>
/// <param name="MaxFlows">Directions of connections that are followed; past it the one silent longest is forgotten. Default 10,000.</param>
/// <param name="MaxHeldSegments">Segments of one direction that wait for an earlier one. Default 64.</param>
/// <param name="MaxHeldBytes">Bytes of one direction that wait for an earlier segment. Default 262,144.</param>
/// <param name="MaxBufferedBytes">
/// Bytes of all directions together that wait for anything; past it the direction silent longest loses its bytes. Default 16 MiB.
/// </param>
/// <param name="MaxProbeBytes">Bytes without a SIP start line after which a direction is taken for another protocol. Default 4,096.</param>
public sealed record TcpLimits(
    int MaxFlows = 10_000,
    int MaxHeldSegments = 64,
    int MaxHeldBytes = 262_144,
    int MaxBufferedBytes = 16 * 1024 * 1024,
    int MaxProbeBytes = 4_096)
{
    /// <summary>The documented defaults.</summary>
    public static TcpLimits Default { get; } = new();

    /// <summary>
    /// Directions of WebSocket connections whose compression context is kept, some 48 KiB each; past it the one used longest ago is given
    /// up. Default 256.
    /// </summary>
    public int MaxInflaters { get; init; } = 256;

    /// <summary>Packet time after which a missing segment is given up. Default 3 s, past the retransmissions that matter.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Packet time after which a missing segment is given up that the receiver has acknowledged: it was not captured and will not be sent
    /// again. Default 20 ms, more than an acknowledgement may be ahead of its data in a capture of several interfaces.
    /// </summary>
    public TimeSpan MinHold { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Packet time without a segment after which a direction is forgotten. Default 10 min.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);
}
