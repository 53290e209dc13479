using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>A minute whose counters may still move.</summary>
/// <param name="index">Minutes since 0001-01-01 UTC.</param>
public sealed class OpenMinute(long index)
{
    private readonly Dictionary<NumberKey, NumberCounters> _rows = [];

    /// <summary>Minutes since 0001-01-01 UTC.</summary>
    public long Index => index;

    /// <summary>Counters per number.</summary>
    public IReadOnlyDictionary<NumberKey, NumberCounters> Rows => _rows;

    /// <summary>Counters that belong to no number.</summary>
    public TrafficCounters Traffic { get; } = new();

    /// <summary>How well the minute is seen.</summary>
    public CaptureQuality Quality { get; } = new();

    /// <summary>Counters of a number, made when it first moves.</summary>
    public NumberCounters Row(NumberKey key)
    {
        if (!_rows.TryGetValue(key, out NumberCounters? row))
        {
            row = new NumberCounters();
            _rows.Add(key, row);
        }

        return row;
    }

    /// <summary>The minute as it stays.</summary>
    public SealedMinute ToSealed(DateTimeOffset start)
    {
        KeyValuePair<NumberKey, NumberCounters>[] rows = [.. _rows];
        Array.Sort(rows, static (left, right) => NumberKey.Compare(left.Key, right.Key));
        return new SealedMinute(start, rows, Traffic, Quality);
    }
}
