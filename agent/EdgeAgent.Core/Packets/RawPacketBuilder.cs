using System.Buffers.Binary;

namespace EdgeAgent.Core.Packets;

/// <summary>Makes IP packets (link type Raw) around payloads, lengths and checksums included. Not thread-safe: one buffer.</summary>
public sealed class RawPacketBuilder
{
    /// <summary>Longest payload that fits with any header before it.</summary>
    public const int MaxPayloadBytes = ushort.MaxValue - IPv6Bytes - TcpBytes;

    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int UdpBytes = 8;
    private const int TcpBytes = 20;
    private const byte HopLimit = 64;
    private const byte PushAck = 0x18;
    private const ushort Window = 65_535;

    private readonly byte[] _buffer = new byte[ushort.MaxValue + IPv6Bytes];

    /// <summary>A UDP datagram; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Udp(IpEndpoint source, IpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        Span<byte> udp = BeginIp(source, destination, TransportProtocol.Udp, UdpBytes + payload.Length, out int headerBytes);
        WritePorts(udp, source, destination);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        udp[6..8].Clear();
        payload.CopyTo(udp[UdpBytes..]);
        ushort checksum = TransportChecksum(source, destination, TransportProtocol.Udp, udp);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? ushort.MaxValue : checksum); // 0 means none (RFC 768)
        return _buffer.AsMemory(0, headerBytes + udp.Length);
    }

    /// <summary>A TCP segment with PSH and ACK; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Tcp(
        IpEndpoint source, IpEndpoint destination, uint sequence, uint acknowledgement, ReadOnlySpan<byte> payload)
    {
        Span<byte> tcp = BeginIp(source, destination, TransportProtocol.Tcp, TcpBytes + payload.Length, out int headerBytes);
        tcp[..TcpBytes].Clear();
        WritePorts(tcp, source, destination);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledgement);
        tcp[12] = (TcpBytes / 4) << 4;
        tcp[13] = PushAck;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], Window);
        payload.CopyTo(tcp[TcpBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], TransportChecksum(source, destination, TransportProtocol.Tcp, tcp));
        return _buffer.AsMemory(0, headerBytes + tcp.Length);
    }

    private static void WritePorts(Span<byte> transport, IpEndpoint source, IpEndpoint destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(transport, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], destination.Port);
    }

    /// <summary>Writes the IP header and gives the room behind it.</summary>
    private Span<byte> BeginIp(
        IpEndpoint source, IpEndpoint destination, TransportProtocol protocol, int transportBytes, out int headerBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(transportBytes, ushort.MaxValue - IPv4Bytes);
        headerBytes = source.IsIPv4 && destination.IsIPv4 ? IPv4Bytes : IPv6Bytes;
        Span<byte> ip = _buffer.AsSpan(0, headerBytes);
        ip.Clear();
        if (headerBytes == IPv4Bytes)
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(headerBytes + transportBytes));
            ip[6] = 0x40; // may not be fragmented
            ip[8] = HopLimit;
            ip[9] = (byte)protocol;
            BinaryPrimitives.WriteUInt32BigEndian(ip[12..], (uint)source.Address);
            BinaryPrimitives.WriteUInt32BigEndian(ip[16..], (uint)destination.Address);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Fold(Sum(ip)));
        }
        else
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)transportBytes);
            ip[6] = (byte)protocol;
            ip[7] = HopLimit;
            BinaryPrimitives.WriteUInt128BigEndian(ip[8..], source.Address);
            BinaryPrimitives.WriteUInt128BigEndian(ip[24..], destination.Address);
        }

        return _buffer.AsSpan(headerBytes, transportBytes);
    }

    /// <summary>RFC 9293 §3.1 and RFC 8200 §8.1; the zero bytes before an IPv4 address add nothing but its mapped prefix, which is left out.</summary>
    private static ushort TransportChecksum(
        IpEndpoint source, IpEndpoint destination, TransportProtocol protocol, ReadOnlySpan<byte> transport)
    {
        Span<byte> addresses = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(addresses, source.Address);
        BinaryPrimitives.WriteUInt128BigEndian(addresses[16..], destination.Address);
        if (source.IsIPv4 && destination.IsIPv4)
        {
            addresses[..12].Clear();
            addresses[16..28].Clear();
        }

        return Fold(Sum(addresses) + (uint)transport.Length + (uint)protocol + Sum(transport));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
