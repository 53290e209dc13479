using System.Globalization;
using EdgeAgent.Core.Guard;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard;

public sealed class ParisDayTests
{
    [Theory]
    [InlineData("2026-11-24T22:59:59.9999999Z", "2026-11-24")]
    [InlineData("2026-11-24T23:00:00Z", "2026-11-25")]
    [InlineData("2026-07-14T21:59:59.9999999Z", "2026-07-14")]
    [InlineData("2026-07-14T22:00:00Z", "2026-07-15")]
    [InlineData("2026-12-31T23:00:00Z", "2027-01-01")]
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29")] // the day of 23 hours
    [InlineData("2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25")] // the day of 25 hours
    [InlineData("2026-10-25T22:59:59Z", "2026-10-25")]
    [InlineData("2026-10-25T23:00:00Z", "2026-10-26")]
    public void Of_EdgesOfADay_IsTheCivilDay(string at, string expected) =>
        new ParisDay().Of(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture))
            .ShouldBe(DateOnly.Parse(expected, CultureInfo.InvariantCulture));

    [Fact]
    public void Of_OneAfterAnother_EqualsTheWallClock()
    {
        ParisDay days = new();
        DateTimeZone paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < 20_000; i++)
        {
            DateTimeOffset at = start.AddMinutes((i * 7919L) % (3 * 365 * 1440)); // to and fro over three years
            days.Of(at).ShouldBe(Instant.FromDateTimeOffset(at).InZone(paris).Date.ToDateOnly());
        }
    }

    [Fact]
    public void Of_EndsOfTheCalendar_AreTheirDays()
    {
        ParisDay days = new();
        days.Of(DateTimeOffset.MinValue).ShouldBe(DateOnly.MinValue);
        days.Of(DateTimeOffset.MaxValue).ShouldBe(DateOnly.MaxValue);
    }
}
