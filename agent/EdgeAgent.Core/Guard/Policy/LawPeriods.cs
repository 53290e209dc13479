namespace EdgeAgent.Core.Guard.Policy;

/// <summary>A text of law while it is in force, in civil days where the person is.</summary>
public abstract record LawPeriod
{
    /// <summary>First day in force.</summary>
    public DateOnly From { get; init; } = DateOnly.MinValue;

    /// <summary>Last day in force; null while nothing ends it.</summary>
    public DateOnly? To { get; init; }

    /// <summary>The article, and the text that brought it.</summary>
    public required string Reference { get; init; }

    /// <summary>In force on that day.</summary>
    public bool IsInForce(DateOnly day) => day >= From && (To is not { } to || day <= to);

    /// <summary>The first of <paramref name="periods"/> in force on that day; null for none.</summary>
    public static TLaw? On<TLaw>(IReadOnlyList<TLaw> periods, DateOnly day)
        where TLaw : LawPeriod
    {
        ArgumentNullException.ThrowIfNull(periods);
        for (int i = 0; i < periods.Count; i++)
        {
            if (periods[i].IsInForce(day))
            {
                return periods[i];
            }
        }

        return null;
    }
}

/// <summary>When consumers may be called.</summary>
public sealed record HoursLaw : LawPeriod
{
    /// <summary>Days of the week on which calls are allowed.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>Windows of such a day, half-open, in order and apart.</summary>
    public IReadOnlyList<CallingWindow> Windows { get; init; } =
        [new(TimeSpan.FromHours(10), TimeSpan.FromHours(13)), new(TimeSpan.FromHours(14), TimeSpan.FromHours(20))];

    /// <summary>Name of the calendar of days on which calls are forbidden; null for none.</summary>
    public string? Calendar { get; init; }

    /// <summary>What is wrong with days and windows, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        TimeSpan last = TimeSpan.Zero;
        foreach ((TimeSpan opens, TimeSpan closes) in Windows)
        {
            if (opens < TimeSpan.Zero || closes <= opens || closes > TimeSpan.FromHours(24))
            {
                faults.Add($"window {opens}-{closes} does not lie within a day");
            }
            else if (opens < last)
            {
                faults.Add($"window {opens}-{closes} begins before the one before it ends");
            }

            last = closes;
        }

        if (Windows.Count == 0)
        {
            faults.Add("no window: calls would never be allowed");
        }

        if (Days.Any(day => !Enum.IsDefined(day)))
        {
            faults.Add("a day is no day of the week");
        }

        return faults;
    }
}

/// <summary>How often one consumer may be called for one client.</summary>
public sealed record AttemptsLaw : LawPeriod
{
    /// <summary>Attempts allowed within the window, 1 to 5.</summary>
    public int Limit { get; init; } = 4;

    /// <summary>Window in days of 24 hours, 1 to 30.</summary>
    public int Days { get; init; } = 30;
}

/// <summary>Calls need consent given before.</summary>
public sealed record ConsentLaw : LawPeriod
{
    /// <summary>How long consent holds at most, in days.</summary>
    public int MaxDays { get; init; } = 365;
}
