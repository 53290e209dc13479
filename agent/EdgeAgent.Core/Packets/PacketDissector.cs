using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Packets;

/// <summary>Finds the UDP datagram or TCP segment inside a captured frame. Pure, allocates nothing, never throws on input.</summary>
public static class PacketDissector
{
    private const int UdpBytes = 8;
    private const int TcpBytes = 20;

    /// <summary>Packets within packets: a mirror of a tunnel within a tunnel has three.</summary>
    private const int MaxTunnels = 4;

    private const TcpControl ReadControls = TcpControl.Fin | TcpControl.Syn | TcpControl.Rst | TcpControl.Ack;

    /// <summary>Walks link, IP and transport header of <paramref name="packet"/>, through tunnels where there are any.</summary>
    /// <param name="packet">A captured frame.</param>
    /// <param name="transport">
    /// A view on the frame when the result is <see cref="DissectResult.Payload"/>. When it is <see cref="DissectResult.Fragment"/> the
    /// payload is the fragment from its IP header on, and nothing else is set but <see cref="TransportPacket.IsCut"/>.
    /// </param>
    /// <returns><see cref="DissectResult.Payload"/>, or the cause for which the frame is passed over.</returns>
    public static DissectResult TryDissect(in CapturedPacket packet, out TransportPacket transport) =>
        TryDissect(packet, MaxTunnels, out transport);

    private static DissectResult TryDissect(in CapturedPacket packet, int tunnels, out TransportPacket transport)
    {
        Unsafe.SkipInit(out transport);
        ReadOnlySpan<byte> frame = packet.Bytes.Span;
        DissectResult result = DissectResult.Payload;
        if (!TrySkipPlainEthernet(packet.Link, frame, out int ipAt))
        {
            result = LinkHeader.TryFindIp(frame, packet.Link, out ipAt);
        }

        if (result == DissectResult.Payload)
        {
            ReadOnlySpan<byte> datagram = frame[ipAt..];
            result = IpHeader.TryRead(datagram, Math.Max(packet.OriginalLength - ipAt, datagram.Length), out IpHeader ip);
            if (result == DissectResult.Payload)
            {
                result = (TransportProtocol)ip.Protocol switch
                {
                    TransportProtocol.Udp => TryReadUdp(packet.Bytes, datagram, ipAt, ip, out transport),
                    TransportProtocol.Tcp => TryReadTcp(packet.Bytes, datagram, ipAt, ip, out transport),
                    _ => TryEnterTunnel(packet, ipAt, ip, tunnels, out transport),
                };
                if (result == DissectResult.Payload && TunnelHeader.IsVxlanPort(transport.Destination.Port))
                {
                    result = TryEnterVxlan(packet, tunnels, ref transport);
                }
            }
            else if (result == DissectResult.Fragment)
            {
                return TakeFragment(packet.Bytes[ipAt..], ip, out transport);
            }
        }

        if (result is not (DissectResult.Payload or DissectResult.Fragment))
        {
            transport = default;
        }

        return result;
    }

    private static DissectResult TakeFragment(ReadOnlyMemory<byte> datagram, in IpHeader ip, out TransportPacket transport)
    {
        transport = default;
        if (!ip.MayCarryTransport)
        {
            return DissectResult.OtherProtocol;
        }

        transport = new TransportPacket(
            default, default, default, datagram[..Math.Min(ip.End, datagram.Length)], IsCut: ip.End > datagram.Length);
        return DissectResult.Fragment;
    }

    private static DissectResult TryEnterTunnel(
        in CapturedPacket packet, int ipAt, in IpHeader ip, int tunnels, out TransportPacket transport)
    {
        transport = default;
        int payloadAt = ipAt + ip.TransportAt;
        int capturedEnd = Math.Min(ipAt + ip.End, packet.Bytes.Length);
        if (tunnels == 0 || !TunnelHeader.IsTunnel(ip.Protocol) || payloadAt > capturedEnd)
        {
            return DissectResult.OtherProtocol;
        }

        ReadOnlyMemory<byte> payload = packet.Bytes[payloadAt..capturedEnd];
        DissectResult result = TunnelHeader.TryEnter(ip.Protocol, payload.Span, out LinkType link, out int innerAt);
        if (result != DissectResult.Payload || innerAt > payload.Length)
        {
            return result == DissectResult.Payload ? DissectResult.Malformed : result;
        }

        CapturedPacket inner = new(packet.At, link, payload[innerAt..], ip.End - ip.TransportAt - innerAt);
        return TryDissect(inner, tunnels - 1, out transport);
    }

    /// <summary>What is no VXLAN after all stays the datagram it is.</summary>
    private static DissectResult TryEnterVxlan(in CapturedPacket packet, int tunnels, ref TransportPacket transport)
    {
        if (tunnels == 0 || transport.Protocol != TransportProtocol.Udp
            || !TunnelHeader.TryEnterVxlan(transport.Payload.Span, out int innerAt))
        {
            return DissectResult.Payload;
        }

        ReadOnlyMemory<byte> frame = transport.Payload[innerAt..];
        CapturedPacket inner = new(packet.At, LinkType.Ethernet, frame, frame.Length);
        return TryDissect(inner, tunnels - 1, out transport);
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
