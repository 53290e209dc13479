using System.Collections.ObjectModel;

namespace EdgeAgent.Core.Metrics;

/// <summary>Whether figures of an interval can be relied on.</summary>
public enum Confidence
{
    /// <summary>Everything that could be checked was in order.</summary>
    Full = 0,
    /// <summary>Something was lost or doubtful; the cause is named.</summary>
    Degraded,
    /// <summary>Nothing was observed; a zero says nothing.</summary>
    Blind,
}

/// <summary>How well an interval was seen. Counters of what was lost, and the verdict with its cause.</summary>
public sealed class CaptureQuality
{
    private SortedDictionary<string, TimeSpan>? _hepOffsets;

    /// <summary>
    /// Hosts that handed SIP over by HEP, with the greatest difference seen between the agent's clock and theirs; positive when theirs is
    /// behind. It lowers no confidence: minutes are those of receipt.
    /// </summary>
    public IReadOnlyDictionary<string, TimeSpan> HepOffsets => _hepOffsets ?? (IReadOnlyDictionary<string, TimeSpan>)ReadOnlyDictionary<string, TimeSpan>.Empty;

    /// <summary>Packets the kernel dropped before the agent could read them.</summary>
    public long KernelDrops { get; set; }

    /// <summary>Packets dropped because the agent's own queue was full.</summary>
    public long QueueDrops { get; set; }

    /// <summary>Packets on SIP ports that could not be read as SIP.</summary>
    public long Undecodable { get; set; }

    /// <summary>Bytes missing from TCP streams.</summary>
    public long ReassemblyGaps { get; set; }

    /// <summary>Fragments of datagrams that were not completed.</summary>
    public long Fragments { get; set; }

    /// <summary>Responses to an INVITE or a BYE of calls whose INVITE was not seen.</summary>
    public long OrphanResponses { get; set; }

    /// <summary>BYEs of calls whose INVITE was not seen.</summary>
    public long OrphanByes { get; set; }

    /// <summary>Calls forgotten because the table was full.</summary>
    public long Evictions { get; set; }

    /// <summary>Hosts, and links between calls, given up or never learnt because a limit was reached.</summary>
    public long Forgotten { get; set; }

    /// <summary>Part of the interval in which nothing was observed.</summary>
    public TimeSpan Blind { get; set; }

    /// <summary>The weightiest cause of it; null where it is not known.</summary>
    public ObservationCause? BlindCause { get; set; }

    /// <summary>Part of the interval in which something was missing.</summary>
    public TimeSpan Degraded { get; set; }

    /// <summary>The weightiest cause of that.</summary>
    public ObservationCause? DegradedCause { get; set; }

    /// <summary>Full unless one of the above says otherwise.</summary>
    public Confidence Confidence =>
        Blind >= TimeSpan.FromMinutes(1) ? Confidence.Blind
        : Cause is null ? Confidence.Full
        : Confidence.Degraded;

    /// <summary>The first thing that lowers confidence, null when none does.</summary>
    public string? Cause =>
        Blind > TimeSpan.Zero ? (BlindCause is { } blind ? ObservationCauses.NameOf(blind) : "blind")
        : DegradedCause is { } degraded and not ObservationCause.CaptureDropping ? ObservationCauses.NameOf(degraded)
        : KernelDrops > 0 ? "kernelDrops"
        : QueueDrops > 0 ? "queueDrops"
        : ReassemblyGaps > 0 ? "reassemblyGaps"
        : Fragments > 0 ? "fragments"
        : Evictions > 0 ? "evictions"
        : Forgotten > 0 ? "forgotten"
        : DegradedCause is { } dropping ? ObservationCauses.NameOf(dropping)
        : null;

    /// <summary>Adds every counter of <paramref name="other"/>.</summary>
    public void Add(CaptureQuality other)
    {
        ArgumentNullException.ThrowIfNull(other);
        KernelDrops += other.KernelDrops;
        QueueDrops += other.QueueDrops;
        Undecodable += other.Undecodable;
        ReassemblyGaps += other.ReassemblyGaps;
        Fragments += other.Fragments;
        OrphanResponses += other.OrphanResponses;
        OrphanByes += other.OrphanByes;
        Evictions += other.Evictions;
        Forgotten += other.Forgotten;
        Blind += other.Blind;
        BlindCause = Weightier(BlindCause, other.BlindCause);
        Degraded += other.Degraded;
        DegradedCause = Weightier(DegradedCause, other.DegradedCause);
        foreach ((string sender, TimeSpan offset) in other.HepOffsets)
        {
            NoteHepOffset(sender, offset);
        }
    }

    /// <summary>Notes the clock of a HEP sender; of several values the one farthest from 0 stands.</summary>
    public void NoteHepOffset(string sender, TimeSpan offset)
    {
        _hepOffsets ??= new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        _hepOffsets[sender] = _hepOffsets.TryGetValue(sender, out TimeSpan known) && known.Duration() >= offset.Duration() ? known : offset;
    }

    /// <summary>Writes the clocks.</summary>
    internal void SaveHepOffsets(BinaryWriter writer)
    {
        writer.Write(HepOffsets.Count);
        foreach ((string sender, TimeSpan offset) in HepOffsets)
        {
            writer.Write(sender);
            writer.Write(offset.Ticks);
        }
    }

    /// <summary>Reads what <see cref="SaveHepOffsets"/> wrote.</summary>
    internal void LoadHepOffsets(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            NoteHepOffset(reader.ReadString(), new TimeSpan(reader.ReadInt64()));
        }
    }

    private static ObservationCause? Weightier(ObservationCause? left, ObservationCause? right) =>
        left is null || right < left ? right : left;
}
