using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Pipeline;

/// <summary>Counters per number of the running civil day, Europe/Paris: sealed minutes, and on top of them the open ones. One thread.</summary>
internal sealed class TodayFigures
{
    private readonly Dictionary<NumberKey, NumberCounters> _sealed = [];

    /// <summary>Day that is summed.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Begins a day with what the journal holds of it.</summary>
    public void Begin(DateOnly day, IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> journalled)
    {
        Day = day;
        _sealed.Clear();
        foreach ((NumberKey key, NumberCounters counters) in journalled)
        {
            Add(_sealed, key, counters);
        }
    }

    /// <summary>Adds a sealed minute of <paramref name="day"/>.</summary>
    public void Add(DateOnly day, SealedMinute minute)
    {
        if (day > Day)
        {
            Begin(day, []);
        }

        if (day == Day)
        {
            foreach ((NumberKey key, NumberCounters counters) in minute.Numbers)
            {
                Add(_sealed, key, counters);
            }
        }
    }

    /// <summary>A copy of the day's counters with the open minutes in it.</summary>
    public IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> With(IEnumerable<OpenMinute> open)
    {
        Dictionary<NumberKey, NumberCounters> rows = new(_sealed.Count);
        foreach ((NumberKey key, NumberCounters counters) in _sealed)
        {
            Add(rows, key, counters);
        }

        foreach (OpenMinute minute in open)
        {
            foreach ((NumberKey key, NumberCounters counters) in minute.Rows)
            {
                Add(rows, key, counters);
            }
        }

        return [.. rows];
    }

    private static void Add(Dictionary<NumberKey, NumberCounters> rows, NumberKey key, NumberCounters counters)
    {
        if (!rows.TryGetValue(key, out NumberCounters? sum))
        {
            sum = new NumberCounters();
            rows.Add(key, sum);
        }

        sum.Add(counters);
    }
}
