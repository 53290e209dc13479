using System.Buffers.Binary;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Cuts a UDP datagram into IP fragments.</summary>
internal static class Fragments
{
    private const byte UdpProtocol = 17;
    private const byte FragmentHeader = 44;

    /// <param name="payload">Payload of the UDP datagram.</param>
    /// <param name="identification">Shared by all fragments.</param>
    /// <param name="bytes">Bytes of IP payload in each fragment but the last; a multiple of 8.</param>
    /// <param name="isIPv6">IPv6 instead of IPv4.</param>
    /// <returns>Raw IP packets, in order; one alone when all fits.</returns>
    public static byte[][] Of(byte[] payload, ushort identification, int bytes, bool isIPv6 = false)
    {
        byte[] udp = Frames.Udp(payload);
        List<byte[]> frames = [];
        for (int at = 0; at < udp.Length; at += bytes)
        {
            byte[] part = udp[at..Math.Min(at + bytes, udp.Length)];
            bool hasMore = at + bytes < udp.Length;
            frames.Add(isIPv6 ? IPv6(part, at, hasMore, identification) : IPv4(part, at, hasMore, identification));
        }

        return [.. frames];
    }

    /// <summary>Cuts a captured Ethernet frame with a plain IPv4 header; the fragments have its time.</summary>
    public static IEnumerable<CapturedPacket> OfFrame(CapturedPacket packet, ushort identification, int bytes)
    {
        const int Headers = 14 + 20;
        byte[] frame = packet.Bytes.ToArray();
        for (int at = 0; at < frame.Length - Headers; at += bytes)
        {
            byte[] part = [.. frame[..Headers], .. frame[(Headers + at)..Math.Min(Headers + at + bytes, frame.Length)]];
            bool hasMore = Headers + at + bytes < frame.Length;
            BinaryPrimitives.WriteUInt16BigEndian(part.AsSpan(16), (ushort)(part.Length - 14));
            BinaryPrimitives.WriteUInt16BigEndian(part.AsSpan(18), identification);
            BinaryPrimitives.WriteUInt16BigEndian(part.AsSpan(20), (ushort)((at / 8) | (hasMore ? 0x2000 : 0)));
            yield return packet with { Bytes = part, OriginalLength = part.Length };
        }
    }

    private static byte[] IPv4(byte[] part, int offset, bool hasMore, ushort identification)
    {
        byte[] frame = Frames.IPv4(UdpProtocol, part, fragment: (ushort)((offset / 8) | (hasMore ? 0x2000 : 0)));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), identification);
        return frame;
    }

    private static byte[] IPv6(byte[] part, int offset, bool hasMore, ushort identification)
    {
        byte[] tail = [0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(tail.AsSpan(1), (ushort)(offset | (hasMore ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(3), identification);
        return Frames.IPv6(FragmentHeader, Frames.Extension(UdpProtocol, tail, part));
    }
}
