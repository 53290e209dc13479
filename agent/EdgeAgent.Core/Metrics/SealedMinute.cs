using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>One minute that can no longer change: what is journalled, sent and summed.</summary>
/// <param name="Start">First instant of the minute, UTC.</param>
/// <param name="Numbers">Counters per number that moved in this minute, ordered by key.</param>
/// <param name="Traffic">Counters that belong to no number.</param>
/// <param name="Quality">How well the minute was seen.</param>
public sealed record SealedMinute(
    DateTimeOffset Start,
    IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> Numbers,
    TrafficCounters Traffic,
    CaptureQuality Quality)
{
    /// <summary>What passed over each trunk, by its index; null for nothing, shorter where the last ones had nothing.</summary>
    public IReadOnlyList<TrunkTraffic?> Trunks { get; init; } = [];
}
