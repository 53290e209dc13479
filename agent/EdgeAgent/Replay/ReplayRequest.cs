namespace EdgeAgent.Replay;

/// <summary>How the outcome is printed.</summary>
internal enum ReplayFormat
{
    /// <summary>A table for people.</summary>
    Table = 0,
    /// <summary>The stable JSON document.</summary>
    Json,
    /// <summary>One line per number, or per call with <c>--calls</c>.</summary>
    Csv,
}

/// <summary>What <c>edge-agent replay</c> was asked for.</summary>
internal sealed record ReplayRequest
{
    public required IReadOnlyList<string> Paths { get; init; }

    public string? ConfigPath { get; init; }

    /// <summary>Trunks given on the command line, in place of those of the configuration.</summary>
    public IReadOnlyList<string> Trunks { get; init; } = [];

    /// <summary>First instant read, packets before it are passed over.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>First instant not read any more.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this number is shown; the totals stay those of the whole capture.</summary>
    public string? Number { get; init; }

    public ReplayFormat Format { get; init; }

    public bool ListsCalls { get; init; }

    /// <summary>File with the pseudonym key; null for a key of this run only.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Broker URL, or <c>embedded</c>; null publishes nothing.</summary>
    public string? Publish { get; init; }

    /// <summary>Directory of the store used for publishing; null for a temporary one.</summary>
    public string? StorePath { get; init; }
}
