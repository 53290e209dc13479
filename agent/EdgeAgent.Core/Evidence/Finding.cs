namespace EdgeAgent.Core.Evidence;

/// <summary>Kinds of findings.</summary>
public enum FindingKind
{
    /// <summary>Bytes that are no record.</summary>
    Malformed = 0,
    /// <summary>The signature does not fit the content, or is of another key.</summary>
    Signature,
    /// <summary>The record does not follow the one before it: edited, put in or replaced.</summary>
    Link,
    /// <summary>Two different records under one number.</summary>
    Conflict,
    /// <summary>Records are missing and nothing explains it.</summary>
    Gap,
    /// <summary>A tombstone that does not fit its surroundings.</summary>
    Tombstone,
    /// <summary>History before an anchor is another than the one the collector had.</summary>
    Rewritten,
    /// <summary>The store was put back to an earlier state.</summary>
    Rollback,
    /// <summary>An epoch does not follow from the one before.</summary>
    Epoch,
    /// <summary>Another public key.</summary>
    Key,
    /// <summary>Filed under the number of another record.</summary>
    Misplaced,
    /// <summary>More than the bounds of the check hold.</summary>
    Limit,
}

/// <summary>Something wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="Agent">Agent id, empty when not known.</param>
/// <param name="Epoch">Epoch of the record concerned, empty when not known.</param>
/// <param name="Seq">The record concerned, 0 when not known.</param>
/// <param name="Text">One sentence for people, which names the record.</param>
public sealed record Finding(FindingKind Kind, string Agent, string Epoch, long Seq, string Text);

/// <summary>What is known of one epoch.</summary>
/// <param name="Agent">Agent id.</param>
/// <param name="Epoch">Its name.</param>
/// <param name="Predecessor">Epoch before; null for the first, or when the first record is not here.</param>
/// <param name="First">First record here.</param>
/// <param name="Last">Last record here.</param>
/// <param name="Records">Different records here.</param>
/// <param name="Copies">Byte-identical copies passed over.</param>
/// <param name="Explained">Missing records for which a tombstone stands.</param>
/// <param name="AnchoredSeq">Last record that an anchor binds; 0 when none does.</param>
public sealed record EpochSummary(
    string Agent, string Epoch, string? Predecessor, long First, long Last, long Records, long Copies, long Explained, long AnchoredSeq);

/// <summary>Outcome of a check.</summary>
/// <param name="Epochs">What is here, in the order of time.</param>
/// <param name="Findings">What is wrong, earliest first; the first <see cref="EvidenceLimits.Findings"/> of it.</param>
/// <param name="FindingCount">All that is wrong.</param>
/// <param name="Notices">What is not wrong and worth knowing.</param>
/// <param name="Keys">Fingerprints of the keys signatures were checked with.</param>
/// <param name="IsPinned">The keys came from outside; otherwise from the first record, and only that nothing changed since is shown.</param>
public sealed record ChainReport(
    IReadOnlyList<EpochSummary> Epochs,
    IReadOnlyList<Finding> Findings,
    long FindingCount,
    IReadOnlyList<string> Notices,
    IReadOnlyList<string> Keys,
    bool IsPinned)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsGood => FindingCount == 0;
}

/// <summary>Bounds of a check.</summary>
public sealed record EvidenceLimits
{
    /// <summary>Findings and notices kept; further ones are counted. Default 100.</summary>
    public int Findings { get; init; } = 100;

    /// <summary>Epochs followed at once. Default 1,024.</summary>
    public int Epochs { get; init; } = 1_024;

    /// <summary>Separate stretches of records of one epoch: past it the input is too scattered to follow. Default 65,536.</summary>
    public int Stretches { get; init; } = 65_536;

    /// <summary>
    /// Pages of 512 records whose hashes are remembered, 12 KiB each. Of older ones a copy can no longer be compared. Default 4,096: two
    /// million records, 50 MB.
    /// </summary>
    public int Pages { get; init; } = 4_096;

    /// <summary>Tombstones, anchors, and records that came before their key: of each so many. Default 65,536.</summary>
    public int Pending { get; init; } = 65_536;
}
