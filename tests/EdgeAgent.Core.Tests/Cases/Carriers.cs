using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>What carries Ethernet frames with IPv4 in them, or the IPv4 of them, to the agent.</summary>
internal static class Carriers
{
    private const ushort IPv4Type = 0x0800;
    private const ushort IPv6Type = 0x86DD;
    private const byte Gre = 47;

    /// <summary>Each by its name, made of a whole frame.</summary>
    public static IReadOnlyList<(string Name, Func<byte[], byte[]> Wrap)> All { get; } =
    [
        ("VLAN", frame => Frames.Ethernet(IPv4Type, frame[14..], 0x8100)),
        ("QinQ", frame => Frames.Ethernet(IPv4Type, frame[14..], 0x88A8, 0x8100)),
        ("MPLS", frame => Frames.Ethernet(0x8847, [0, 1, 0x01, 64, .. frame[14..]])),
        ("PPPoE", frame => Frames.Ethernet(0x8864, [0x11, 0, 0, 1, .. Length(frame.Length - 12), 0, 0x21, .. frame[14..]])),
        ("IP in IP", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(4, frame[14..]))),
        ("IP in IPv6", frame => Frames.Ethernet(IPv6Type, Frames.IPv6(4, frame[14..]))),
        ("GRE", frame => InGre(0, IPv4Type, [], frame[14..])),
        ("GRE, bridged", frame => InGre(0x2000, 0x6558, new byte[4], frame)),
        ("ERSPAN I", frame => InGre(0, 0x88BE, [], frame)),
        ("ERSPAN II", frame => InGre(0x1000, 0x88BE, [0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0], frame)),
        ("ERSPAN III", frame => InGre(0x1000, 0x22EB, [0, 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], frame)),
        ("VXLAN", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(17, Frames.Udp([8, 0, 0, 0, 0, 0, 42, 0, .. frame], destination: 4789)))),
    ];

    /// <summary>The packet inside a carrier.</summary>
    public static CapturedPacket In(CapturedPacket packet, Func<byte[], byte[]> wrap)
    {
        byte[] frame = wrap(packet.Bytes.ToArray());
        return packet with { Bytes = frame, OriginalLength = frame.Length };
    }

    private static byte[] InGre(ushort flags, ushort type, byte[] options, byte[] body) =>
        Frames.Ethernet(IPv4Type, Frames.IPv4(Gre, Frames.Gre(flags, type, options, body)));

    private static byte[] Length(int bytes) => [(byte)(bytes >> 8), (byte)bytes];
}
