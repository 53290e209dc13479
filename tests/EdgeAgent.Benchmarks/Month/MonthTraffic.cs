namespace EdgeAgent.Benchmarks.Month;

/// <summary>
/// November 2026 of a call centre with three clients: every call within the rules but those planted. Deterministic: the same calls for the
/// same size. Times are UTC; Paris is one hour ahead.
/// </summary>
internal sealed class MonthTraffic
{
    /// <summary>Calls that are planted, and the plain traffic of the numbers they are planted on.</summary>
    public const int LeastCalls = 25_000;

    private const int PlainPerDay = 95;
    private const int LegalMinutes = 540;

    private static readonly DateTime Begin = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly int[] Holidays = [1, 11];

    private readonly Random _random = new(20_261_101);
    private readonly List<MonthNumber> _numbers = [];
    private readonly Queue<long>[] _unanswered = [new(), new(), new()];
    private readonly Queue<long>[] _unansweredToday = [new(), new(), new()];
    private long _person = 33_610_000_000;

    /// <summary>Plans a month.</summary>
    /// <param name="calls">How many calls, about; at least <see cref="LeastCalls"/>.</param>
    public MonthTraffic(int calls)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, LeastCalls);
        Offences = new MonthOffences(_numbers);
        int days = WorkingDays.Count();
        int planted = _numbers.Sum(number => number.PerDay) * days;
        for (int i = 0; i < (calls - planted) / (PlainPerDay * days); i++)
        {
            MonthNumber.Add(_numbers, client: i % MonthNumber.Clients.Length, PlainPerDay);
        }
    }

    /// <summary>What is planted.</summary>
    public MonthOffences Offences { get; }

    /// <summary>All numbers.</summary>
    public IReadOnlyList<MonthNumber> Numbers => _numbers;

    private static IEnumerable<int> WorkingDays => Enumerable.Range(1, 30).Where(day =>
        Begin.AddDays(day - 1).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day));

    /// <summary>Every call, in order of time.</summary>
    public IEnumerable<MonthCall> Calls()
    {
        List<MonthCall> today = [];
        for (int day = 1; day <= 30; day++)
        {
            today.Clear();
            if (WorkingDays.Contains(day))
            {
                foreach (MonthNumber number in _numbers)
                {
                    Plain(number, day, today);
                }
            }

            today.AddRange(Offences.Calls.Where(call => call.Start.Day == day));
            today.Sort((a, b) => a.Start.CompareTo(b.Start));
            foreach (MonthCall call in today)
            {
                yield return call;
            }

            for (int client = 0; client < _unanswered.Length; client++)
            {
                (_unanswered[client], _unansweredToday[client]) = (_unansweredToday[client], _unanswered[client]);
                _unansweredToday[client].Clear();
            }
        }
    }

    private void Plain(MonthNumber number, int day, List<MonthCall> today)
    {
        int calls = number.CallsOn(day);
        for (int i = 0; i < calls; i++)
        {
            // Evenly over the legal day, so that no hour holds more than its share.
            double minute = (i + (_random.NextDouble() * 0.9)) * LegalMinutes / calls;
            DateTime start = Begin.AddDays(day - 1).AddHours(9).AddMinutes(minute < 180 ? minute : minute + 60);
            MonthOutcome outcome = number.OutcomeOf(day, i, _random);
            long person = Person(number.Client, outcome);
            today.Add(new MonthCall(start, number.Digits, person, number.Client, outcome, 30 + (i * 37 % 150)));
        }
    }

    /// <summary>One call in twenty tries somebody again whom the day before did not reach; nobody is tried a third time.</summary>
    private long Person(int client, MonthOutcome outcome)
    {
        if (_random.Next(20) == 0 && _unanswered[client].TryDequeue(out long again))
        {
            return again;
        }

        if (outcome != MonthOutcome.Answered && _unansweredToday[client].Count < 20_000)
        {
            _unansweredToday[client].Enqueue(_person);
        }

        return _person++;
    }
}
