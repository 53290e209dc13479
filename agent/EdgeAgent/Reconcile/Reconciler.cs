using EdgeAgent.Core.Guard;

namespace EdgeAgent.Reconcile;

/// <summary>What is compared.</summary>
internal sealed record ReconcileSettings
{
    /// <summary>First instant; null takes the first whole day of the file, as far as the journal reaches back.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>First instant after it; null takes the last day of the file, as far as the journal goes.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How far the start of a listed call and its attempt may be apart.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Leave out numbers the file does not hold: a carrier knows its own only.</summary>
    public bool OnlyListedNumbers { get; init; }

    /// <summary>Name numbers the journal never saw; they may be persons'.</summary>
    public bool NamesUnknown { get; init; }
}

/// <summary>Compares the calls of carrier or PBX with the journal's.</summary>
internal sealed class Reconciler(CdrFile file, JournalFigures journal, ReconcileSettings settings)
{
    /// <summary>Numbers of the file that the journal never saw, unless they are to be named.</summary>
    public const string Unknown = "unknown";

    private static readonly NumberJournal Nothing = new();

    private readonly ParisDay _paris = new();
    private readonly Dictionary<(string, DateOnly), DayReconciliation> _days = [];

    /// <summary>Compares.</summary>
    /// <param name="shift">Added to every start of the file: tells a wrong time zone from missing calls.</param>
    /// <exception cref="CommandException">File and journal have no time in common (exit 65).</exception>
    public Reconciliation Run(TimeSpan shift = default)
    {
        (DateTimeOffset from, DateTimeOffset to) = Period(shift);
        _days.Clear();
        long outside = 0;
        IEnumerable<string> names = settings.OnlyListedNumbers ? file.Calls.Keys : file.Calls.Keys.Union(journal.Numbers.Keys);
        foreach (string name in names)
        {
            List<CdrCall> all = file.Calls.GetValueOrDefault(name) ?? [];
            List<CdrCall> calls = [.. all.Select(call => call with { Start = call.Start + shift }).Where(call => call.Start >= from && call.Start < to)];
            outside += all.Count - calls.Count;
            bool isKnown = journal.Numbers.TryGetValue(name, out NumberJournal? number);
            Compare(isKnown || settings.NamesUnknown ? name : Unknown, calls, number ?? Nothing, from, to);
        }

        return new Reconciliation
        {
            From = from,
            To = to,
            Outside = outside,
            Days = [.. _days.Values.OrderBy(day => day.Day).ThenBy(day => day.Number, StringComparer.Ordinal)],
        };
    }

    /// <summary>As <see cref="Run"/>; null where there is no time in common.</summary>
    public Reconciliation? TryRun(TimeSpan shift)
    {
        try
        {
            return Run(shift);
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private void Compare(string name, List<CdrCall> calls, NumberJournal number, DateTimeOffset from, DateTimeOffset to)
    {
        // A call at the very edge may have been counted in the minute beyond it.
        long first = CallMatching.MinuteOf(from - settings.Tolerance);
        long last = CallMatching.MinuteOf(to + settings.Tolerance);
        SortedList<long, long> places = [];
        foreach ((long minute, JournalCalls inJournal) in number.Minutes)
        {
            if (minute >= first && minute <= last)
            {
                places.Add(minute, inJournal.Attempts);
                AddJournal(name, CallMatching.TimeOf(minute), CallMatching.TimeOf(minute + 1), inJournal, from, to);
            }
        }

        bool[] isMatched = CallMatching.Match(calls, places, settings.Tolerance);
        MatchSums(calls, number, isMatched, from, to, name);
        for (int i = 0; i < calls.Count; i++)
        {
            CdrCall call = calls[i];
            DayReconciliation day = On(name, call.Start);
            day.Listed++;
            day.Matched += isMatched[i] ? 1 : 0;
            bool isBlind = !isMatched[i] && journal.IsBlind(call.Start - settings.Tolerance, call.Start + settings.Tolerance);
            day.Blind += isBlind ? 1 : 0;
            day.Missing += isMatched[i] || isBlind ? 0 : 1;
            day.ListedAnswered += call.IsAnswered ? 1 : 0;
            day.ListedSeconds += call.Seconds;
        }

        foreach ((long minute, long left) in places)
        {
            DateTimeOffset start = CallMatching.TimeOf(minute);
            if (left > 0 && start >= from && start.AddMinutes(1) <= to)
            {
                On(name, start).Extra += left;
            }
        }
    }

    private void AddJournal(string name, DateTimeOffset begin, DateTimeOffset end, JournalCalls calls, DateTimeOffset from, DateTimeOffset to)
    {
        if (begin >= from && end <= to && (calls.Answered > 0 || calls.TalkSeconds > 0))
        {
            DayReconciliation day = On(name, begin);
            day.JournalAnswered += calls.Answered;
            day.JournalSeconds += calls.TalkSeconds;
        }
    }

    /// <summary>Of minutes that were summed up only the attempts of all together are known.</summary>
    private void MatchSums(List<CdrCall> calls, NumberJournal number, bool[] isMatched, DateTimeOffset from, DateTimeOffset to, string name)
    {
        foreach ((DateTimeOffset begin, DateTimeOffset end, JournalCalls inJournal) in number.Sums)
        {
            AddJournal(name, begin, end, inJournal, from, to);
            long free = inJournal.Attempts;
            for (int i = 0; i < calls.Count && free > 0; i++)
            {
                if (!isMatched[i] && calls[i].Start + settings.Tolerance >= begin && calls[i].Start - settings.Tolerance < end)
                {
                    isMatched[i] = true;
                    free--;
                }
            }

            if (free > 0 && begin >= from && end <= to) // a sum that begins or ends elsewhere may belong there
            {
                On(name, begin).Extra += free;
            }
        }
    }

    private (DateTimeOffset From, DateTimeOffset To) Period(TimeSpan shift)
    {
        if (settings is { From: { } first, To: { } last })
        {
            return (first, last);
        }

        if (journal is not { From: { } journalFrom, To: { } journalTo })
        {
            throw new CommandException(ExitCode.BadInput, "the journal holds no minutes to compare with");
        }

        DateTimeOffset earliest = file.Calls.Values.Min(calls => calls[0].Start) + shift;
        DateTimeOffset latest = file.Calls.Values.Max(calls => calls[^1].Start) + shift;
        DateTimeOffset from = settings.From ?? Later(ParisDay.Start(_paris.Of(earliest)), journalFrom);
        DateTimeOffset to = settings.To ?? Earlier(ParisDay.Start(_paris.Of(latest).AddDays(1)), journalTo);
        return from < to
            ? (from, to)
            : throw new CommandException(ExitCode.BadInput, FormattableString.Invariant(
                $"file and journal have no time in common: calls from {earliest.UtcDateTime:u} to {latest.UtcDateTime:u}, records from {journalFrom.UtcDateTime:u} to {journalTo.UtcDateTime:u}; is --time-zone right?"));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private DayReconciliation On(string name, DateTimeOffset at)
    {
        (string, DateOnly) key = (name, _paris.Of(at));
        return _days.TryGetValue(key, out DayReconciliation? day) ? day : _days[key] = new DayReconciliation(key.Item1, key.Item2);
    }
}
