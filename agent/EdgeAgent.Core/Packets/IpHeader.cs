using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>What the IP header says about the transport segment, or the fragment of one, behind it (RFC 791, RFC 8200).</summary>
internal readonly ref struct IpHeader
{
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int HopByHop = 0;
    private const int Routing = 43;
    private const int FragmentHeader = 44;
    private const int DestinationOptions = 60;

    /// <summary>RFC 8200 §4.1 lists each header once, destination options twice; past this the packet is an attack.</summary>
    private const int MaxExtensionHeaders = 8;

    /// <summary>"More fragments" (RFC 791 §3.1).</summary>
    private const int MoreFragments4 = 0x2000;

    /// <summary>Offset in units of 8 bytes (RFC 791 §3.1).</summary>
    private const int OffsetMask4 = 0x1FFF;

    /// <summary>"More fragments" (RFC 8200 §4.5).</summary>
    private const int MoreFragments6 = 1;

    /// <summary>Offset in bytes: in units of 8, above three bits (RFC 8200 §4.5).</summary>
    private const int OffsetMask6 = 0xFFF8;

    /// <summary>4 or 6.</summary>
    public int Version { get; private init; }

    public UInt128 Source { get; private init; }

    public UInt128 Destination { get; private init; }

    public int Protocol { get; private init; }

    /// <summary>First byte of the transport header, counted from the IP header.</summary>
    public int TransportAt { get; private init; }

    /// <summary>End of the datagram as declared, counted from the IP header; may lie past the captured bytes.</summary>
    public int End { get; private init; }

    /// <summary>Which datagram a fragment is of.</summary>
    public uint Identification { get; private init; }

    /// <summary>Where the bytes of a fragment belong in the payload of the datagram, in bytes.</summary>
    public int FragmentOffset { get; private init; }

    public bool HasMoreFragments { get; private init; }

    /// <summary>The payload is UDP or TCP, or may hold it in a tunnel or behind further IPv6 headers.</summary>
    public bool MayCarryTransport =>
        (TransportProtocol)Protocol is TransportProtocol.Udp or TransportProtocol.Tcp
        || TunnelHeader.IsTunnel(Protocol)
        || (Version == 6 && Protocol is HopByHop or Routing or DestinationOptions);

    /// <param name="datagram">Captured bytes from the IP header on, link padding included.</param>
    /// <param name="wireBytes">Bytes on the wire from the IP header on.</param>
    /// <param name="header">
    /// The header when the result is <see cref="DissectResult.Payload"/> or <see cref="DissectResult.Fragment"/>.
    /// </param>
    public static DissectResult TryRead(ReadOnlySpan<byte> datagram, int wireBytes, out IpHeader header)
    {
        header = default;
        if (datagram.IsEmpty)
        {
            return DissectResult.Malformed;
        }

        return (datagram[0] >> 4) switch
        {
            4 => TryReadIPv4(datagram, wireBytes, out header),
            6 => TryReadIPv6(datagram, wireBytes, out header),
            _ => DissectResult.Malformed,
        };
    }

    private static DissectResult TryReadIPv4(ReadOnlySpan<byte> datagram, int wireBytes, out IpHeader header)
    {
        header = default;
        int headerBytes = (datagram[0] & 0x0F) * 4;
        if (headerBytes < IPv4Bytes || datagram.Length < headerBytes)
        {
            return DissectResult.Malformed;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (total == 0)
        {
            total = wireBytes; // segmentation offload: the card would have filled it in, after the capture
        }

        if (total < headerBytes)
        {
            return DissectResult.Malformed;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]);
        header = new IpHeader
        {
            Version = 4,
            Source = IpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]), 0).Address,
            Destination = IpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(datagram[16..]), 0).Address,
            Protocol = datagram[9],
            TransportAt = headerBytes,
            End = total,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]),
            FragmentOffset = (fragment & OffsetMask4) * 8,
            HasMoreFragments = (fragment & MoreFragments4) != 0,
        };
        return (fragment & (OffsetMask4 | MoreFragments4)) == 0 ? DissectResult.Payload : DissectResult.Fragment;
    }

    private static DissectResult TryReadIPv6(ReadOnlySpan<byte> datagram, int wireBytes, out IpHeader header)
    {
        header = default;
        if (datagram.Length < IPv6Bytes)
        {
            return DissectResult.Malformed;
        }

        int payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        int end = payloadBytes == 0 ? wireBytes : IPv6Bytes + payloadBytes; // 0: jumbogram or segmentation offload
        DissectResult result = TrySkipExtensions(datagram, end, out int protocol, out int transportAt, out int fragmentAt);
        if (result is not (DissectResult.Payload or DissectResult.Fragment))
        {
            return result;
        }

        int fragment = result == DissectResult.Fragment ? BinaryPrimitives.ReadUInt16BigEndian(datagram[(fragmentAt + 2)..]) : 0;
        header = new IpHeader
        {
            Version = 6,
            Source = BinaryPrimitives.ReadUInt128BigEndian(datagram[8..]),
            Destination = BinaryPrimitives.ReadUInt128BigEndian(datagram[24..]),
            Protocol = protocol,
            TransportAt = transportAt,
            End = end,
            Identification = fragment == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(datagram[(fragmentAt + 4)..]),
            FragmentOffset = fragment & OffsetMask6,
            HasMoreFragments = (fragment & MoreFragments6) != 0,
        };
        return result;
    }

    /// <summary>Walks to the transport header, or past the fragment header of an incomplete datagram: what follows is then no header.</summary>
    private static DissectResult TrySkipExtensions(
        ReadOnlySpan<byte> datagram, int end, out int protocol, out int transportAt, out int fragmentAt)
    {
        protocol = datagram[6];
        transportAt = IPv6Bytes;
        fragmentAt = 0;
        for (int i = 0; i < MaxExtensionHeaders; i++)
        {
            if (protocol is not (HopByHop or Routing or DestinationOptions or FragmentHeader))
            {
                return transportAt <= end ? DissectResult.Payload : DissectResult.Malformed;
            }

            if (datagram.Length < transportAt + 8)
            {
                return DissectResult.Malformed;
            }

            ReadOnlySpan<byte> extension = datagram[transportAt..];
            bool isFragment = protocol == FragmentHeader
                && (BinaryPrimitives.ReadUInt16BigEndian(extension[2..]) & (OffsetMask6 | MoreFragments6)) != 0;
            fragmentAt = transportAt;
            transportAt += protocol == FragmentHeader ? 8 : 8 + (extension[1] * 8);
            protocol = extension[0];
            if (isFragment) // offset 0 with no more to come is a whole datagram (RFC 6946)
            {
                return transportAt <= end ? DissectResult.Fragment : DissectResult.Malformed;
            }
        }

        return DissectResult.Malformed;
    }
}
