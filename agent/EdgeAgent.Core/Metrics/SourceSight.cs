namespace EdgeAgent.Core.Metrics;

/// <summary>A time in which a source could take nothing. Wall clock.</summary>
/// <param name="Number">Counts up from 1 for each source.</param>
/// <param name="From">When it began: nothing was taken after it.</param>
/// <param name="To">When it ended: what was caught before is not counted. Null while it lasts.</param>
public readonly record struct Outage(long Number, DateTimeOffset From, DateTimeOffset? To);

/// <summary>How a source does at one look.</summary>
/// <param name="Name">Interface, or place where HEP is taken.</param>
/// <param name="IsHep">It sees only what others hand over: one that never delivered anything is not counted on.</param>
/// <param name="Packets">Packets delivered since the agent started.</param>
/// <param name="Dropped">Packets dropped since the agent started, by kernel, interface or queue.</param>
/// <param name="Outages">The last outages, oldest first; one that lasts is the last of them.</param>
public sealed record SourceSight(string Name, bool IsHep, long Packets, long Dropped, IReadOnlyList<Outage> Outages)
{
    /// <summary>The outage that lasts, null when there is none.</summary>
    public Outage? Current => Outages is [.., { To: null } last] ? last : null;
}
