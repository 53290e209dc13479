namespace EdgeAgent.Core.Metrics;

/// <summary>A time in which something was not observed. Wall clock, half-open.</summary>
public sealed class ObservationPeriod
{
    /// <summary>Name of the whole agent as a source.</summary>
    public const string WholeAgent = "agent";

    /// <summary>Interface, place where HEP is taken, trunk, or <see cref="WholeAgent"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Why.</summary>
    public required ObservationCause Cause { get; init; }

    /// <summary>Nothing that counts could be seen; else only a part was missing.</summary>
    public required bool IsBlind { get; init; }

    /// <summary>First instant.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End; while it lasts, the time up to which it is known to have lasted.</summary>
    public DateTimeOffset To { get; internal set; }

    /// <summary>Packets dropped, or milliseconds by which the clock was set (negative: back); 0 where there is nothing to count.</summary>
    public long Value { get; internal set; }

    /// <summary>It has not ended.</summary>
    public bool IsOpen { get; internal set; } = true;

    /// <summary>When it was last made known; the smallest time when never.</summary>
    internal DateTimeOffset PublishedAt { get; set; }

    /// <summary>The record of it.</summary>
    internal AgentEvent ToEvent() => new()
    {
        Kind = IsBlind ? AgentEventKind.Blind : AgentEventKind.Degraded,
        At = To,
        Source = Source,
        Reason = ObservationCauses.NameOf(Cause),
        From = From,
        To = To,
        Value = Value == 0 ? null : Value,
        IsLasting = IsOpen,
    };
}
