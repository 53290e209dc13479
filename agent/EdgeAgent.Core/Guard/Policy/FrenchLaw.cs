using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>The law as of November 2026, in the form a policy file can replace: what holds where the file says nothing.</summary>
public static class FrenchLaw
{
    /// <summary>Name of the calendar of <see cref="NationalHolidays"/>.</summary>
    public const string NationalCalendar = "l3133-1";

    private static readonly DateOnly HoursSince = new(2023, 3, 1);

    /// <summary>The eleven days D223-9 refers to.</summary>
    public static HolidayCalendar NationalHolidays { get; } = Calendar(
        NationalCalendar, "Code du travail L3133-1", [],
        "01-01", "easter+1", "05-01", "05-08", "easter+39", "easter+50", "07-14", "08-15", "11-01", "11-11", "12-25");

    /// <summary>National and local holidays; what cannot be told from a number (no territory here) is named by a campaign.</summary>
    public static IReadOnlyList<HolidayCalendar> Calendars { get; } =
    [
        NationalHolidays,
        Calendar("alsace-moselle", "Code du travail L3134-13", [], "easter-2", "12-26"),
        Calendar("mayotte", "Code du travail L3422-2", [FrenchTerritory.Mayotte], "04-27"),
        Calendar("martinique", "Code du travail L3422-2", [FrenchTerritory.Martinique], "05-22"),
        Calendar("guadeloupe", "Code du travail L3422-2", [FrenchTerritory.Guadeloupe], "05-27"),
        Calendar("guyane", "Code du travail L3422-2", [FrenchTerritory.Guyane], "06-10"),
        Calendar("saint-barthelemy", "Code du travail L3422-2", [], "10-09"), // shares its ranges with Guadeloupe
        Calendar("reunion", "Code du travail L3422-2", [FrenchTerritory.Reunion], "12-20"),
    ];

    /// <summary>Calling hours.</summary>
    public static IReadOnlyList<HoursLaw> Hours { get; } =
    [
        new() { From = HoursSince, Reference = "Code de la consommation D223-9 (décret 2022-1313)", Calendar = NationalCalendar },
    ];

    /// <summary>Attempts to one consumer.</summary>
    public static IReadOnlyList<AttemptsLaw> Attempts { get; } =
    [
        new() { From = HoursSince, Reference = "Code de la consommation D223-9 (décret 2022-1313)" },
    ];

    /// <summary>Consent given before the call.</summary>
    public static IReadOnlyList<ConsentLaw> Consent { get; } =
    [
        new() { From = new DateOnly(2026, 8, 11), Reference = "Code de la consommation L223-1, R223-1 (loi 2025-594, décret 2026-662)" },
    ];

    private static HolidayCalendar Calendar(string name, string reference, FrenchTerritory[] territories, params string[] days) => new()
    {
        Name = name,
        Reference = reference,
        Territories = territories,
        Days = [.. days.Select(day => CalendarDay.TryParse(day, out CalendarDay read) ? read : throw new ArgumentException(day, nameof(days)))],
    };
}
