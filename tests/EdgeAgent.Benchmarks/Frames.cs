using System.Buffers.Binary;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>Puts UDP payloads and TCP segments into Ethernet frames, and frames into a pcap file in memory.</summary>
internal static class Frames
{
    private const int EthernetBytes = 14;
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int UdpBytes = 8;
    private const int TcpBytes = 20;

    public static byte[] Udp(IpEndpoint source, IpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        byte[] frame = IPv4Frame(protocol: 17, source, destination, UdpBytes + payload.Length);
        Span<byte> udp = frame.AsSpan(EthernetBytes + IPv4Bytes);
        WriteUdp(udp, source.Port, destination.Port, payload);
        return frame;
    }

    public static byte[] Tcp(IpEndpoint source, IpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        byte[] frame = IPv4Frame(protocol: 6, source, destination, TcpBytes + payload.Length);
        Span<byte> tcp = frame.AsSpan(EthernetBytes + IPv4Bytes);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], destination.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], 1);
        tcp[12] = (TcpBytes / 4) << 4;
        tcp[13] = 0x18; // ACK, PSH
        payload.CopyTo(tcp[TcpBytes..]);
        return frame;
    }

    /// <summary>UDP over IPv6 behind one VLAN tag.</summary>
    public static byte[] TaggedUdp6(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[EthernetBytes + 4 + IPv6Bytes + UdpBytes + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12), 0x8100_0064);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), 0x86DD);
        Span<byte> ip = frame.AsSpan(EthernetBytes + 4);
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(UdpBytes + payload.Length));
        ip[6] = 17;
        ip[23] = 1;
        ip[39] = 2;
        WriteUdp(ip[IPv6Bytes..], 5060, 5060, payload);
        return frame;
    }

    /// <summary>A pcap file of <paramref name="calls"/> answered calls, 20 ms between two packets.</summary>
    /// <param name="calls">Calls, each of seven messages; a new one begins with every seventh packet, so that calls overlap.</param>
    /// <param name="messages">Messages in the file.</param>
    public static byte[] Pcap(int calls, out int messages)
    {
        const int Overlap = 6; // the call that began six calls ago sends its seventh message
        using MemoryStream file = new();
        file.Write([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0]);
        (byte[] Message, bool IsFromPbx)[][] all = [.. Enumerable.Range(0, calls).Select(each => new SampleCall(each).All().ToArray())];
        messages = 0;
        for (int round = 0; round < calls + Overlap; round++)
        {
            for (int step = Overlap; step >= 0; step--)
            {
                if (round - step >= 0 && round - step < calls)
                {
                    (byte[] message, bool isFromPbx) = all[round - step][step];
                    Write(file, 1_767_225_600_000 + (messages++ * 20L), Between(isFromPbx, message));
                }
            }
        }

        return file.ToArray();
    }

    /// <summary>A frame from the PBX to the carrier or the other way.</summary>
    public static byte[] Between(bool isFromPbx, ReadOnlySpan<byte> message) => isFromPbx
        ? Udp(SampleCall.PbxEndpoint, SampleCall.CarrierEndpoint, message)
        : Udp(SampleCall.CarrierEndpoint, SampleCall.PbxEndpoint, message);

    private static void Write(Stream file, long milliseconds, byte[] frame)
    {
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(milliseconds / 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(milliseconds % 1000 * 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)frame.Length);
        file.Write(header);
        file.Write(frame);
    }

    private static byte[] IPv4Frame(byte protocol, IpEndpoint source, IpEndpoint destination, int transportBytes)
    {
        byte[] frame = new byte[EthernetBytes + IPv4Bytes + transportBytes];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        Span<byte> ip = frame.AsSpan(EthernetBytes);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IPv4Bytes + transportBytes));
        ip[8] = 64;
        ip[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], (uint)source.Address);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], (uint)destination.Address);
        return frame;
    }

    private static void WriteUdp(Span<byte> udp, ushort source, ushort destination, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt16BigEndian(udp, source);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpBytes..]);
    }
}
