namespace EdgeAgent.Configuration;

/// <summary>Rules a call is judged by.</summary>
public sealed class GuardsOptions
{
    /// <summary>Legal hours.</summary>
    public HoursGuardOptions Hours { get; set; } = new();

    /// <summary>Attempts per number and day.</summary>
    public DailyCapOptions DailyCap { get; set; } = new();
}

/// <summary>Legal hours in the callee's time zone (Code de la consommation D223-9 in the default).</summary>
public sealed class HoursGuardOptions
{
    /// <summary>Judge calls by the clock. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Days on which calling is allowed; public holidays never are. Default Monday to Friday.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; set; } = [];

    /// <summary>Times of day, first minute included, last one not. Default 10:00-13:00 and 14:00-20:00.</summary>
    public IReadOnlyList<string> Windows { get; set; } = [];

    /// <summary>What empty <see cref="Days"/> mean.</summary>
    public static IReadOnlyList<DayOfWeek> DefaultDays { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>What empty <see cref="Windows"/> mean.</summary>
    public static IReadOnlyList<string> DefaultWindows { get; } = ["10:00-13:00", "14:00-20:00"];
}

/// <summary>Attempts per number and civil day (Europe/Paris).</summary>
public sealed class DailyCapOptions
{
    /// <summary>Judge calls by volume. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Attempts past this one are alerts. Default 100.</summary>
    public int Alert { get; set; } = 100;

    /// <summary>Attempts past this one are violations. Default 150.</summary>
    public int Excess { get; set; } = 150;
}
