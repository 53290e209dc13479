namespace EdgeAgent.Core.Packets;

/// <summary>Link types the agent reads; values are the LINKTYPE_ numbers of the pcap registry.</summary>
public enum LinkType
{
    /// <summary>BSD loopback: 4-byte address family in the byte order of the capturing host.</summary>
    Null = 0,

    /// <summary>Ethernet, with any number of VLAN tags up to two.</summary>
    Ethernet = 1,

    /// <summary>PPP, with or without the address and control bytes of HDLC-like framing (RFC 1662).</summary>
    Ppp = 9,

    /// <summary>Raw IP, version from the first nibble (also 12 and 14, DLT_RAW of older hosts, mapped here).</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: 4-byte address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux cooked capture v1 (<c>tcpdump -i any</c> of older hosts).</summary>
    LinuxCooked = 113,

    /// <summary>MPLS label stack (RFC 3032), then IP or an Ethernet pseudo-wire with control word (RFC 4448).</summary>
    Mpls = 219,

    /// <summary>Raw IPv4.</summary>
    RawIPv4 = 228,

    /// <summary>Raw IPv6.</summary>
    RawIPv6 = 229,

    /// <summary>Linux cooked capture v2.</summary>
    LinuxCooked2 = 276,

    /// <summary>
    /// No link type of the registry and never that of a file: a HEP packet as the agent's own listener took it, behind the 16 bytes of its
    /// sender's address; zeros where it stood in a file of such packets.
    /// </summary>
    ReceivedHep = 0x0400_0000,
}
