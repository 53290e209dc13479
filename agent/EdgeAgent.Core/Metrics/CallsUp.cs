using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>One call more, or less, of a number is up.</summary>
/// <param name="Ticks">When, in ticks UTC.</param>
/// <param name="Number">Whose.</param>
/// <param name="Change">1 or -1.</param>
internal readonly record struct UpChange(long Ticks, NumberKey Number, int Change);

/// <summary>
/// How many calls are up, as of the end of the last sealed minute, and from it the peaks of the next: its changes are put in the order of
/// their times first, so that the order in which packets came does not matter. Not thread-safe.
/// </summary>
internal sealed class CallsUp
{
    private readonly Dictionary<NumberKey, int> _up = [];
    private int _total;

    /// <summary>Counts the peaks of a minute that is being sealed, and goes on to its end.</summary>
    /// <param name="minute">The minute.</param>
    /// <param name="rowOf">Counters of a number in it.</param>
    public void Seal(OpenMinute minute, Func<OpenMinute, NumberKey, NumberCounters> rowOf)
    {
        foreach ((NumberKey number, int count) in _up)
        {
            Raise(rowOf(minute, number), count);
        }

        int peak = _total;
        minute.UpChanges.Sort(static (left, right) => (left.Ticks, left.Change).CompareTo((right.Ticks, right.Change)));
        foreach (UpChange change in minute.UpChanges)
        {
            int count = Add(change.Number, change.Change);
            if (change.Change > 0)
            {
                Raise(rowOf(minute, change.Number), count);
                peak = Math.Max(peak, _total);
            }
        }

        minute.Traffic.ConcurrentPeak = Math.Max(minute.Traffic.ConcurrentPeak, peak);
    }

    /// <summary>Moves the count of a number.</summary>
    /// <returns>The new count; below 0 only while an end is known and its beginning lies in a later minute.</returns>
    public int Add(NumberKey number, int change)
    {
        _total += change;
        int count = _up.GetValueOrDefault(number) + change;
        if (count == 0)
        {
            _up.Remove(number);
        }
        else
        {
            _up[number] = count;
        }

        return count;
    }

    private static void Raise(NumberCounters row, int count) => row.ConcurrentPeak = Math.Max(row.ConcurrentPeak, count);
}
