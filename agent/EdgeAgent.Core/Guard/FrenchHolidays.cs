using NodaTime;

namespace EdgeAgent.Core.Guard;

/// <summary>The eleven public holidays of Code du travail L3133-1, the only ones D223-9 refers to.</summary>
public static class FrenchHolidays
{
    /// <summary>Whether <paramref name="day"/> is one of them.</summary>
    public static bool Contains(LocalDate day)
    {
        bool isFixed = (day.Month, day.Day) is (1, 1) or (5, 1) or (5, 8) or (7, 14) or (8, 15) or (11, 1) or (11, 11) or (12, 25);
        if (isFixed || day.Month is < 3 or > 6)
        {
            return isFixed;
        }

        // Easter Monday, Ascension Day, Whit Monday
        return Period.DaysBetween(EasterSunday(day.Year), day) is 1 or 39 or 50;
    }

    /// <summary>Easter Sunday of a Gregorian year (Butcher's computation).</summary>
    /// <param name="year">1583 to 9999; earlier years are computed as if the calendar had been in force.</param>
    public static LocalDate EasterSunday(int year)
    {
        int golden = year % 19;
        (int century, int ofCentury) = (year / 100, year % 100);
        int moonCorrection = (century - ((century + 8) / 25) + 1) / 3;
        int epact = ((19 * golden) + century - (century / 4) - moonCorrection + 15) % 30;
        int weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - epact - (ofCentury % 4)) % 7;
        int shift = (golden + (11 * epact) + (22 * weekday)) / 451;
        int day = epact + weekday - (7 * shift) + 114;
        return new LocalDate(year, day / 31, (day % 31) + 1);
    }
}
