using System.Buffers.Binary;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Hep;

/// <summary>
/// Decodes the Homer encapsulation protocol, versions 1 to 3 (HEP3 specification rev. 37, sipcapture.org), in which a PBX hands over the
/// SIP it sent and received: after decryption, so that TLS trunks count too. Pure, allocates nothing, never throws on input.
/// </summary>
public static class HepParser
{
    /// <summary>Bytes of the fixed header of version 3: magic and total length.</summary>
    public const int HeaderBytes = 6;

    /// <summary>Bytes of the header of each chunk of version 3: vendor, type, length.</summary>
    internal const int ChunkHeaderBytes = 6;

    private const int AddressHeaderBytes = 8;
    private const int TimeHeaderBytes = 12;
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;
    private const int ProtocolTypeSip = 1;
    private const int MicrosecondsPerSecond = 1_000_000;

    private static ReadOnlySpan<byte> Magic => "HEP3"u8;

    private enum Chunk
    {
        Family = 1,
        Protocol = 2,
        SourceIPv4 = 3,
        DestinationIPv4 = 4,
        SourceIPv6 = 5,
        DestinationIPv6 = 6,
        SourcePort = 7,
        DestinationPort = 8,
        Seconds = 9,
        Microseconds = 10,
        ProtocolType = 11,
        CaptureId = 12,
        Key = 14,
        Payload = 15,
        CompressedPayload = 16,
    }

    /// <summary>Total length that a version 3 packet says it has, the header included; false when the bytes are no such header.</summary>
    /// <param name="header">At least <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="length">Length in bytes.</param>
    public static bool TryReadLength(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        if (header.Length < HeaderBytes || !header.StartsWith(Magic))
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        return length >= HeaderBytes;
    }

    /// <summary>Whether a datagram found in a capture is HEP that carries SIP; versions 1 and 2 have no magic, so the SIP in them must show.</summary>
    public static bool LooksLikeHep(ReadOnlySpan<byte> datagram) =>
        datagram.StartsWith(Magic)
        || (datagram.Length > AddressHeaderBytes && datagram[0] is 1 or 2
            && TryParse(datagram, out HepPacket packet) == HepRejection.None
            && Sip.SipFramer.LooksLikeStart(packet.Payload));

    /// <summary>Decodes <paramref name="datagram"/>.</summary>
    /// <param name="datagram">The whole packet. Version 3 may say it is longer than it is, as long as every chunk is there.</param>
    /// <param name="packet">A view on it when the result is <see cref="HepRejection.None"/>.</param>
    /// <returns>None, or why there is no SIP message in it.</returns>
    public static HepRejection TryParse(ReadOnlySpan<byte> datagram, out HepPacket packet)
    {
        packet = default;
        if (datagram.StartsWith(Magic))
        {
            return TryParseChunks(datagram, out packet);
        }

        return datagram.IsEmpty ? HepRejection.HepTruncated
            : datagram[0] is 1 or 2 ? TryParseFixed(datagram, out packet)
            : HepRejection.HepUnknownVersion;
    }

    private static HepRejection TryParseChunks(ReadOnlySpan<byte> datagram, out HepPacket packet)
    {
        packet = default;
        if (datagram.Length < HeaderBytes)
        {
            return HepRejection.HepTruncated;
        }

        int declared = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (declared < HeaderBytes)
        {
            return HepRejection.HepBadLength;
        }

        ChunkReader chunks = new();
        ReadOnlySpan<byte> rest = datagram[HeaderBytes..Math.Min(declared, datagram.Length)];
        while (!rest.IsEmpty)
        {
            if (rest.Length < ChunkHeaderBytes)
            {
                return HepRejection.HepTruncated;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
            if (length < ChunkHeaderBytes || length > rest.Length)
            {
                return length < ChunkHeaderBytes ? HepRejection.HepBadLength : HepRejection.HepTruncated;
            }

            bool isGeneric = BinaryPrimitives.ReadUInt16BigEndian(rest) == 0; // else a vendor's own
            if (isGeneric && !chunks.TryTake((Chunk)BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), rest[ChunkHeaderBytes..length]))
            {
                return HepRejection.HepBadLength;
            }

            rest = rest[length..];
        }

        return chunks.TryFinish(out packet);
    }

    /// <summary>Versions 1 and 2: fixed headers, the time of version 2 in the byte order of its sender.</summary>
    private static HepRejection TryParseFixed(ReadOnlySpan<byte> datagram, out HepPacket packet)
    {
        packet = default;
        if (datagram.Length < AddressHeaderBytes)
        {
            return HepRejection.HepTruncated;
        }

        int version = datagram[0];
        int addressBytes = datagram[2] switch { FamilyIPv4 => 4, FamilyIPv6 => 16, _ => 0 };
        int headerBytes = AddressHeaderBytes + (2 * addressBytes);
        if (addressBytes == 0 || datagram[1] != headerBytes)
        {
            return HepRejection.HepBadLength;
        }

        int payloadAt = headerBytes + (version == 2 ? TimeHeaderBytes : 0);
        if (datagram.Length <= payloadAt)
        {
            return HepRejection.HepTruncated;
        }

        DateTimeOffset? at = null;
        uint captureId = 0;
        if (version == 2)
        {
            ReadOnlySpan<byte> time = datagram[headerBytes..];
            bool isLittleEndian = BinaryPrimitives.ReadUInt32LittleEndian(time[4..]) < MicrosecondsPerSecond;
            at = TimeOf(
                isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(time) : BinaryPrimitives.ReadUInt32BigEndian(time),
                isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(time[4..]) : BinaryPrimitives.ReadUInt32BigEndian(time[4..]));
            captureId = isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(time[8..]) : BinaryPrimitives.ReadUInt16BigEndian(time[8..]);
        }

        packet = new HepPacket
        {
            Version = version,
            Source = EndpointOf(datagram[AddressHeaderBytes..][..addressBytes], BinaryPrimitives.ReadUInt16BigEndian(datagram[4..])),
            Destination = EndpointOf(
                datagram[(AddressHeaderBytes + addressBytes)..][..addressBytes], BinaryPrimitives.ReadUInt16BigEndian(datagram[6..])),
            Transport = TransportOf(datagram[3]),
            At = at,
            CaptureId = captureId,
            Payload = datagram[payloadAt..],
        };
        return HepRejection.None;
    }

    private static TransportProtocol TransportOf(int protocol) =>
        protocol == (int)TransportProtocol.Udp ? TransportProtocol.Udp : TransportProtocol.Tcp;

    private static DateTimeOffset TimeOf(uint seconds, uint microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (Math.Min(microseconds, 999_999) * TimeSpan.TicksPerMicrosecond));

    private static IpEndpoint EndpointOf(ReadOnlySpan<byte> address, ushort port) => address.Length == 4
        ? IpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(address), port)
        : new IpEndpoint(BinaryPrimitives.ReadUInt128BigEndian(address), port);

    /// <summary>What the chunks have told so far; they come in any order.</summary>
    private ref struct ChunkReader
    {
        private ReadOnlySpan<byte> _source;
        private ReadOnlySpan<byte> _destination;
        private ReadOnlySpan<byte> _key;
        private ReadOnlySpan<byte> _payload;
        private bool _isCompressed;
        private bool _hasPayload;
        private int _protocol;
        private int _protocolType;
        private ushort _sourcePort;
        private ushort _destinationPort;
        private uint? _seconds;
        private uint _microseconds;
        private uint _captureId;

        /// <summary>False when the value has not the size of its kind.</summary>
        public bool TryTake(Chunk kind, ReadOnlySpan<byte> value)
        {
            switch (kind)
            {
                case Chunk.Family: // the address chunks tell it too, and some senders contradict themselves here
                    return value.Length == 1;
                case Chunk.Protocol when value.Length == 1:
                    _protocol = value[0];
                    return true;
                case Chunk.SourceIPv4 or Chunk.SourceIPv6 when value.Length is 4 or 16:
                    _source = value;
                    return true;
                case Chunk.DestinationIPv4 or Chunk.DestinationIPv6 when value.Length is 4 or 16:
                    _destination = value;
                    return true;
                case Chunk.SourcePort:
                    return BinaryPrimitives.TryReadUInt16BigEndian(value, out _sourcePort) && value.Length == 2;
                case Chunk.DestinationPort:
                    return BinaryPrimitives.TryReadUInt16BigEndian(value, out _destinationPort) && value.Length == 2;
                case Chunk.Seconds when value.Length == 4:
                    _seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case Chunk.Microseconds:
                    return BinaryPrimitives.TryReadUInt32BigEndian(value, out _microseconds) && value.Length == 4;
                case Chunk.ProtocolType when value.Length == 1:
                    _protocolType = value[0];
                    return true;
                case Chunk.CaptureId when value.Length is 2 or 4: // rev. 37 has 4 bytes, senders before it 2
                    _captureId = value.Length == 4
                        ? BinaryPrimitives.ReadUInt32BigEndian(value)
                        : BinaryPrimitives.ReadUInt16BigEndian(value);
                    return true;
                case Chunk.Key:
                    _key = value;
                    return true;
                case Chunk.Payload or Chunk.CompressedPayload:
                    _payload = value;
                    _hasPayload = true;
                    _isCompressed = kind == Chunk.CompressedPayload;
                    return true;
                case Chunk.Protocol or Chunk.SourceIPv4 or Chunk.SourceIPv6 or Chunk.DestinationIPv4 or Chunk.DestinationIPv6
                    or Chunk.Seconds or Chunk.ProtocolType or Chunk.CaptureId:
                    return false;
                default:
                    return true;
            }
        }

        public readonly HepRejection TryFinish(out HepPacket packet)
        {
            packet = default;
            if (_protocolType != ProtocolTypeSip && _protocolType != 0)
            {
                return HepRejection.HepNotSip;
            }

            if (_source.IsEmpty || _destination.IsEmpty || _seconds is null || !_hasPayload || _payload.IsEmpty)
            {
                return HepRejection.HepIncomplete;
            }

            packet = new HepPacket
            {
                Version = 3,
                Source = EndpointOf(_source, _sourcePort),
                Destination = EndpointOf(_destination, _destinationPort),
                Transport = TransportOf(_protocol),
                At = TimeOf(_seconds.Value, _microseconds),
                CaptureId = _captureId,
                Key = _key,
                Payload = _payload,
                IsCompressed = _isCompressed,
            };
            return HepRejection.None;
        }
    }
}
