using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Records of a classic pcap file (draft-ietf-opsawg-pcap): a file header, then packets.</summary>
internal sealed class PcapDecoder : RecordDecoder
{
    private const uint MicrosecondMagic = 0xA1B2C3D4;
    private const uint NanosecondMagic = 0xA1B23C4D;

    /// <summary>Files of patched Linux libpcap 0.x: eight bytes more in each record header.</summary>
    private const uint ModifiedMagic = 0xA1B2CD34;

    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int ModifiedRecordHeaderBytes = 24;

    private readonly bool _isBigEndian;
    private readonly bool _isNanosecond;
    private readonly int _recordHeaderBytes;
    private LinkType _link;
    private bool _hasFileHeader;

    private PcapDecoder(uint magic, bool isBigEndian, CaptureLimits limits)
        : base(limits)
    {
        _isBigEndian = isBigEndian;
        _isNanosecond = magic == NanosecondMagic;
        _recordHeaderBytes = magic == ModifiedMagic ? ModifiedRecordHeaderBytes : RecordHeaderBytes;
    }

    /// <summary>Makes the decoder for a file that begins with <paramref name="head"/> (4 bytes), or null when it is no pcap file.</summary>
    public static PcapDecoder? TryCreate(ReadOnlySpan<byte> head, CaptureLimits limits)
    {
        uint big = BinaryPrimitives.ReadUInt32BigEndian(head);
        uint little = BinaryPrimitives.ReadUInt32LittleEndian(head);
        return IsMagic(big) ? new PcapDecoder(big, isBigEndian: true, limits)
            : IsMagic(little) ? new PcapDecoder(little, isBigEndian: false, limits)
            : null;
    }

    public override int ReadAll(ReadOnlyMemory<byte> bytes, ICapturedPacketSink sink, out int needed)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        int at = 0;
        if (!_hasFileHeader)
        {
            needed = FileHeaderBytes;
            if (span.Length < FileHeaderBytes)
            {
                return 0;
            }

            _link = LinkTypes.FromPcap((int)ReadUInt32(span[20..]));
            _hasFileHeader = true;
            at = FileHeaderBytes;
        }

        while (true)
        {
            needed = _recordHeaderBytes;
            if (span.Length - at < needed)
            {
                return at;
            }

            ReadOnlySpan<byte> header = span.Slice(at, RecordHeaderBytes);
            uint captured = ReadUInt32(header[8..]);
            if (captured > (uint)Limits.MaxRecordBytes)
            {
                Fault = CaptureFault.RecordTooLong;
                return at;
            }

            needed += (int)captured;
            if (span.Length - at < needed)
            {
                return at;
            }

            ReadOnlyMemory<byte> frame = bytes.Slice(at + _recordHeaderBytes, (int)captured);
            int wireBytes = WireLength(ReadUInt32(header[12..]), (int)captured);
            Deliver(sink, new CapturedPacket(ReadTime(header), _link, frame, wireBytes));
            at += needed;
        }
    }

    private static bool IsMagic(uint value) => value is MicrosecondMagic or NanosecondMagic or ModifiedMagic;

    private DateTimeOffset ReadTime(ReadOnlySpan<byte> header)
    {
        uint fraction = ReadUInt32(header[4..]);
        long ticks = _isNanosecond
            ? fraction / TimeSpan.NanosecondsPerTick
            : fraction * TimeSpan.TicksPerMicrosecond;

        // Unsigned seconds reach the year 2106: no file can leave the range of DateTime.
        return new DateTimeOffset(
            DateTime.UnixEpoch.Ticks + (ReadUInt32(header) * TimeSpan.TicksPerSecond) + ticks, TimeSpan.Zero);
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
