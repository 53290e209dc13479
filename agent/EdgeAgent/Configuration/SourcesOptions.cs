namespace EdgeAgent.Configuration;

/// <summary>Where packets come from.</summary>
public sealed class SourcesOptions
{
    /// <summary>More ports would make the kernel filter too long.</summary>
    public const int MaxPorts = 64;

    /// <summary>Interfaces to listen on. No default: guessing taps the wrong wire.</summary>
    public IReadOnlyList<LiveSourceOptions> Live { get; set; } = [];

    /// <summary>SIP that a PBX hands over.</summary>
    public HepOptions Hep { get; set; } = new();

    /// <summary>SIP ports, UDP and TCP. Default 5060.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>
    /// SIP on any port is looked for. The kernel then passes all UDP and TCP on, calls' voice included: for hosts whose ports are not known.
    /// Default false.
    /// </summary>
    public bool AnyPort { get; set; }

    /// <summary>Tunnels to look into; all that they carry is passed on. Default none.</summary>
    public IReadOnlyList<TunnelKind> Tunnels { get; set; } = [];

    /// <summary>Packets held between capture and counting; past it the newest is dropped and counted. Default 16,384.</summary>
    public int QueuePackets { get; set; } = 16_384;

    /// <summary>Bytes held between capture and counting, as <see cref="QueuePackets"/>. Default 16 MiB.</summary>
    public int QueueBytes { get; set; } = 16 * 1024 * 1024;
}

/// <summary>Ways in which packets are carried inside others.</summary>
public enum TunnelKind
{
    /// <summary>Generic routing encapsulation, ERSPAN and PPTP with it.</summary>
    Gre = 0,
    /// <summary>IPv4 or IPv6 in either.</summary>
    IpInIp,
    /// <summary>VXLAN on UDP port 4789 or 8472.</summary>
    Vxlan,
    /// <summary>MPLS labels.</summary>
    Mpls,
    /// <summary>PPP over Ethernet.</summary>
    Pppoe,
}

/// <summary>Homer encapsulation protocol: a PBX sends what it sent and received itself, so that encrypted trunks count too.</summary>
public sealed class HepOptions
{
    /// <summary>Addresses with ports to take it on, UDP and TCP alike. Default none.</summary>
    public IReadOnlyList<string> Listen { get; set; } = [];

    /// <summary>Addresses and networks of senders. Default: this host.</summary>
    public IReadOnlyList<string> Allow { get; set; } = [];

    /// <summary>File whose first line is the key that every packet must show; empty when none is asked for.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Senders when <see cref="Allow"/> names none.</summary>
    public static IReadOnlyList<string> ThisHost { get; } = ["127.0.0.0/8", "::1"];
}

/// <summary>One interface.</summary>
public sealed class LiveSourceOptions
{
    /// <summary>The pseudo-interface that holds all others.</summary>
    public const string AnyInterface = "any";

    /// <summary>Name such as <c>eth0</c>, or <c>any</c>.</summary>
    public string Interface { get; set; } = "";

    /// <summary>Bytes kept of a packet, 256 to 262,144. Default 65,600: no IP packet is cut.</summary>
    public int SnapLengthBytes { get; set; } = 65_600;

    /// <summary>Kernel ring, in bytes, 64 KiB to 1 GiB. Default 8 MiB.</summary>
    public int RingBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Take frames that are not for this host (mirror ports). Default false.</summary>
    public bool Promiscuous { get; set; }
}
