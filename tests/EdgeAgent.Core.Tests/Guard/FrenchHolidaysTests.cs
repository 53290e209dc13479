using EdgeAgent.Core.Guard;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard;

public sealed class FrenchHolidaysTests
{
    [Theory]
    [InlineData(2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2028, "01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2008, "01-01 03-24 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25")] // Ascension on 1 May
    public void Contains_EveryDayOfAYear_FindsTheHolidays(int year, string expected)
    {
        List<string> found = [];
        for (LocalDate day = new(year, 1, 1); day.Year == year; day = day.PlusDays(1))
        {
            if (FrenchHolidays.Contains(day))
            {
                found.Add($"{day.Month:00}-{day.Day:00}");
            }
        }

        string.Join(' ', found).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1818, 3, 22)] // the earliest possible
    [InlineData(1943, 4, 25)] // the latest possible
    [InlineData(1954, 4, 18)] // an exception of the Gregorian computation
    [InlineData(1981, 4, 19)] // the other one
    [InlineData(2000, 4, 23)]
    [InlineData(2038, 4, 25)]
    [InlineData(2100, 3, 28)]
    public void EasterSunday_KnownYears_IsRight(int year, int month, int day) =>
        FrenchHolidays.EasterSunday(year).ShouldBe(new LocalDate(year, month, day));

    [Fact]
    public void EasterSunday_AnyYear_IsASundayFrom22MarchTo25April()
    {
        for (int year = 1583; year <= 9999; year++)
        {
            LocalDate easter = FrenchHolidays.EasterSunday(year);
            easter.DayOfWeek.ShouldBe(IsoDayOfWeek.Sunday);
            easter.ShouldBeInRange(new LocalDate(year, 3, 22), new LocalDate(year, 4, 25));
        }
    }
}
