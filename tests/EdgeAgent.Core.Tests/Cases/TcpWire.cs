using System.Buffers.Binary;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>Carries SIP over TCP: one connection per pair of hosts, opened by a handshake, sequence numbers that wrap early.</summary>
internal sealed class TcpWire
{
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;
    private const byte Push = 0x18;
    private const uint Start = 0xFFFF_FE00;
    private readonly Dictionary<(IpEndpoint From, IpEndpoint To), uint> _next = [];

    /// <summary>Frames so far.</summary>
    public List<CapturedPacket> Packets { get; } = [];

    /// <summary>Opens the connection that <paramref name="client"/> makes.</summary>
    public TcpWire Open(IpEndpoint client, IpEndpoint server, DateTimeOffset at)
    {
        _next[(client, server)] = Start;
        _next[(server, client)] = Start;
        Add(client, server, Syn, [], at);
        Add(server, client, Syn | Ack, [], at);
        _next[(client, server)]++;
        _next[(server, client)]++;
        Add(client, server, Ack, [], at);
        return this;
    }

    /// <summary>Sends bytes in one segment, with a handshake before the first of a connection.</summary>
    public TcpWire Send(IpEndpoint from, IpEndpoint to, ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        if (!_next.ContainsKey((from, to)))
        {
            Open(from, to, at);
        }

        Add(from, to, Push, bytes, at);
        _next[(from, to)] += (uint)bytes.Length;
        return this;
    }

    /// <summary>The UDP datagrams of a ladder as segments, one message in each; a message without body says so.</summary>
    public static IEnumerable<CapturedPacket> Carry(IEnumerable<CapturedPacket> datagrams)
    {
        TcpWire wire = new();
        foreach (CapturedPacket datagram in datagrams)
        {
            PlainFrame frame = PlainFrame.Of(datagram);
            wire.Send(frame.Source, frame.Destination, WithLength(frame.Payload), datagram.At);
        }

        return wire.Packets;
    }

    /// <summary>The message with the Content-Length that a stream needs (RFC 3261 §18.3).</summary>
    public static byte[] WithLength(ReadOnlySpan<byte> message)
    {
        string text = Encoding.Latin1.GetString(message);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 || text.Contains("\r\nContent-Length:", StringComparison.OrdinalIgnoreCase) || text.Contains("\r\nl:", StringComparison.Ordinal)
            ? message.ToArray()
            : Encoding.Latin1.GetBytes(text.Insert(end, $"\r\nContent-Length: {text.Length - end - 4}"));
    }

    private void Add(IpEndpoint from, IpEndpoint to, byte flags, ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        byte[] tcp = Frames.Tcp(bytes, _next[(from, to)], flags);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), (flags & Ack) != 0 ? _next[(to, from)] : 0);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), ushort.MaxValue);
        Packets.Add(PlainFrame.Ethernet(PlainFrame.Tcp, tcp, from, to, at));
    }
}
