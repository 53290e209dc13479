namespace EdgeAgent.Configuration;

/// <summary>Where packets come from.</summary>
public sealed class SourcesOptions
{
    /// <summary>More ports would make the kernel filter too long.</summary>
    public const int MaxPorts = 64;

    /// <summary>Interfaces to listen on. No default: guessing taps the wrong wire.</summary>
    public IReadOnlyList<LiveSourceOptions> Live { get; set; } = [];

    /// <summary>SIP ports, UDP and TCP. Default 5060.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>Packets held between capture and counting; past it the newest is dropped and counted. Default 16,384.</summary>
    public int QueuePackets { get; set; } = 16_384;

    /// <summary>Bytes held between capture and counting, as <see cref="QueuePackets"/>. Default 16 MiB.</summary>
    public int QueueBytes { get; set; } = 16 * 1024 * 1024;
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
