namespace EdgeAgent.Core.Guard;

/// <summary>A stretch of the civil day, half-open: a call at <paramref name="Closes"/> is late.</summary>
/// <param name="Opens">Since local midnight, 0 to 24 h.</param>
/// <param name="Closes">Since local midnight, after <paramref name="Opens"/>, up to 24 h.</param>
public readonly record struct CallingWindow(TimeSpan Opens, TimeSpan Closes);

/// <summary>When a consumer may be called. The defaults are Code de la consommation D223-9, in force since 1 March 2023.</summary>
public sealed record LegalHoursSettings
{
    /// <summary>Days on which calls are allowed.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>Windows of such a day, in order and apart.</summary>
    public IReadOnlyList<CallingWindow> Windows { get; init; } =
        [new(TimeSpan.FromHours(10), TimeSpan.FromHours(13)), new(TimeSpan.FromHours(14), TimeSpan.FromHours(20))];

    /// <summary>Whether public holidays (L3133-1) are closed.</summary>
    public bool ClosedOnPublicHolidays { get; init; } = true;

    /// <summary>What is wrong with these settings, one sentence each; empty when nothing is.</summary>
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
