using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Capture;

/// <summary>Counters of one packet source since the agent started.</summary>
/// <param name="Name">Interface name as configured.</param>
/// <param name="IsUp">Packets can arrive.</param>
/// <param name="Packets">Packets delivered.</param>
/// <param name="KernelDrops">Packets the kernel dropped because its ring was full.</param>
/// <param name="InterfaceDrops">Packets the interface or its driver dropped.</param>
/// <param name="QueueDrops">Packets dropped because the agent's queue was full.</param>
/// <param name="Fault">Why it is down, null when up.</param>
public sealed record SourceStatus(
    string Name, bool IsUp, long Packets, long KernelDrops, long InterfaceDrops, long QueueDrops, string? Fault)
{
    /// <summary>Packets and connections of senders that are not allowed, and connections that spoke something else; HEP only.</summary>
    public long Refused { get; init; }

    /// <summary>It takes HEP.</summary>
    public bool IsHep { get; init; }

    /// <summary>The last times in which it could take nothing.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>The same for whoever watches the sources.</summary>
    internal SourceSight ToSight() => new(Name, IsHep, Packets, KernelDrops + InterfaceDrops + QueueDrops, Outages);
}
