using System.Buffers;
using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Writes the classic capture format with nanoseconds, link type Raw.</summary>
public static class PcapEncoder
{
    private const uint MagicNanoseconds = 0xA1B2_3C4D;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int SnapLengthBytes = 262_144;
    private const int NanosecondsPerTick = 100;

    /// <summary>Begins a file.</summary>
    public static void WriteHeader(IBufferWriter<byte> output)
    {
        Span<byte> header = output.GetSpan(FileHeaderBytes)[..FileHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, MagicNanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], SnapLengthBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], (int)LinkType.Raw);
        output.Advance(FileHeaderBytes);
    }

    /// <summary>Adds a packet.</summary>
    public static void WritePacket(IBufferWriter<byte> output, DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        long ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        (long seconds, long rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        Span<byte> record = output.GetSpan(RecordHeaderBytes + packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(rest * NanosecondsPerTick));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], packet.Length);
        packet.CopyTo(record[RecordHeaderBytes..]);
        output.Advance(RecordHeaderBytes + packet.Length);
    }
}
