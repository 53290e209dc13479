using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>The kernel filter (pcap-filter(7)) that keeps SIP, and everything that may hold SIP out of its sight.</summary>
public static class CaptureFilter
{
    /// <summary>
    /// IPv4 fragments: only the first has ports. All of them are kept, the first included, whatever its ports are, as the
    /// order in which they come is not known.
    /// </summary>
    private const string IPv4Fragments = "(ip[6:2] & 0x3fff != 0 and (ip[9] = 17 or ip[9] = 6))";

    /// <summary>
    /// IPv6 with a header before UDP or TCP: fragment (44), hop-by-hop (0), routing (43), destination options (60). A BPF
    /// program cannot walk them, the dissector can.
    /// </summary>
    private const string IPv6Extensions = "(ip6[6] = 44 or ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 60)";

    /// <summary>SIP over TLS cannot be read, but that it passes must be known: its silence is none.</summary>
    private const string Encrypted = "(tcp port 5061)";

    /// <summary>Makes the filter for SIP over UDP and TCP.</summary>
    /// <param name="scope">What is wanted; at least one port.</param>
    /// <param name="link">Link type of the interface: libpcap reads behind VLAN tags on Ethernet only.</param>
    public static string For(CaptureScope scope, LinkType link = LinkType.Ethernet)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentOutOfRangeException.ThrowIfZero(scope.Ports.Count);
        string ports = string.Join(" or ", scope.Ports.Order().Distinct()
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"port {port}")));
        string transport = scope.IsAnyPort ? "(udp or tcp)" : $"((udp or tcp) and ({ports})) or {Encrypted}";
        IEnumerable<string> tunnels = scope.Tunnels.Distinct().Select(tunnel => Tunnel(tunnel, link)).OfType<string>();
        string sip = $"({string.Join(" or ", [transport, IPv4Fragments, IPv6Extensions, .. tunnels])})";
        return link switch
        {
            // "vlan" moves the offsets for all that follows it, so the second one stands for QinQ.
            LinkType.Ethernet => $"{sip} or (vlan and ({sip} or (vlan and {sip})))",

            // Cooked: the kernel has taken the outer tag off; what still shows one is QinQ, and is kept whole.
            LinkType.LinuxCooked or LinkType.LinuxCooked2 =>
                $"{sip} or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100",
            _ => sip,
        };
    }

    /// <summary>Every packet of a tunnel, fragments included; null where the link cannot have it.</summary>
    private static string? Tunnel(TunnelKind tunnel, LinkType link)
    {
        bool hasEtherType = link is LinkType.Ethernet or LinkType.LinuxCooked or LinkType.LinuxCooked2;
        return tunnel switch
        {
            TunnelKind.Gre => "(ip proto 47 or ip6 proto 47)",
            TunnelKind.IpInIp => "(ip proto 4 or ip proto 41 or ip6 proto 4 or ip6 proto 41)",
            TunnelKind.Vxlan => "(udp dst port 4789 or udp dst port 8472)",
            TunnelKind.Mpls when hasEtherType => "(ether proto 0x8847 or ether proto 0x8848)",
            TunnelKind.Pppoe when hasEtherType => "ether proto 0x8864",
            _ => null,
        };
    }
}
