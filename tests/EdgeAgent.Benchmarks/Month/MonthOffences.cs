namespace EdgeAgent.Benchmarks.Month;

/// <summary>The offences of the month, each on numbers of its own, and what the default rules are to say of them.</summary>
internal sealed class MonthOffences
{
    private const int Acme = 0;
    private const int Beta = 1;
    private const int Gamma = 2;
    private const int PerDay = 30;

    private static readonly string[] AcrossTheMonth = ["2 15:10", "5 15:10", "9 15:10", "13 15:10", "17 15:10"];
    private static readonly string[] ByRotation = ["3 16:20", "6 16:20", "10 16:20", "16 16:20", "20 16:20"];
    private static readonly string[] OnBorrowedTrunk = ["12 11:10", "12 11:40", "12 12:10"];

    private readonly List<MonthNumber> _numbers;
    private readonly List<MonthCall> _calls = [];
    private readonly List<PlantedFinding> _findings = [];
    private long _person = 33_780_000_000;

    /// <summary>Plants everything.</summary>
    /// <param name="numbers">Takes the numbers it is planted on.</param>
    public MonthOffences(List<MonthNumber> numbers)
    {
        _numbers = numbers;
        Hours("before opening", "3 09:41");
        Hours("lunch break", "4 13:20");
        Hours("after closing", "5 20:05");
        Hours("Saturday", "14 11:00");
        Hours("public holiday", "11 11:00");
        Hours("lunch break in La Réunion", "5 10:30", person: 262_692_000_001);
        Repeats();
        Pooling();
        Reputation();
    }

    /// <summary>The calls beyond plain traffic.</summary>
    public IReadOnlyList<MonthCall> Calls => _calls;

    /// <summary>What rules are to say, and all they are to say.</summary>
    public IReadOnlyList<PlantedFinding> Findings => _findings;

    private void Hours(string offence, string time, long? person = null)
    {
        MonthNumber number = MonthNumber.Add(_numbers, Beta, PerDay);
        Call(number, time, person ?? _person++);
        Find($"hours: {offence}", number, "hours", 1);
    }

    private void Repeats()
    {
        MonthNumber same = MonthNumber.Add(_numbers, Gamma, PerDay);
        long person = _person++;
        foreach (string time in AcrossTheMonth)
        {
            Call(same, time, person);
        }

        Find("fifth attempt to one person", same, "personAttempts", 1);

        MonthNumber redial = MonthNumber.Add(_numbers, Acme, PerDay);
        person = _person++;
        Call(redial, "6 15:00", person);
        Call(redial, "6 15:25", person);
        Find("same person within the hour", redial, "redial", 1);

        person = _person++;
        foreach ((int index, string time) in ByRotation.Index())
        {
            MonthNumber one = MonthNumber.Add(_numbers, Beta, PerDay);
            Call(one, time, person);
            if (index >= 2) // the third and fourth are near the limit, the fifth is above it
            {
                Find("one person from five numbers", one, "personAttempts", index == 4 ? 1 : 0);
            }
        }
    }

    private void Pooling()
    {
        MonthNumber borrowed = MonthNumber.Add(_numbers, Acme, PerDay);
        foreach (string time in OnBorrowedTrunk)
        {
            Call(borrowed, time, _person++, trunk: Beta);
        }

        Find("acme's number on beta's trunk", borrowed, "pooling", 3);
    }

    private void Reputation()
    {
        MonthNumber falling = MonthNumber.Add(_numbers, Gamma, perDay: 100, answerRate: 0.25, fallsOn: (16, 0.15));
        Find("answer rate falls from 25 to 15 %", falling, "answerRate", 0);
        Find("answer rate falls from 25 to 15 %", falling, "suspension", null);

        MonthNumber busy = MonthNumber.Add(_numbers, Acme, perDay: 90, busy: (18, 160));
        Find("160 calls on one day", busy, "dailyCap", 10);

        MonthNumber reported = MonthNumber.Add(_numbers, Beta, perDay: 99, reportedOn: 10);
        Find("reported as spam", reported, "reportRate", 0);
        Find("reported as spam", reported, "carrierBlock", 0);
        Find("reported as spam", reported, "suspension", null);
    }

    /// <param name="number">Number shown.</param>
    /// <param name="time">Day of the month and time of day in Paris.</param>
    /// <param name="person">Number called.</param>
    /// <param name="trunk">Trunk; null for the client's.</param>
    private void Call(MonthNumber number, string time, long person, int? trunk = null)
    {
        string[] parts = time.Split(' ');
        DateTime start = new DateTime(2026, 11, int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), 0, 0, 0, DateTimeKind.Utc)
            + TimeSpan.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) - TimeSpan.FromHours(1);
        _calls.Add(new MonthCall(start, number.Digits, person, trunk ?? number.Client, MonthOutcome.NoAnswer, 0));
    }

    private void Find(string offence, MonthNumber number, string rule, int? blocked) =>
        _findings.Add(new PlantedFinding(offence, number.Name, rule, blocked));
}
