using System.Buffers.Binary;
using System.Text;

namespace EdgeAgent.Tests.Capture;

/// <summary>Small captures and frames for the tests of this folder.</summary>
internal static class CaptureBytes
{
    /// <summary>A little-endian pcap file with one frame per second from <paramref name="firstSecond"/> on.</summary>
    public static byte[] Pcap(uint firstSecond, int packets)
    {
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        writer.Write(0xA1B2C3D4);
        writer.Write(0x0004_0002);
        writer.Write(0L);
        writer.Write(262_144);
        writer.Write(1);
        for (uint i = 0; i < packets; i++)
        {
            byte[] frame = Ethernet(0x0800, IPv4(17, 5_060, 5_080));
            writer.Write(firstSecond + i);
            writer.Write(0);
            writer.Write(frame.Length);
            writer.Write(frame.Length);
            writer.Write(frame);
        }

        return file.ToArray();
    }

    public static byte[] Ethernet(ushort type, byte[] body, params ushort[] tags)
    {
        List<byte> frame = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        foreach (ushort tag in tags)
        {
            frame.AddRange([(byte)(tag >> 8), (byte)tag, 0, 100]);
        }

        return [.. frame, (byte)(type >> 8), (byte)type, .. body];
    }

    public static byte[] Cooked(ushort type, byte[] body) =>
        [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, (byte)(type >> 8), (byte)type, .. body];

    public static byte[] IPv4(byte protocol, ushort source, ushort destination, ushort fragment = 0)
    {
        byte[] transport = Transport(protocol, source, destination);
        byte[] ip = new byte[20 + transport.Length];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)ip.Length);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), fragment);
        ip[9] = protocol;
        transport.CopyTo(ip, 20);
        return ip;
    }

    public static byte[] IPv6(byte next, byte[] body)
    {
        byte[] ip = new byte[40 + body.Length];
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), (ushort)body.Length);
        ip[6] = next;
        body.CopyTo(ip, 40);
        return ip;
    }

    public static byte[] Transport(byte protocol, ushort source, ushort destination)
    {
        byte[] payload = Encoding.ASCII.GetBytes("OPTIONS sip:x SIP/2.0\r\n\r\n");
        int headerBytes = protocol == 6 ? 20 : 8;
        byte[] transport = new byte[headerBytes + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(transport, source);
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(2), destination);
        if (protocol == 6)
        {
            transport[12] = 0x50;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(4), (ushort)transport.Length);
        }

        payload.CopyTo(transport, headerBytes);
        return transport;
    }
}
