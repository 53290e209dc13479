using System.Buffers.Binary;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>SIP text as it is captured: in UDP, IPv4 and Ethernet.</summary>
internal static class SipPacket
{
    private const byte Udp = 17;
    private const ushort IPv4Type = 0x0800;

    public static CapturedPacket Of(string text, IpEndpoint source, IpEndpoint destination, DateTimeOffset at, int? snapBytes = null)
    {
        byte[] ip = Frames.IPv4(Udp, Frames.Udp(Encoding.Latin1.GetBytes(text), source.Port, destination.Port));
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(12), (uint)source.Address);
        BinaryPrimitives.WriteUInt32BigEndian(ip.AsSpan(16), (uint)destination.Address);
        byte[] frame = Frames.Ethernet(IPv4Type, ip);
        return new CapturedPacket(at, LinkType.Ethernet, frame.AsMemory(0, snapBytes ?? frame.Length), frame.Length);
    }
}
