using System.Buffers.Binary;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>An Ethernet frame with UDP or TCP in IPv4 and no options anywhere: taken apart here, not by the code under test.</summary>
internal sealed record PlainFrame(byte Protocol, IpEndpoint Source, IpEndpoint Destination, byte[] Payload)
{
    public const byte Udp = 17;
    public const byte Tcp = 6;
    public const int IpAt = 14;
    public const int TransportAt = IpAt + 20;
    public const ushort IPv4Type = 0x0800;

    public static PlainFrame Of(CapturedPacket packet) =>
        TryRead(packet) ?? throw new ArgumentException("not UDP or TCP in plain IPv4 and Ethernet");

    /// <summary>Null for anything else, fragments included.</summary>
    public static PlainFrame? TryRead(CapturedPacket packet)
    {
        byte[] frame = packet.Bytes.ToArray();
        if (frame.Length < TransportAt + 8 || frame.Length != packet.OriginalLength
            || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) != IPv4Type || frame[IpAt] != 0x45
            || (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpAt + 6)) & 0x3FFF) != 0
            || frame[IpAt + 9] is not (Udp or Tcp))
        {
            return null;
        }

        byte protocol = frame[IpAt + 9];
        int end = IpAt + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IpAt + 2));
        int payloadAt = TransportAt + (protocol == Udp ? 8 : (frame[TransportAt + 12] >> 4) * 4);
        return new PlainFrame(protocol, Endpoint(frame, IpAt + 12, TransportAt), Endpoint(frame, IpAt + 16, TransportAt + 2), frame[payloadAt..end]);
    }

    /// <summary>A frame with a transport segment between these hosts.</summary>
    public static CapturedPacket Ethernet(byte protocol, byte[] segment, IpEndpoint source, IpEndpoint destination, DateTimeOffset at, ushort id = 0)
    {
        byte[] ip = Frames.IPv4(protocol, segment);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), id);
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(12), (uint)source.Address);
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(16), (uint)destination.Address);
        byte[] frame = Frames.Ethernet(IPv4Type, ip);
        return new CapturedPacket(at, LinkType.Ethernet, frame, frame.Length);
    }

    private static IpEndpoint Endpoint(byte[] frame, int address, int port) => IpEndpoint.From(
        new System.Net.IPAddress(frame.AsSpan(address, 4)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(port)));
}
