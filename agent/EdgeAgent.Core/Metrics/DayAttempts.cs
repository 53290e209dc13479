using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>Outbound attempts per number in the current civil day, Europe/Paris, for guards that cap a day. Not thread-safe.</summary>
public sealed class DayAttempts
{
    private readonly ParisDay _paris = new();
    private readonly Dictionary<NumberKey, long> _attempts = [];
    private readonly int _maxNumbers;

    /// <summary>Begins with nothing counted.</summary>
    /// <param name="maxNumbers">Distinct numbers counted apart; further ones share a count.</param>
    public DayAttempts(int maxNumbers) => _maxNumbers = maxNumbers;

    /// <summary>The day counted.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>What was counted, to save it.</summary>
    public IReadOnlyDictionary<NumberKey, long> Counts => _attempts;

    /// <summary>Civil day of an instant.</summary>
    public DateOnly DayOf(DateTimeOffset at) => _paris.Of(at);

    /// <summary>Counts one attempt and gives the day's count, this one included. A packet of the day before, come late, counts today.</summary>
    public long Add(NumberKey number, DateTimeOffset at)
    {
        DateOnly day = DayOf(at);
        if (day > Day)
        {
            Day = day;
            _attempts.Clear();
        }

        NumberKey key = _attempts.Count < _maxNumbers || _attempts.ContainsKey(number) ? number : NumberKey.Other;
        ref long count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_attempts, key, out _);
        return ++count;
    }

    /// <summary>The wall clock was set back: of two days that share a count, the earlier one goes on.</summary>
    internal void OnStepBack(DateTimeOffset to) => Day = DayOf(to) < Day ? DayOf(to) : Day;

    /// <summary>Puts a saved day back.</summary>
    internal void Restore(DateOnly day, NumberKey number, long count)
    {
        Day = day;
        _attempts[number] = count;
    }
}
