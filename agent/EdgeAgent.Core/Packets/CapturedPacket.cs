namespace EdgeAgent.Core.Packets;

/// <summary>One captured frame, as a file, an interface or a mirror delivered it. A view: copy what must outlive the call.</summary>
/// <param name="At">Capture time, UTC, 100 ns resolution (nanosecond stamps are cut, never rounded up).</param>
/// <param name="Link">How the first bytes are to be read.</param>
/// <param name="Bytes">The captured bytes; shorter than <paramref name="OriginalLength"/> when the snap length cut them.</param>
/// <param name="OriginalLength">Length on the wire, in bytes.</param>
public readonly record struct CapturedPacket(DateTimeOffset At, LinkType Link, ReadOnlyMemory<byte> Bytes, int OriginalLength);
