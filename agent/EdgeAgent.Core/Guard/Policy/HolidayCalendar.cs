using System.Globalization;
using EdgeAgent.Core.Numbers;
using NodaTime;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>One holiday: a day of every year, of one year, or so many days from Easter Sunday.</summary>
public readonly record struct CalendarDay
{
    private readonly short _year; // 0: every year
    private readonly sbyte _month; // 0: counted from Easter
    private readonly short _day;

    private CalendarDay(int year, int month, int day)
    {
        _year = (short)year;
        _month = (sbyte)month;
        _day = (short)day;
    }

    /// <summary>Reads <c>05-08</c>, <c>2027-05-08</c>, <c>easter+39</c> or <c>easter-2</c>.</summary>
    public static bool TryParse(string text, out CalendarDay day)
    {
        ArgumentNullException.ThrowIfNull(text);
        day = default;
        if (text.StartsWith("easter", StringComparison.Ordinal))
        {
            string days = text["easter".Length..];
            if (days.Length == 0 || (days[0] is '+' or '-'
                && int.TryParse(days, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int shift) && shift is >= -100 and <= 250))
            {
                day = new CalendarDay(0, 0, days.Length == 0 ? 0 : int.Parse(days, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
                return true;
            }

            return false;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly dated))
        {
            day = new CalendarDay(dated.Year, dated.Month, dated.Day);
            return true;
        }

        // A leap year, so that 02-29 can be written.
        if (DateOnly.TryParseExact("2024-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly yearly))
        {
            day = new CalendarDay(0, yearly.Month, yearly.Day);
            return true;
        }

        return false;
    }

    /// <summary>True when <paramref name="date"/> is this day.</summary>
    public bool Is(LocalDate date) => _month == 0
        ? Period.DaysBetween(FrenchHolidays.EasterSunday(date.Year), date) == _day
        : date.Month == _month && date.Day == _day && (_year == 0 || date.Year == _year);

    /// <summary>The form it is read from.</summary>
    public override string ToString() => _month == 0
        ? _day == 0 ? "easter" : string.Create(CultureInfo.InvariantCulture, $"easter{_day:+0;-0}")
        : _year == 0 ? string.Create(CultureInfo.InvariantCulture, $"{_month:00}-{_day:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{_year:0000}-{_month:00}-{_day:00}");
}

/// <summary>Named holidays with the text they come from.</summary>
public sealed record HolidayCalendar
{
    /// <summary>Name by which hours and campaigns refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>The text of law.</summary>
    public string? Reference { get; init; }

    /// <summary>The days.</summary>
    public IReadOnlyList<CalendarDay> Days { get; init; } = [];

    /// <summary>Territories in which they are local holidays; empty where the number's range cannot tell.</summary>
    public IReadOnlyList<FrenchTerritory> Territories { get; init; } = [];

    /// <summary>True when the day is one of them.</summary>
    public bool Contains(LocalDate day)
    {
        for (int i = 0; i < Days.Count; i++)
        {
            if (Days[i].Is(day))
            {
                return true;
            }
        }

        return false;
    }
}
