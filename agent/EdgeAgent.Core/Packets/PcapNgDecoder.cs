using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Blocks of a pcapng file (draft-ietf-opsawg-pcapng): sections, interfaces, packets; all others are skipped.</summary>
/// <param name="limits">Sizes past which a block is refused.</param>
internal sealed class PcapNgDecoder(CaptureLimits limits) : RecordDecoder(limits)
{
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;

    /// <summary>Type, length, and the length once more behind the body.</summary>
    private const int BlockOverheadBytes = 12;

    private const int BodyAt = 8;
    private const int TrailerBytes = 4;

    /// <summary>Interface, time, captured and original length.</summary>
    private const int PacketHeaderBytes = 20;

    private const ushort OptionEnd = 0;
    private const ushort OptionTimeResolution = 9;
    private const ushort OptionTimeOffset = 14;
    private const byte Microseconds = 6;

    private readonly List<PcapNgInterface> _interfaces = [];
    private bool _isBigEndian;
    private DateTimeOffset _lastTime = DateTimeOffset.UnixEpoch;

    public override int ReadAll(ReadOnlyMemory<byte> bytes, ICapturedPacketSink sink, out int needed)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        int at = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = span[at..];
            needed = BlockOverheadBytes;
            if (rest.Length < needed)
            {
                return at;
            }

            if (!TryMeasure(rest, out uint type, out uint length))
            {
                return at;
            }

            needed = (int)length;
            if (rest.Length < needed)
            {
                return at;
            }

            if (ReadUInt32(rest[(needed - TrailerBytes)..]) != length)
            {
                Fault = CaptureFault.CorruptBlockLength;
            }
            else
            {
                ReadBlock(type, bytes.Slice(at + BodyAt, needed - BlockOverheadBytes), sink);
            }

            if (Fault is not null)
            {
                return at;
            }

            at += needed;
        }
    }

    /// <summary>False when there is nothing to read here: a fault, or a block to be skipped.</summary>
    private bool TryMeasure(ReadOnlySpan<byte> block, out uint type, out uint length)
    {
        type = ReadUInt32(block);
        if (type == SectionHeader) // reads the same in both byte orders
        {
            uint mark = BinaryPrimitives.ReadUInt32BigEndian(block[BodyAt..]);
            _isBigEndian = mark == ByteOrderMagic;
            if (!_isBigEndian && BinaryPrimitives.ReverseEndianness(mark) != ByteOrderMagic)
            {
                Fault = CaptureFault.CorruptSection;
            }
        }

        length = ReadUInt32(block[4..]);
        if (length < BlockOverheadBytes || length % 4 != 0)
        {
            Fault ??= CaptureFault.CorruptBlockLength;
        }
        else if (length > (uint)Limits.MaxRecordBytes + BlockOverheadBytes)
        {
            if (type is SectionHeader or InterfaceDescription or ObsoletePacket or SimplePacket or EnhancedPacket)
            {
                Fault ??= CaptureFault.RecordTooLong;
            }
            else
            {
                PendingSkip = length;
            }
        }

        return Fault is null && PendingSkip == 0;
    }

    private void ReadBlock(uint type, ReadOnlyMemory<byte> body, ICapturedPacketSink sink)
    {
        switch (type)
        {
            case SectionHeader:
                _interfaces.Clear(); // interface numbers count from 0 in every section
                break;
            case InterfaceDescription:
                ReadInterface(body.Span);
                break;
            case EnhancedPacket:
            case ObsoletePacket:
                ReadPacket(body, isObsolete: type == ObsoletePacket, sink);
                break;
            case SimplePacket:
                ReadSimplePacket(body, sink);
                break;
            default:
                break;
        }
    }

    private void ReadInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
        {
            Fault = CaptureFault.CorruptBlockLength;
            return;
        }

        if (_interfaces.Count >= Limits.MaxInterfaces)
        {
            Fault = CaptureFault.TooManyInterfaces;
            return;
        }

        byte resolution = Microseconds;
        long offsetSeconds = 0;
        ReadOnlySpan<byte> options = body[8..];
        while (options.Length >= 4)
        {
            ushort code = ReadUInt16(options);
            int length = ReadUInt16(options[2..]);
            if (code == OptionEnd || options.Length < 4 + length)
            {
                break;
            }

            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (code == OptionTimeResolution && length >= 1)
            {
                resolution = value[0];
            }
            else if (code == OptionTimeOffset && length >= 8)
            {
                offsetSeconds = _isBigEndian
                    ? BinaryPrimitives.ReadInt64BigEndian(value)
                    : BinaryPrimitives.ReadInt64LittleEndian(value);
            }

            options = options[Math.Min(4 + ((length + 3) & ~3), options.Length)..]; // padded to 32 bits
        }

        LinkType link = LinkTypes.FromPcap(ReadUInt16(body));
        _interfaces.Add(new PcapNgInterface(link, ReadUInt32(body[4..]), resolution, offsetSeconds));
    }

    private void ReadPacket(ReadOnlyMemory<byte> body, bool isObsolete, ICapturedPacketSink sink)
    {
        ReadOnlySpan<byte> span = body.Span;
        if (span.Length < PacketHeaderBytes || ReadUInt32(span[12..]) > (uint)(span.Length - PacketHeaderBytes))
        {
            Fault = CaptureFault.CorruptBlockLength;
            return;
        }

        // The obsolete block shares the first word with a drop count; all else lies where it lies today.
        uint interfaceNumber = isObsolete ? ReadUInt16(span) : ReadUInt32(span);

        if (interfaceNumber >= (uint)_interfaces.Count)
        {
            Fault = CaptureFault.UnknownInterface;
            return;
        }

        PcapNgInterface source = _interfaces[(int)interfaceNumber];
        int captured = (int)ReadUInt32(span[12..]);
        _lastTime = source.ToTime(((ulong)ReadUInt32(span[4..]) << 32) | ReadUInt32(span[8..]));
        int wireBytes = WireLength(ReadUInt32(span[16..]), captured);
        Deliver(sink, new CapturedPacket(_lastTime, source.Link, body.Slice(PacketHeaderBytes, captured), wireBytes));
    }

    /// <summary>Simple packets have no time of their own: they get that of the packet before.</summary>
    private void ReadSimplePacket(ReadOnlyMemory<byte> body, ICapturedPacketSink sink)
    {
        if (body.Length < 4)
        {
            Fault = CaptureFault.CorruptBlockLength;
            return;
        }

        if (_interfaces.Count == 0)
        {
            Fault = CaptureFault.UnknownInterface;
            return;
        }

        PcapNgInterface source = _interfaces[0];
        uint original = ReadUInt32(body.Span);
        uint snap = source.SnapBytes == 0 ? uint.MaxValue : source.SnapBytes;
        int captured = (int)Math.Min(Math.Min(original, snap), (uint)(body.Length - 4));
        int wireBytes = WireLength(original, captured);
        Deliver(sink, new CapturedPacket(_lastTime, source.Link, body.Slice(4, captured), wireBytes));
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) => _isBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
