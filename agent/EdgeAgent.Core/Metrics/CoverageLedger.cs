using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Adds up, per civil day in Europe/Paris, how much of the legal calling time was observed and what took the rest. Fed with time in order, as
/// minutes are sealed; time that was fed is not counted again when the clock runs through it a second time. Not thread-safe.
/// </summary>
public sealed class CoverageLedger
{
    /// <summary>Days kept; a gap longer than this is not told day by day.</summary>
    private const int MaxDays = 40;

    private readonly CallingTime _calendar;
    private readonly SortedDictionary<DateOnly, Account> _days = [];
    private DateTimeOffset _until;

    /// <summary>Begins with nothing observed.</summary>
    public CoverageLedger(CallingTime calendar) => _calendar = calendar;

    /// <summary>Time up to which everything is accounted for; the smallest time before the beginning.</summary>
    public DateTimeOffset Until => _until;

    /// <summary>The day that runs, null before the beginning.</summary>
    public DayCoverage? Today => _days.Count > 0 ? CoverageOf(_days.Keys.Last()) : null;

    /// <summary>The day before the one that runs, null when it is not known.</summary>
    public DayCoverage? Yesterday => _days.Count > 1 ? CoverageOf(_days.Keys.SkipLast(1).Last()) : null;

    /// <summary>The first run begins: of its day, what has passed was not observed.</summary>
    public void Begin(DateTimeOffset at)
    {
        _until = _calendar.StartOf(_calendar.DayOf(at));
        Advance(at, (from, to, lost) =>
        {
            lost[(int)ObservationCause.AgentStopped] += to - from;
            return to - from;
        });
    }

    /// <summary>Accounts for the time up to <paramref name="to"/>.</summary>
    /// <param name="to">End of what is known.</param>
    /// <param name="share">Adds what was lost of an interval to its causes and gives the sum.</param>
    public void Advance(DateTimeOffset to, Func<DateTimeOffset, DateTimeOffset, TimeSpan[], TimeSpan> share)
    {
        ArgumentNullException.ThrowIfNull(share);
        if (_until == default || to <= _until)
        {
            return;
        }

        DateOnly last = _calendar.DayOf(to);
        DateOnly first = _calendar.DayOf(_until);
        first = last.DayNumber - first.DayNumber > MaxDays ? last.AddDays(-MaxDays) : first;
        for (DateOnly day = first; day <= last; day = day.AddDays(1))
        {
            Account account = Open(day);
            foreach ((DateTimeOffset opens, DateTimeOffset closes) in _calendar.WindowsOf(day))
            {
                DateTimeOffset from = opens > _until ? opens : _until;
                DateTimeOffset end = closes < to ? closes : to;
                if (end > from)
                {
                    account.Observed += end - from - share(from, end, account.Lost);
                }
            }
        }

        _until = to;
    }

    /// <summary>What was taken for observed was not.</summary>
    public void Revise(DateTimeOffset from, DateTimeOffset to, ObservationCause cause)
    {
        to = to < _until ? to : _until;
        for (DateOnly day = _calendar.DayOf(from); day <= _calendar.DayOf(to) && _days.TryGetValue(day, out Account? account); day = day.AddDays(1))
        {
            foreach ((DateTimeOffset opens, DateTimeOffset closes) in _calendar.WindowsOf(day))
            {
                TimeSpan lost = (closes < to ? closes : to) - (opens > from ? opens : from);
                lost = lost < account.Observed ? lost : account.Observed;
                if (lost > TimeSpan.Zero)
                {
                    account.Observed -= lost;
                    account.Lost[(int)cause] += lost;
                }
            }
        }
    }

    /// <summary>The clock was set back to <paramref name="at"/>. Within a day, what is accounted for already stays as it is.</summary>
    public void StepBack(DateTimeOffset at)
    {
        DateOnly today = _calendar.DayOf(at);
        if (_until == default || _calendar.DayOf(_until) <= today)
        {
            return;
        }

        // Days that were never there: the clock had been set forward. What was put down as lost of this day with them may yet be observed.
        foreach (DateOnly future in _days.Keys.Where(day => day > today).ToList())
        {
            _days.Remove(future);
        }

        _until = at;
        Account account = Open(today);
        account.IsTold = false;
        ref TimeSpan lost = ref account.Lost[(int)ObservationCause.ClockStepped];
        foreach ((DateTimeOffset opens, DateTimeOffset closes) in _calendar.WindowsOf(today).Where(window => window.To > at))
        {
            TimeSpan ahead = closes - (opens > at ? opens : at);
            lost = lost > ahead ? lost - ahead : TimeSpan.Zero;
        }
    }

    /// <summary>Days that are over and were not told yet, oldest first.</summary>
    public IReadOnlyList<DayCoverage> TakeFinished()
    {
        List<DayCoverage> finished = [];
        foreach ((DateOnly day, Account account) in _days.SkipLast(1))
        {
            if (!account.IsTold)
            {
                account.IsTold = true;
                finished.Add(CoverageOf(day));
            }
        }

        while (_days.Count > MaxDays)
        {
            _days.Remove(_days.Keys.First());
        }

        return finished;
    }

    /// <summary>First instant of the day after.</summary>
    public DateTimeOffset EndOf(DateOnly day) => _calendar.StartOf(day.AddDays(1));

    /// <summary>First instant of the day.</summary>
    public DateTimeOffset StartOf(DateOnly day) => _calendar.StartOf(day);

    /// <summary>Writes every day.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_until.UtcTicks);
        writer.Write(_days.Count);
        foreach ((DateOnly day, Account account) in _days)
        {
            writer.Write(day.DayNumber);
            writer.Write(account.IsTold);
            writer.Write(account.Observed.Ticks);
            foreach (TimeSpan lost in account.Lost)
            {
                writer.Write(lost.Ticks);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal void Load(BinaryReader reader)
    {
        _until = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            Account account = Open(DateOnly.FromDayNumber(reader.ReadInt32()));
            account.IsTold = reader.ReadBoolean();
            account.Observed = new TimeSpan(reader.ReadInt64());
            for (int i = 0; i < account.Lost.Length; i++)
            {
                account.Lost[i] = new TimeSpan(reader.ReadInt64());
            }
        }
    }

    private Account Open(DateOnly day)
    {
        if (!_days.TryGetValue(day, out Account? account))
        {
            account = new Account();
            _days.Add(day, account);
        }

        return account;
    }

    private DayCoverage CoverageOf(DateOnly day)
    {
        Account account = _days[day];
        return new DayCoverage(
            day,
            _calendar.Of(day),
            account.Observed,
            [.. account.Lost.Select((lost, cause) => KeyValuePair.Create((ObservationCause)cause, lost)).Where(each => each.Value > TimeSpan.Zero)]);
    }

    private sealed class Account
    {
        public bool IsTold { get; set; }

        public TimeSpan Observed { get; set; }

        public TimeSpan[] Lost { get; } = new TimeSpan[ObservationCauses.Count];
    }
}
