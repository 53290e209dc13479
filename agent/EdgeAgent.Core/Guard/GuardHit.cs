namespace EdgeAgent.Core.Guard;

/// <summary>What one rule has to say about one attempt or number, with the figures behind it.</summary>
public readonly record struct GuardHit
{
    /// <summary>The rule.</summary>
    public required GuardId Rule { get; init; }

    /// <summary>Why, from a fixed set per rule, such as <c>lunchBreak</c>: never a number or a name.</summary>
    public required string Reason { get; init; }

    /// <summary>What the rule asks for.</summary>
    public required GuardAction Asked { get; init; }

    /// <summary>What is done: <see cref="Asked"/> within the rule's mode and the time of observation.</summary>
    public GuardAction Action { get; init; }

    /// <summary>An alert that cannot wait.</summary>
    public bool IsCritical { get; init; }

    /// <summary>An order of client or administrator, which no mode and no time of observation weakens.</summary>
    public bool IsOrder { get; init; }

    /// <summary>The figure that was judged, such as attempts, or a ratio from 0 to 1.</summary>
    public double Value { get; init; }

    /// <summary>What it was judged against, in the same unit.</summary>
    public double Limit { get; init; }

    /// <summary>On how many attempts the figure rests; 0 where it is a plain count.</summary>
    public long Sample { get; init; }

    /// <summary>When the call becomes allowed again by time alone; null where it does not, or nobody can say.</summary>
    public DateTimeOffset? AllowedAt { get; init; }

    /// <summary>The text of law behind it; null for rules of reputation.</summary>
    public string? Reference { get; init; }
}

/// <summary>The verdict on one attempt. A view on the book's own buffer: it holds until the book is asked again.</summary>
public readonly ref struct GuardDecision
{
    internal GuardDecision(GuardAction action, int deciding, ReadOnlySpan<GuardHit> hits)
    {
        Action = action;
        Hits = hits;
        _deciding = deciding + 1;
    }

    private readonly int _deciding; // 0: none, so that the default allows

    /// <summary>The gravest action of all hits; blocks from <see cref="GuardAction.Block"/> up.</summary>
    public GuardAction Action { get; }

    /// <summary>Every rule that had something to say, in order.</summary>
    public ReadOnlySpan<GuardHit> Hits { get; }

    /// <summary>The call is refused.</summary>
    public bool IsBlocked => Action >= GuardAction.Block;

    /// <summary>The hit that decided: the first that blocks, else the first of the gravest; null when all is allowed.</summary>
    public GuardHit? Deciding => _deciding == 0 ? null : Hits[_deciding - 1];
}
