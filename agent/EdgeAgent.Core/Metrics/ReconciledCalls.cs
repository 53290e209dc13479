namespace EdgeAgent.Core.Metrics;

/// <summary>The calls a carrier or the PBX lists for a period, against the journal (agent/DEFINITIONS.md). No numbers.</summary>
public sealed record ReconciledCalls
{
    /// <summary>Calls in the file.</summary>
    public required long Calls { get; init; }

    /// <summary>Those with an attempt in the journal.</summary>
    public required long Matched { get; init; }

    /// <summary>In the file, not in the journal.</summary>
    public required long Missing { get; init; }

    /// <summary>In the journal, not in the file.</summary>
    public required long Extra { get; init; }

    /// <summary>In the file while the journal says it saw nothing.</summary>
    public required long Blind { get; init; }

    /// <summary>Rows of the file that could not be read.</summary>
    public required long Unreadable { get; init; }

    /// <summary>(missing + extra) ÷ (matched + missing + extra), 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>SHA-256 of the file in lower-case hex, so that the comparison can be done again.</summary>
    public required string FileHash { get; init; }
}
