using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Store;

/// <summary>
/// Sums of minutes that stand in the journal and are not yet added to the sums on disk, by civil day and number: to write them with each
/// minute would write most pages of all sums, twice. After a restart they are read from the records again. Storage thread only.
/// </summary>
internal sealed class PendingTotals
{
    private const int MaxMinutes = 15;
    private const int MaxRows = 4_096;

    private readonly SortedDictionary<string, Dictionary<string, NumberCounters>> _days = new(StringComparer.Ordinal);
    private int _minutes;
    private int _rows;

    /// <summary>True when they are to be written.</summary>
    public bool IsFull => _minutes >= MaxMinutes || _rows >= MaxRows;

    /// <summary>Days and their sums.</summary>
    public IReadOnlyDictionary<string, Dictionary<string, NumberCounters>> Days => _days;

    /// <summary>Adds a minute.</summary>
    public void Add(string day, IEnumerable<(string Name, NumberCounters Counters)> rows)
    {
        _minutes++;
        if (!_days.TryGetValue(day, out Dictionary<string, NumberCounters>? sums))
        {
            _days.Add(day, sums = new Dictionary<string, NumberCounters>(StringComparer.Ordinal));
        }

        AddTo(sums, rows);
        _rows = _days.Values.Sum(each => each.Count);
    }

    /// <summary>They are on disk.</summary>
    public void Clear()
    {
        _days.Clear();
        (_minutes, _rows) = (0, 0);
    }

    /// <summary>What is on disk and those of the days wanted, ordered by name.</summary>
    public List<KeyValuePair<string, NumberCounters>> With(IEnumerable<KeyValuePair<string, NumberCounters>> stored, Func<string, bool> isWanted)
    {
        SortedDictionary<string, NumberCounters> sums = new(StringComparer.Ordinal);
        AddTo(sums, stored.Select(row => (row.Key, row.Value)));
        foreach ((_, Dictionary<string, NumberCounters> day) in _days.Where(day => isWanted(day.Key)))
        {
            AddTo(sums, day.Select(row => (row.Key, row.Value)));
        }

        return [.. sums];
    }

    /// <summary>The sum of one number on a day; null when there is none.</summary>
    public NumberCounters? Find(string day, string name) => _days.GetValueOrDefault(day)?.GetValueOrDefault(name);

    private static void AddTo(IDictionary<string, NumberCounters> sums, IEnumerable<(string Name, NumberCounters Counters)> rows)
    {
        foreach ((string name, NumberCounters counters) in rows)
        {
            if (!sums.TryGetValue(name, out NumberCounters? sum))
            {
                sums.Add(name, sum = new NumberCounters()); // of its own: the minute's row belongs to others
            }

            sum.Add(counters);
        }
    }
}
