using System.Buffers.Binary;
using System.Net;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Builds frames byte by byte, so that tests do not lean on the code they test.</summary>
internal static class Frames
{
    public static readonly IpEndpoint Phone = IpEndpoint.From(IPAddress.Parse("10.1.2.3"), 5060);
    public static readonly IpEndpoint Trunk = IpEndpoint.From(IPAddress.Parse("192.0.2.200"), 5080);
    public static readonly IpEndpoint Phone6 = IpEndpoint.From(IPAddress.Parse("2001:db8::1"), 5060);
    public static readonly IpEndpoint Trunk6 = IpEndpoint.From(IPAddress.Parse("2001:db8:ffff::2"), 5080);

    public static byte[] Udp(ReadOnlySpan<byte> payload, ushort source = 5060, ushort destination = 5080, int? length = null)
    {
        byte[] udp = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, source);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)(length ?? udp.Length));
        payload.CopyTo(udp.AsSpan(8));
        return udp;
    }

    public static byte[] Tcp(ReadOnlySpan<byte> payload, uint sequence, byte flags, int optionBytes = 0)
    {
        byte[] tcp = new byte[20 + optionBytes + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, 5060);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), 5080);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        tcp[12] = (byte)((20 + optionBytes) / 4 << 4);
        tcp[13] = flags;
        payload.CopyTo(tcp.AsSpan(20 + optionBytes));
        return tcp;
    }

    public static byte[] IPv4(byte protocol, byte[] body, int optionBytes = 0, ushort fragment = 0, int? total = null)
    {
        byte[] ip = new byte[20 + optionBytes + body.Length];
        ip[0] = (byte)(0x40 | ((20 + optionBytes) / 4));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(total ?? ip.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), fragment);
        ip[8] = 64;
        ip[9] = protocol;
        ((byte[])[10, 1, 2, 3]).CopyTo(ip, 12);
        ((byte[])[192, 0, 2, 200]).CopyTo(ip, 16);
        body.CopyTo(ip, 20 + optionBytes);
        return ip;
    }

    public static byte[] IPv6(byte next, byte[] body, int? payloadBytes = null)
    {
        byte[] ip = new byte[40 + body.Length];
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), (ushort)(payloadBytes ?? body.Length));
        ip[6] = next;
        ip[7] = 64;
        BinaryPrimitives.WriteUInt128BigEndian(ip.AsSpan(8), Phone6.Address);
        BinaryPrimitives.WriteUInt128BigEndian(ip.AsSpan(24), Trunk6.Address);
        body.CopyTo(ip, 40);
        return ip;
    }

    /// <summary>An IPv6 extension header of 8 bytes, all of it but the next header left to <paramref name="tail"/>.</summary>
    public static byte[] Extension(byte next, byte[] tail, byte[] body) => [next, .. tail, .. body];

    public static byte[] Ethernet(ushort type, byte[] body, params ushort[] tags)
    {
        List<byte> frame = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        foreach (ushort tag in tags)
        {
            frame.AddRange([(byte)(tag >> 8), (byte)tag, 0x20, 0x64]);
        }

        return [.. frame, (byte)(type >> 8), (byte)type, .. body];
    }

    public static byte[] Gre(ushort flags, ushort type, byte[] options, byte[] body) =>
        [(byte)(flags >> 8), (byte)flags, (byte)(type >> 8), (byte)type, .. options, .. body];

    public static byte[] Cooked(ushort type, byte[] body, ushort hardware = 1) =>
        [0, 0, (byte)(hardware >> 8), (byte)hardware, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, (byte)(type >> 8), (byte)type, .. body];

    public static byte[] Cooked2(ushort type, byte[] body, ushort hardware = 1) =>
        [(byte)(type >> 8), (byte)type, 0, 0, 0, 0, 0, 3, (byte)(hardware >> 8), (byte)hardware, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. body];

    public static CapturedPacket Captured(LinkType link, byte[] bytes, int? captured = null) => new(
        DateTimeOffset.UnixEpoch, link, bytes.AsMemory(0, captured ?? bytes.Length), bytes.Length);
}
