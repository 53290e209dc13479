using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>What the IP header says about the transport segment behind it (RFC 791, RFC 8200).</summary>
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

    /// <summary>"More fragments" and the 13 bits of the offset (RFC 791 §3.1).</summary>
    private const int FragmentMask = 0x3FFF;

    public UInt128 Source { get; private init; }

    public UInt128 Destination { get; private init; }

    public int Protocol { get; private init; }

    /// <summary>First byte of the transport header, counted from the IP header.</summary>
    public int TransportAt { get; private init; }

    /// <summary>End of the datagram as declared, counted from the IP header; may lie past the captured bytes.</summary>
    public int End { get; private init; }

    /// <param name="datagram">Captured bytes from the IP header on, link padding included.</param>
    /// <param name="wireBytes">Bytes on the wire from the IP header on.</param>
    /// <param name="header">The header when the result is <see cref="DissectResult.Payload"/>.</param>
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

        if ((BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) & FragmentMask) != 0)
        {
            return DissectResult.Fragment;
        }

        header = new IpHeader
        {
            Source = IpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]), 0).Address,
            Destination = IpEndpoint.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(datagram[16..]), 0).Address,
            Protocol = datagram[9],
            TransportAt = headerBytes,
            End = total,
        };
        return DissectResult.Payload;
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
        DissectResult result = TrySkipExtensions(datagram, end, out int protocol, out int transportAt);
        if (result != DissectResult.Payload)
        {
            return result;
        }

        header = new IpHeader
        {
            Source = BinaryPrimitives.ReadUInt128BigEndian(datagram[8..]),
            Destination = BinaryPrimitives.ReadUInt128BigEndian(datagram[24..]),
            Protocol = protocol,
            TransportAt = transportAt,
            End = end,
        };
        return DissectResult.Payload;
    }

    private static DissectResult TrySkipExtensions(
        ReadOnlySpan<byte> datagram, int end, out int protocol, out int transportAt)
    {
        protocol = datagram[6];
        transportAt = IPv6Bytes;
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
            int bytes = 8;
            if (protocol != FragmentHeader)
            {
                bytes += extension[1] * 8;
            }
            else if ((BinaryPrimitives.ReadUInt16BigEndian(extension[2..]) & 0xFFF9) != 0)
            {
                return DissectResult.Fragment; // offset 0 with no more to come is a whole datagram (RFC 6946)
            }

            protocol = extension[0];
            transportAt += bytes;
        }

        return DissectResult.Malformed;
    }
}
