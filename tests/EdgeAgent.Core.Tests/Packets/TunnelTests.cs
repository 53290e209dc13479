using System.Text;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Packets inside packets: what carries the traffic, or the mirror of it, to the agent.</summary>
public sealed class TunnelTests
{
    private const byte GreProtocol = 47;
    private const byte IPv4InIp = 4;
    private const byte IPv6InIp = 41;
    private const byte UdpProtocol = 17;
    private const ushort IPv4Type = 0x0800;
    private const ushort IPv6Type = 0x86DD;

    private static readonly byte[] Options = Encoding.ASCII.GetBytes("OPTIONS sip:x SIP/2.0\r\n\r\n");
    private static readonly byte[] Inner4 = Frames.IPv4(UdpProtocol, Frames.Udp(Options));
    private static readonly byte[] Inner6 = Frames.IPv6(UdpProtocol, Frames.Udp(Options));
    private static readonly byte[] InnerFrame = Frames.Ethernet(IPv4Type, Inner4);
    private static readonly byte[] Pppoe = [0x11, 0, 0, 9, 0, 99];
    private static readonly byte[] Vxlan = [8, 0, 0, 0, 0, 0, 42, 0];

    public static TheoryData<string, byte[], bool> Tunnels => new()
    {
        { "IPv4 in IPv4", InEthernet(IPv4InIp, Inner4), false },
        { "IPv6 in IPv4", InEthernet(IPv6InIp, Inner6), true },
        { "IPv4 in IPv6", Frames.Ethernet(IPv6Type, Frames.IPv6(IPv4InIp, Inner4)), false },
        { "IPv4 in IPv4 in IPv4", InEthernet(IPv4InIp, Frames.IPv4(IPv4InIp, Inner4)), false },
        { "GRE", InEthernet(GreProtocol, Frames.Gre(0, IPv4Type, [], Inner4)), false },
        { "GRE, IPv6", InEthernet(GreProtocol, Frames.Gre(0, IPv6Type, [], Inner6)), true },
        { "GRE, checksum, key and sequence", InEthernet(GreProtocol, Frames.Gre(0xB000, IPv4Type, new byte[12], Inner4)), false },
        { "GRE, bridged", InEthernet(GreProtocol, Frames.Gre(0x2000, 0x6558, new byte[4], InnerFrame)), false },
        { "GRE, MPLS", InEthernet(GreProtocol, Frames.Gre(0, 0x8847, [], [0, 1, 0x01, 64, .. Inner4])), false },
        { "PPTP", InEthernet(GreProtocol, Frames.Gre(0x3081, 0x880B, new byte[12], [0xFF, 3, 0, 0x21, .. Inner4])), false },
        { "PPTP, short protocol field", InEthernet(GreProtocol, Frames.Gre(0x3001, 0x880B, new byte[8], [0x21, .. Inner4])), false },
        { "ERSPAN I", InEthernet(GreProtocol, Frames.Gre(0, 0x88BE, [], InnerFrame)), false },
        { "ERSPAN II", InEthernet(GreProtocol, Frames.Gre(0x1000, 0x88BE, [0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0], InnerFrame)), false },
        { "ERSPAN III", InEthernet(GreProtocol, Frames.Gre(0x1000, 0x22EB, Erspan3(0x0000), InnerFrame)), false },
        { "ERSPAN III, IP", InEthernet(GreProtocol, Frames.Gre(0x1000, 0x22EB, Erspan3(0x0800), Inner4)), false },
        { "ERSPAN III, platform", InEthernet(GreProtocol, Frames.Gre(0x1000, 0x22EB, [.. Erspan3(1), .. new byte[8]], InnerFrame)), false },
        { "VXLAN", InEthernet(UdpProtocol, Frames.Udp([.. Vxlan, .. InnerFrame], destination: 4789)), false },
        { "VXLAN on the old port", InEthernet(UdpProtocol, Frames.Udp([.. Vxlan, .. InnerFrame], destination: 8472)), false },
        { "VXLAN in ERSPAN", InEthernet(GreProtocol, Frames.Gre(0, 0x88BE, [],
            InEthernet(UdpProtocol, Frames.Udp([.. Vxlan, .. InnerFrame], destination: 4789)))), false },
        { "PPPoE", Frames.Ethernet(0x8864, [.. Pppoe, 0, 0x21, .. Inner4]), false },
        { "PPPoE, IPv6, VLAN", Frames.Ethernet(0x8864, [.. Pppoe, 0, 0x57, .. Inner6], 0x8100), true },
        { "MPLS", Frames.Ethernet(0x8847, [0, 1, 0x01, 64, .. Inner4]), false },
        { "MPLS, three labels", Frames.Ethernet(0x8847, [0, 1, 0, 64, 0, 2, 0, 64, 0, 3, 0x01, 64, .. Inner6]), true },
        { "MPLS, Ethernet pseudo-wire", Frames.Ethernet(0x8848, [0, 1, 0x01, 64, 0, 0, 0, 0, .. InnerFrame]), false },
    };

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void TryDissect_Tunnel_FindsTheInnerDatagram(string name, byte[] frame, bool isIPv6)
    {
        DissectResult result = PacketDissector.TryDissect(Frames.Captured(LinkType.Ethernet, frame), out TransportPacket transport);

        result.ShouldBe(DissectResult.Payload, name);
        transport.Source.ShouldBe(isIPv6 ? Frames.Phone6 : Frames.Phone);
        transport.Destination.ShouldBe(isIPv6 ? Frames.Trunk6 : Frames.Trunk);
        transport.Payload.ToArray().ShouldBe(Options);
        transport.IsCut.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void TryDissect_EveryShorterCapture_NeverGivesMoreThanWasCaptured(string name, byte[] frame, bool isIPv6)
    {
        for (int captured = 0; captured < frame.Length; captured++)
        {
            DissectResult result = PacketDissector.TryDissect(
                Frames.Captured(LinkType.Ethernet, frame, captured), out TransportPacket transport);

            bool hasHeaders = captured >= frame.Length - Options.Length;
            (result == DissectResult.Payload && transport.Destination.Port == Frames.Trunk.Port).ShouldBe(hasHeaders, $"{name}, {captured} bytes, {isIPv6}");
            if (hasHeaders)
            {
                transport.IsCut.ShouldBeTrue($"{name}, {captured} bytes");
            }
        }
    }

    [Fact]
    public void TryDissect_FragmentInATunnel_IsGivenFromItsOwnHeaderOn()
    {
        byte[] fragment = Fragments.Of(new byte[2_000], 7, 1_000)[1];

        DissectResult result = PacketDissector.TryDissect(
            Frames.Captured(LinkType.Ethernet, InEthernet(IPv4InIp, fragment)), out TransportPacket transport);

        result.ShouldBe(DissectResult.Fragment);
        transport.Payload.ToArray().ShouldBe(fragment);
    }

    [Fact]
    public void TryDissect_TunnelsWithoutEnd_IsPassedOver()
    {
        byte[] packet = Inner4;
        for (int i = 0; i < 20; i++)
        {
            packet = Frames.IPv4(IPv4InIp, packet);
        }

        PacketDissector.TryDissect(Frames.Captured(LinkType.Raw, packet), out _).ShouldBe(DissectResult.OtherProtocol);
    }

    [Fact]
    public void TryDissect_SipOnTheVxlanPort_StaysSip()
    {
        byte[] frame = InEthernet(UdpProtocol, Frames.Udp(Options, destination: 4789));

        PacketDissector.TryDissect(Frames.Captured(LinkType.Ethernet, frame), out TransportPacket transport)
            .ShouldBe(DissectResult.Payload);

        transport.Payload.ToArray().ShouldBe(Options);
    }

    [Fact]
    public void TryDissect_BareAcknowledgementOfPptp_IsNoFault()
    {
        byte[] frame = InEthernet(GreProtocol, Frames.Gre(0x2081, 0x880B, new byte[8], []));

        PacketDissector.TryDissect(Frames.Captured(LinkType.Ethernet, frame), out _).ShouldBe(DissectResult.OtherProtocol);
    }

    private static byte[] InEthernet(byte protocol, byte[] body) => Frames.Ethernet(IPv4Type, Frames.IPv4(protocol, body));

    /// <summary>GRE sequence number, then the 12 bytes of the ERSPAN III header with its last two as given.</summary>
    private static byte[] Erspan3(ushort tail) => [0, 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(tail >> 8), (byte)tail];
}
