using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Packets;

/// <summary>Finds the UDP datagram or TCP segment inside a captured frame. Pure, allocates nothing, never throws on input.</summary>
public static class PacketDissector
{
    private const int UdpBytes = 8;
    private const int TcpBytes = 20;
    private const TcpControl ReadControls = TcpControl.Fin | TcpControl.Syn | TcpControl.Rst | TcpControl.Ack;

    /// <summary>Walks link, IP and transport header of <paramref name="packet"/>.</summary>
    /// <param name="packet">A captured frame.</param>
    /// <param name="transport">A view on the frame when the result is <see cref="DissectResult.Payload"/>.</param>
    /// <returns><see cref="DissectResult.Payload"/>, or the cause for which the frame is passed over.</returns>
    public static DissectResult TryDissect(in CapturedPacket packet, out TransportPacket transport)
    {
        Unsafe.SkipInit(out transport);
        DissectResult result = TryFindIp(packet, out int ipAt, out IpHeader ip);
        if (result == DissectResult.Payload)
        {
            ReadOnlySpan<byte> datagram = packet.Bytes.Span[ipAt..];
            result = (TransportProtocol)ip.Protocol switch
            {
                TransportProtocol.Udp => TryReadUdp(packet.Bytes, datagram, ipAt, ip, out transport),
                TransportProtocol.Tcp => TryReadTcp(packet.Bytes, datagram, ipAt, ip, out transport),
                _ => DissectResult.OtherProtocol,
            };
        }

        if (result != DissectResult.Payload)
        {
            transport = default;
        }

        return result;
    }

    /// <summary>Walks link and IP header of <paramref name="packet"/>.</summary>
    /// <param name="packet">A captured frame.</param>
    /// <param name="ipAt">First byte of the IP header.</param>
    /// <param name="ip">The header when the result is <see cref="DissectResult.Payload"/> or <see cref="DissectResult.Fragment"/>.</param>
    internal static DissectResult TryFindIp(in CapturedPacket packet, out int ipAt, out IpHeader ip)
    {
        ReadOnlySpan<byte> frame = packet.Bytes.Span;
        if (!TrySkipPlainEthernet(packet.Link, frame, out ipAt))
        {
            DissectResult found = LinkHeader.TryFindIp(frame, packet.Link, out ipAt);
            if (found != DissectResult.Payload)
            {
                ip = default;
                return found;
            }
        }

        ReadOnlySpan<byte> datagram = frame[ipAt..];
        DissectResult result = IpHeader.TryRead(datagram, Math.Max(packet.OriginalLength - ipAt, datagram.Length), out ip);
        return result == DissectResult.Fragment && !ip.MayCarryTransport ? DissectResult.OtherProtocol : result;
    }

    /// <summary>Nearly every frame: Ethernet without a tag, then IPv4.</summary>
    private static bool TrySkipPlainEthernet(LinkType link, ReadOnlySpan<byte> frame, out int ipAt)
    {
        ipAt = LinkHeader.EthernetBytes;
        return link == LinkType.Ethernet
            && frame.Length > LinkHeader.EthernetBytes
            && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == LinkHeader.EtherTypeIPv4;
    }

    private static DissectResult TryReadUdp(
        ReadOnlyMemory<byte> frame, ReadOnlySpan<byte> datagram, int ipAt, in IpHeader ip, out TransportPacket transport)
    {
        Unsafe.SkipInit(out transport);
        if (datagram.Length < ip.TransportAt + UdpBytes)
        {
            return DissectResult.Malformed;
        }

        ReadOnlySpan<byte> udp = datagram[ip.TransportAt..];
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        int end = length == 0 ? ip.End : ip.TransportAt + length; // 0: jumbogram (RFC 2675 §4) or offload
        int payloadAt = ip.TransportAt + UdpBytes;
        if (end < payloadAt || end > ip.End)
        {
            return DissectResult.Malformed;
        }

        int capturedEnd = Math.Min(end, datagram.Length);
        transport = new TransportPacket(
            new IpEndpoint(ip.Source, BinaryPrimitives.ReadUInt16BigEndian(udp)),
            new IpEndpoint(ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(udp[2..])),
            TransportProtocol.Udp,
            frame.Slice(ipAt + payloadAt, capturedEnd - payloadAt),
            IsCut: capturedEnd < end);
        return DissectResult.Payload;
    }

    private static DissectResult TryReadTcp(
        ReadOnlyMemory<byte> frame, ReadOnlySpan<byte> datagram, int ipAt, in IpHeader ip, out TransportPacket transport)
    {
        Unsafe.SkipInit(out transport);
        if (datagram.Length < ip.TransportAt + TcpBytes)
        {
            return DissectResult.Malformed;
        }

        ReadOnlySpan<byte> tcp = datagram[ip.TransportAt..];
        int headerBytes = (tcp[12] >> 4) * 4;
        int payloadAt = ip.TransportAt + headerBytes;
        if (headerBytes < TcpBytes || payloadAt > ip.End || payloadAt > datagram.Length)
        {
            return DissectResult.Malformed;
        }

        int capturedEnd = Math.Min(ip.End, datagram.Length);
        transport = new TransportPacket(
            new IpEndpoint(ip.Source, BinaryPrimitives.ReadUInt16BigEndian(tcp)),
            new IpEndpoint(ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(tcp[2..])),
            TransportProtocol.Tcp,
            frame.Slice(ipAt + payloadAt, capturedEnd - payloadAt),
            IsCut: capturedEnd < ip.End,
            BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]),
            (TcpControl)tcp[13] & ReadControls,
            BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]));
        return DissectResult.Payload;
    }
}
