namespace EdgeAgent.Benchmarks.Month;

/// <summary>A number of the month and its plain traffic.</summary>
internal sealed class MonthNumber
{
    /// <summary>Ids of clients; trunk and campaign of each have the same place.</summary>
    public static readonly string[] Clients = ["acme", "beta", "gamma"];

    private const long FirstDigits = 33_162_000_000; // numéros polyvalents vérifiés

    private double _answers;

    private MonthNumber(long digits, int client, int perDay)
    {
        Digits = digits;
        Client = client;
        PerDay = perDay;
    }

    /// <summary>E.164 digits.</summary>
    public long Digits { get; }

    /// <summary>Place in <see cref="Clients"/>.</summary>
    public int Client { get; }

    /// <summary>Calls on a working day.</summary>
    public int PerDay { get; }

    /// <summary>Day with another count.</summary>
    public (int Day, int Calls) Busy { get; init; }

    /// <summary>Share of calls that are answered, until <see cref="FallsOn"/>.</summary>
    public double AnswerRate { get; init; } = 0.20;

    /// <summary>First day of another answer rate; 0 for none.</summary>
    public (int Day, double Rate) FallsOn { get; init; }

    /// <summary>Day on which every third call is reported; 0 for none.</summary>
    public int ReportedOn { get; init; }

    /// <summary>The number as it is written.</summary>
    public string Name => $"+{Digits}";

    /// <summary>Adds a number.</summary>
    public static MonthNumber Add(
        List<MonthNumber> numbers, int client, int perDay, (int, int) busy = default, double answerRate = 0.20, (int, double) fallsOn = default, int reportedOn = 0)
    {
        MonthNumber number = new(FirstDigits + numbers.Count, client, perDay)
        {
            Busy = busy,
            AnswerRate = answerRate,
            FallsOn = fallsOn,
            ReportedOn = reportedOn,
        };
        numbers.Add(number);
        return number;
    }

    /// <summary>Calls on a day.</summary>
    public int CallsOn(int day) => day == Busy.Day ? Busy.Calls : PerDay;

    /// <summary>What becomes of a call. Answers are spread evenly: chance alone moves a rate by five points now and then.</summary>
    public MonthOutcome OutcomeOf(int day, int call, Random random)
    {
        if (day == ReportedOn && call % 3 == 0)
        {
            return MonthOutcome.Unwanted;
        }

        _answers += FallsOn.Day > 0 && day >= FallsOn.Day ? FallsOn.Rate : AnswerRate;
        if (_answers >= 1)
        {
            _answers -= 1;
            return MonthOutcome.Answered;
        }

        return random.Next(3) == 0 ? MonthOutcome.Busy : MonthOutcome.NoAnswer;
    }
}
