using EdgeAgent.Configuration;
using EdgeAgent.Capture;
using EdgeAgent.Core.Packets;
using PacketDotNet;
using SharpPcap.LibPcap;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Capture;

/// <summary>Compiles the filter with libpcap and runs it over frames.</summary>
public sealed class CaptureFilterTests
{
    /// <summary>DLT_RAW, the number a host uses; in files it is LINKTYPE_RAW, 101.</summary>
    private const LinkLayers RawOfHost = (LinkLayers)12;

    private const ushort IPv4Type = 0x0800;
    private const ushort IPv6Type = 0x86DD;

    private static readonly CaptureScope Sip = new([5_070, 5_060], false, []);

    public static TheoryData<string, byte[], bool> Bodies
    {
        get
        {
            byte[] udp6 = CaptureBytes.Transport(17, 5_060, 5_090);
            byte[] rtp6 = CaptureBytes.Transport(17, 30_000, 30_002);
            return new()
            {
                { "UDP from the port", CaptureBytes.IPv4(17, 5_060, 40_000), true },
                { "UDP to the port", CaptureBytes.IPv4(17, 40_000, 5_060), true },
                { "TCP to the other port", CaptureBytes.IPv4(6, 40_000, 5_070), true },
                { "SIP over TLS", CaptureBytes.IPv4(6, 40_000, 5_061), true },
                { "UDP of the port of SIP over TLS", CaptureBytes.IPv4(17, 40_000, 5_061), false },
                { "RTP", CaptureBytes.IPv4(17, 30_000, 30_002), false },
                { "SCTP", CaptureBytes.IPv4(132, 5_060, 5_060), false },
                { "first fragment, other ports", CaptureBytes.IPv4(17, 30_000, 30_002, fragment: 0x2000), true },
                { "later fragment", CaptureBytes.IPv4(17, 1, 2, fragment: 0x00B9), true },
                { "fragment of ICMP", CaptureBytes.IPv4(1, 1, 2, fragment: 0x00B9), false },
                { "do not fragment", CaptureBytes.IPv4(17, 30_000, 30_002, fragment: 0x4000), false },
                { "IPv6", CaptureBytes.IPv6(17, udp6), true },
                { "IPv6 RTP", CaptureBytes.IPv6(17, rtp6), false },
                { "IPv6 fragment", CaptureBytes.IPv6(44, [17, 0, 5, 0xA9, 0, 0, 0, 1, .. rtp6]), true },
                { "IPv6 options", CaptureBytes.IPv6(0, [17, 0, 1, 4, 0, 0, 0, 0, .. udp6]), true },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void For_Ethernet_KeepsSipWithAndWithoutTags(string name, byte[] body, bool isKept)
    {
        using BpfProgram filter = Compile(LinkType.Ethernet, LinkLayers.Ethernet);
        ushort type = body[0] >> 4 == 4 ? IPv4Type : IPv6Type;

        filter.Matches(CaptureBytes.Ethernet(type, body)).ShouldBe(isKept, name);
        filter.Matches(CaptureBytes.Ethernet(type, body, 0x8100)).ShouldBe(isKept, $"{name}, VLAN");
        filter.Matches(CaptureBytes.Ethernet(type, body, 0x88A8, 0x8100)).ShouldBe(isKept, $"{name}, QinQ");
        filter.Matches(CaptureBytes.Ethernet(type, body, 0x8100, 0x8100)).ShouldBe(isKept, $"{name}, old QinQ");
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void For_Cooked_KeepsSipAndEveryTaggedFrame(string name, byte[] body, bool isKept)
    {
        using BpfProgram filter = Compile(LinkType.LinuxCooked, LinkLayers.LinuxSll);
        ushort type = body[0] >> 4 == 4 ? IPv4Type : IPv6Type;

        filter.Matches(CaptureBytes.Cooked(type, body)).ShouldBe(isKept, name);
        filter.Matches(CaptureBytes.Cooked(0x8100, [0, 100, (byte)(type >> 8), (byte)type, .. body])).ShouldBeTrue(name);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void For_RawIp_KeepsSip(string name, byte[] body, bool isKept)
    {
        using BpfProgram filter = Compile(LinkType.Raw, RawOfHost);

        filter.Matches(body).ShouldBe(isKept, name);
    }

    [Fact]
    public void For_MostPortsAllowed_StillCompiles()
    {
        string expression = CaptureFilter.For(new CaptureScope([.. Enumerable.Range(5_000, SourcesOptions.MaxPorts)], false, Enum.GetValues<TunnelKind>()));

        using BpfProgram? filter = BpfProgram.TryCreate(LinkLayers.Ethernet, expression, optimize: 1);

        filter.ShouldNotBeNull();
        filter.Matches(CaptureBytes.Ethernet(IPv4Type, CaptureBytes.IPv4(17, 5_063, 1), 0x88A8, 0x8100)).ShouldBeTrue();
    }

    public static TheoryData<TunnelKind, ushort, byte[]> Tunnels => new()
    {
        { TunnelKind.Gre, IPv4Type, CaptureBytes.IPv4(47, 1, 2) },
        { TunnelKind.Gre, IPv4Type, CaptureBytes.IPv4(47, 1, 2, fragment: 0x00B9) },
        { TunnelKind.Gre, IPv6Type, CaptureBytes.IPv6(47, new byte[40]) },
        { TunnelKind.IpInIp, IPv4Type, CaptureBytes.IPv4(4, 1, 2) },
        { TunnelKind.IpInIp, IPv6Type, CaptureBytes.IPv6(41, new byte[40]) },
        { TunnelKind.Vxlan, IPv4Type, CaptureBytes.IPv4(17, 50_000, 4_789) },
        { TunnelKind.Mpls, 0x8847, new byte[40] },
        { TunnelKind.Pppoe, 0x8864, new byte[40] },
    };

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void For_Tunnel_IsKeptOnlyWhereAskedFor(TunnelKind tunnel, ushort type, byte[] body)
    {
        using BpfProgram with = Compile(LinkType.Ethernet, LinkLayers.Ethernet, Sip with { Tunnels = [tunnel] });
        using BpfProgram without = Compile(LinkType.Ethernet, LinkLayers.Ethernet);
        using BpfProgram cooked = Compile(LinkType.LinuxCooked, LinkLayers.LinuxSll, Sip with { Tunnels = [tunnel] });

        with.Matches(CaptureBytes.Ethernet(type, body)).ShouldBeTrue();
        with.Matches(CaptureBytes.Ethernet(type, body, 0x8100)).ShouldBeTrue();
        cooked.Matches(CaptureBytes.Cooked(type, body)).ShouldBeTrue();
        without.Matches(CaptureBytes.Ethernet(type, body)).ShouldBeFalse();
    }

    [Fact]
    public void For_AnyPort_KeepsAllUdpAndTcp()
    {
        using BpfProgram filter = Compile(LinkType.Ethernet, LinkLayers.Ethernet, Sip with { IsAnyPort = true });

        filter.Matches(CaptureBytes.Ethernet(IPv4Type, CaptureBytes.IPv4(17, 30_000, 30_002))).ShouldBeTrue();
        filter.Matches(CaptureBytes.Ethernet(IPv4Type, CaptureBytes.IPv4(132, 5_060, 5_060))).ShouldBeFalse();
    }

    [Fact]
    public void For_EveryTunnelOnRawIp_Compiles()
    {
        using BpfProgram filter = Compile(LinkType.Raw, RawOfHost, Sip with { Tunnels = Enum.GetValues<TunnelKind>() });

        filter.Matches(CaptureBytes.IPv4(47, 1, 2)).ShouldBeTrue();
    }

    [Fact]
    public void For_NoPort_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => CaptureFilter.For(new CaptureScope([], false, [])));

    private static BpfProgram Compile(LinkType link, LinkLayers layers, CaptureScope? scope = null)
    {
        string expression = CaptureFilter.For(scope ?? Sip, link);
        return BpfProgram.TryCreate(layers, expression, optimize: 1).ShouldNotBeNull(expression);
    }
}
