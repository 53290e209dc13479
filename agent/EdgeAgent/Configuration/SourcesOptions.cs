namespace EdgeAgent.Configuration;

/// <summary>Where packets come from.</summary>
public sealed class SourcesOptions
{
    /// <summary>Interfaces to listen on. No default: guessing taps the wrong wire.</summary>
    public IReadOnlyList<LiveSourceOptions> Live { get; set; } = [];

    /// <summary>SIP ports, UDP and TCP. Default 5060.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>Packets held between capture and counting; past it the newest is dropped and counted. Default 65,536.</summary>
    public int QueuePackets { get; set; } = 65_536;
}

/// <summary>One interface.</summary>
public sealed class LiveSourceOptions
{
    /// <summary>Name such as <c>eth0</c>, or <c>any</c>.</summary>
    public string Interface { get; set; } = "";

    /// <summary>Bytes kept of a packet, 256 to 262,144. Default 65,535.</summary>
    public int SnapLengthBytes { get; set; } = 65_535;

    /// <summary>Kernel ring, in bytes, 64 KiB to 1 GiB. Default 16 MiB.</summary>
    public int RingBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Take frames that are not for this host (mirror ports). Default false.</summary>
    public bool Promiscuous { get; set; }
}
