using System.Globalization;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class DayAttemptsTests
{
    private static readonly NumberKey One = NumberKey.For(new E164Number(33162123456));
    private static readonly NumberKey Two = NumberKey.For(new E164Number(33162123457));

    [Theory]
    [InlineData("2026-01-15T22:59:59Z", "2026-01-15")]
    [InlineData("2026-01-15T23:00:00Z", "2026-01-16")]
    [InlineData("2026-07-15T21:59:59Z", "2026-07-15")]
    [InlineData("2026-07-15T22:00:00Z", "2026-07-16")]
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("2026-10-25T22:59:59Z", "2026-10-25")]
    [InlineData("2026-10-25T23:00:00Z", "2026-10-26")]
    public void DayOf_SummerAndWinter_IsTheCivilDayInParis(string at, string day) =>
        new DayAttempts(10).DayOf(Utc(at)).ShouldBe(DateOnly.Parse(day, CultureInfo.InvariantCulture));

    [Fact]
    public void Add_SameDay_CountsEachNumberApart()
    {
        DayAttempts day = new(10);

        day.Add(One, Utc("2026-01-15T08:00:00Z")).ShouldBe(1);
        day.Add(One, Utc("2026-01-15T22:59:59Z")).ShouldBe(2);
        day.Add(Two, Utc("2026-01-15T09:00:00Z")).ShouldBe(1);
    }

    [Fact]
    public void Add_AfterMidnightInParis_BeginsAnew()
    {
        DayAttempts day = new(10);
        day.Add(One, Utc("2026-01-15T22:59:59Z"));

        day.Add(One, Utc("2026-01-15T23:00:00Z")).ShouldBe(1);
        day.Day.ShouldBe(new DateOnly(2026, 1, 16));
    }

    [Fact]
    public void Add_PacketOfTheDayBefore_CountsToday()
    {
        DayAttempts day = new(10);
        day.Add(One, Utc("2026-01-15T23:00:01Z"));

        day.Add(One, Utc("2026-01-15T22:59:59Z")).ShouldBe(2);
        day.Day.ShouldBe(new DateOnly(2026, 1, 16));
    }

    [Fact]
    public void Add_NumbersPastTheLimit_ShareOneCount()
    {
        DayAttempts day = new(maxNumbers: 1);
        day.Add(One, Utc("2026-01-15T08:00:00Z"));

        day.Add(Two, Utc("2026-01-15T08:00:00Z")).ShouldBe(1);
        day.Add(NumberKey.None, Utc("2026-01-15T08:00:00Z")).ShouldBe(2);
        day.Add(One, Utc("2026-01-15T08:00:00Z")).ShouldBe(2);
        day.Counts[NumberKey.Other].ShouldBe(2);
    }

    private static DateTimeOffset Utc(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
}
