namespace EdgeAgent.Core.Packets;

/// <summary>Decodes the records of one capture format; knows nothing about where the bytes come from.</summary>
/// <param name="limits">Sizes past which a record is refused.</param>
internal abstract class RecordDecoder(CaptureLimits limits)
{
    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Set once, at the record that <see cref="ReadAll"/> stopped before.</summary>
    public CaptureFault? Fault { get; protected set; }

    /// <summary>Bytes to pass over before the next record, without holding them.</summary>
    public long PendingSkip { get; set; }

    protected CaptureLimits Limits { get; } = limits;

    /// <summary>Delivers every whole record at the front of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Unread bytes, beginning at a record.</param>
    /// <param name="sink">Takes the packets.</param>
    /// <param name="needed">Bytes the next record needs, as far as is known; more than what is left over.</param>
    /// <returns>Bytes read; the rest belongs to a record that is not whole, or to a faulty one.</returns>
    public abstract int ReadAll(ReadOnlyMemory<byte> bytes, ICapturedPacketSink sink, out int needed);

    protected void Deliver(ICapturedPacketSink sink, in CapturedPacket packet)
    {
        Packets++;
        Bytes += packet.Bytes.Length;
        sink.OnPacket(packet);
    }

    /// <summary>The wire length is only a number in a file: kept inside what an <see cref="int"/> can hold.</summary>
    protected static int WireLength(uint original, int captured) => (int)Math.Clamp(original, captured, int.MaxValue);
}
