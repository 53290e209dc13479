using System.Buffers.Binary;
using System.Net;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Hep;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>Other ways in which the same traffic can reach the agent. Each takes and gives packets in the order of the capture.</summary>
internal static class CaseTransforms
{
    /// <summary>A capture of several interfaces may have packets this far out of order.</summary>
    public static readonly TimeSpan ReorderWindow = TimeSpan.FromMilliseconds(20);

    /// <summary>No copy of a real PBX came later.</summary>
    private const int CopyMilliseconds = 232;

    private const byte FragmentHeader = 44;
    private const byte Icmp = 1;
    private const ushort IPv6Type = 0x86DD;
    private const ushort SipPort = 5060;

    /// <summary>
    /// Neighbours change places, again and again, where they are no further apart than the window. Copies of one message keep their order: the
    /// one seen first gives the time.
    /// </summary>
    public static CapturedPacket[] Permuted(CapturedPacket[] packets, Random random)
    {
        CapturedPacket[] result = [.. packets];
        for (int i = 0; i < 4 * result.Length; i++)
        {
            int at = random.Next(result.Length - 1);
            if ((result[at + 1].At - result[at].At).Duration() <= ReorderWindow && !result[at].Bytes.Span.SequenceEqual(result[at + 1].Bytes.Span))
            {
                (result[at], result[at + 1]) = (result[at + 1], result[at]);
            }
        }

        return result;
    }

    /// <summary>Up to three copies of any packet, late, of the same source, of mirrors in any carrier, or handed over by HEP.</summary>
    public static CapturedPacket[] Duplicated(CapturedPacket[] packets, Random random)
    {
        List<CapturedPacket> result = [];
        List<CapturedPacket> waiting = [];
        foreach (CapturedPacket packet in packets)
        {
            result.AddRange(Due(waiting, packet.At));
            result.Add(packet);
            for (int copies = random.Next(4); copies > 0; copies--)
            {
                CapturedPacket copy = packet with { At = packet.At + TimeSpan.FromMilliseconds(random.Next(CopyMilliseconds + 1)) };
                waiting.Add(random.Next(3) switch { 0 => copy, 1 => Carried(copy, random), _ => AsHep(copy, random) });
            }
        }

        return [.. result, .. Due(waiting, DateTimeOffset.MaxValue)];
    }

    /// <summary>Every segment byte by byte; a capture without connections gets some for what it has in UDP.</summary>
    public static CapturedPacket[] ByteByByte(CapturedPacket[] packets)
    {
        TcpWire wire = new();
        List<CapturedPacket> result = [];
        bool hasConnections = packets.Any(packet => PlainFrame.TryRead(packet) is { Protocol: PlainFrame.Tcp });
        foreach (CapturedPacket packet in packets)
        {
            PlainFrame? frame = PlainFrame.TryRead(packet);
            if (frame is { Protocol: PlainFrame.Tcp })
            {
                result.AddRange(SingleBytes(packet, frame.Payload.Length));
            }
            else if (!hasConnections && frame is { Protocol: PlainFrame.Udp, Destination.Port: SipPort })
            {
                int before = wire.Packets.Count;
                byte[] message = TcpWire.WithLength(frame.Payload);
                wire.Send(frame.Source, frame.Destination, message, packet.At);
                result.AddRange(wire.Packets[before..].SelectMany(segment => SingleBytes(segment, PlainFrame.Of(segment).Payload.Length)));
            }
            else
            {
                result.Add(packet);
            }
        }

        return [.. result];
    }

    /// <summary>Every IPv4 packet in fragments of any size and order.</summary>
    public static CapturedPacket[] Fragmented(CapturedPacket[] packets, Random random) => [.. packets.SelectMany((packet, i) =>
    {
        if (!IsIPv4(packet) || IsFragment(packet))
        {
            return [packet];
        }

        CapturedPacket[] parts = [.. Fragments.OfFrame(packet, (ushort)(1_000 + i), 8 * random.Next(1, 60))];
        random.Shuffle(parts);
        return parts;
    })];

    /// <summary>The same hosts under 2001:db8::/96 with their IPv4 address behind; what is not plain IPv4 stays out, which only some cases have.</summary>
    public static CapturedPacket[] OverIPv6(CapturedPacket[] packets) =>
        [.. packets.Select(packet => IsIPv4(packet) && !IsFragment(packet) && packet.Bytes.Length == packet.OriginalLength ? ToIPv6(packet) : packet)];

    /// <summary>Every IPv6 packet in fragments of any size and order.</summary>
    public static CapturedPacket[] FragmentedIPv6(CapturedPacket[] packets, Random random) => [.. OverIPv6(packets).SelectMany((packet, i) =>
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes.Span[12..]) != IPv6Type)
        {
            return [packet];
        }

        CapturedPacket[] parts = [.. FragmentsOfIPv6(packet, (uint)i, 8 * random.Next(1, 60))];
        random.Shuffle(parts);
        return parts;
    })];

    /// <summary>Every packet inside a carrier, some inside two.</summary>
    public static CapturedPacket[] Tunnelled(CapturedPacket[] packets, Random random) =>
        [.. packets.Select(packet => random.Next(3) == 0 ? Carried(Carried(packet, random), random) : Carried(packet, random))];

    /// <summary>SIP messages as HEP of version 2 or 3, plain or compressed, that a listener received at the time of the message.</summary>
    public static CapturedPacket[] ReceivedAsHep(IEnumerable<SeenSip> messages, Random random, TimeSpan clockOffset = default) =>
        [.. messages.Select(message => Received(HepOf(message, random, clockOffset), message.At))];

    /// <summary>The host of IPv4 under 2001:db8::/96.</summary>
    public static IPAddress Mapped(IPAddress address) => new([0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, .. address.GetAddressBytes()]);

    private static List<CapturedPacket> Due(List<CapturedPacket> waiting, DateTimeOffset now)
    {
        List<CapturedPacket> due = [.. waiting.Where(copy => copy.At <= now).OrderBy(copy => copy.At)];
        waiting.RemoveAll(copy => copy.At <= now);
        return due;
    }

    private static IEnumerable<CapturedPacket> SingleBytes(CapturedPacket segment, int payloadBytes)
    {
        byte[] frame = segment.Bytes.ToArray();
        int payloadAt = PlainFrame.TransportAt + ((frame[PlainFrame.TransportAt + 12] >> 4) * 4);
        if (payloadBytes < 2)
        {
            yield return segment;
            yield break;
        }

        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(PlainFrame.TransportAt + 4));
        for (int i = 0; i < payloadBytes; i++)
        {
            byte[] single = [.. frame[..payloadAt], frame[payloadAt + i]];
            BinaryPrimitives.WriteUInt16BigEndian(single.AsSpan(PlainFrame.IpAt + 2), (ushort)(single.Length - PlainFrame.IpAt));
            BinaryPrimitives.WriteUInt32BigEndian(single.AsSpan(PlainFrame.TransportAt + 4), sequence + (uint)i);
            yield return segment with { Bytes = single, OriginalLength = single.Length };
        }
    }

    private static CapturedPacket Carried(CapturedPacket packet, Random random) => IsIPv4(packet) && packet.Bytes.Length == packet.OriginalLength
        ? Carriers.In(packet, Carriers.All[random.Next(Carriers.All.Count)].Wrap)
        : packet;

    private static CapturedPacket AsHep(CapturedPacket packet, Random random) =>
        PlainFrame.TryRead(packet) is { Protocol: PlainFrame.Udp, Destination.Port: SipPort } frame
            ? Received(HepOf(new SeenSip(frame.Payload, frame.Source, frame.Destination, packet.At), random, default), packet.At)
            : packet;

    private static byte[] HepOf(SeenSip message, Random random, TimeSpan clockOffset)
    {
        string text = Encoding.Latin1.GetString(message.Bytes);
        DateTimeOffset at = message.At + clockOffset;
        return random.Next(4) switch
        {
            0 => HepBytes.Fixed(2, text, message.Source, message.Destination, at),
            1 => HepBytes.Compressed(text, message.Source, message.Destination, at, isGzip: random.Next(2) == 0),
            _ => HepBytes.V3(text, message.Source, message.Destination, at),
        };
    }

    private static CapturedPacket Received(byte[] hep, DateTimeOffset at)
    {
        byte[] bytes = [.. new byte[10], 0xFF, 0xFF, 10, 0, 0, 5, .. hep];
        return new CapturedPacket(at, LinkType.ReceivedHep, bytes, bytes.Length);
    }

    private static bool IsIPv4(CapturedPacket packet) =>
        packet.Link == LinkType.Ethernet && BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes.Span[12..]) == PlainFrame.IPv4Type;

    private static bool IsFragment(CapturedPacket packet) =>
        packet.Bytes.Length != packet.OriginalLength || (BinaryPrimitives.ReadUInt16BigEndian(packet.Bytes.Span[(PlainFrame.IpAt + 6)..]) & 0x3FFF) != 0;

    private static CapturedPacket ToIPv6(CapturedPacket packet)
    {
        byte[] frame = packet.Bytes.ToArray();
        byte protocol = frame[PlainFrame.IpAt + 9];
        if (protocol == Icmp)
        {
            return packet; // quotes an IPv4 packet: another protocol over IPv6
        }

        byte[] ip = Frames.IPv6(protocol, frame[PlainFrame.TransportAt..]);
        Mapped(new IPAddress(frame.AsSpan(PlainFrame.IpAt + 12, 4))).GetAddressBytes().CopyTo(ip, 8);
        Mapped(new IPAddress(frame.AsSpan(PlainFrame.IpAt + 16, 4))).GetAddressBytes().CopyTo(ip, 24);
        byte[] whole = Frames.Ethernet(IPv6Type, ip);
        return packet with { Bytes = whole, OriginalLength = whole.Length };
    }

    private static IEnumerable<CapturedPacket> FragmentsOfIPv6(CapturedPacket packet, uint identification, int bytes)
    {
        const int Headers = 14 + 40;
        byte[] frame = packet.Bytes.ToArray();
        for (int at = 0; at < frame.Length - Headers; at += bytes)
        {
            bool hasMore = Headers + at + bytes < frame.Length;
            byte[] tail = new byte[7];
            BinaryPrimitives.WriteUInt16BigEndian(tail.AsSpan(1), (ushort)(at | (hasMore ? 1 : 0)));
            BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(3), identification);
            byte[] body = Frames.Extension(frame[20], tail, frame[(Headers + at)..Math.Min(Headers + at + bytes, frame.Length)]);
            byte[] part = [.. frame[..Headers], .. body];
            part[20] = FragmentHeader;
            BinaryPrimitives.WriteUInt16BigEndian(part.AsSpan(18), (ushort)body.Length);
            yield return packet with { Bytes = part, OriginalLength = part.Length };
        }
    }
}

/// <summary>A SIP message that an engine saw.</summary>
internal sealed record SeenSip(byte[] Bytes, IpEndpoint Source, IpEndpoint Destination, DateTimeOffset At);

/// <summary>Keeps every SIP message of a run.</summary>
internal sealed class SipKeeper : ISipTap
{
    public List<SeenSip> Messages { get; } = [];

    public void OnSip(ReadOnlySpan<byte> message, TransportProtocol protocol, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
        Messages.Add(new SeenSip(message.ToArray(), source, destination, at));
}
