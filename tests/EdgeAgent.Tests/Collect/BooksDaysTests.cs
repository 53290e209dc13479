using System.Globalization;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>Figures of civil days in Europe/Paris.</summary>
public sealed class BooksDaysTests
{
    [Theory]
    [InlineData("2026-05-04T21:57:00Z", "2026-05-04", "2026-05-05")]
    [InlineData("2026-01-10T22:57:00Z", "2026-01-10", "2026-01-11")]
    public async Task Report_MinutesAroundMidnight_BelongToTheDayInParis(string start, string before, string after)
    {
        using BooksFixture fixture = new() { Start = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture) };
        fixture.Enter(await fixture.JournalAsync(5)); // three before midnight, two after; 3 attempts of a number and 2 of none in each

        JsonElement first = Site(fixture, before, before);
        JsonElement second = Site(fixture, after, null);
        JsonElement both = Site(fixture, before, after);

        Attempts(first).ShouldBe(15);
        first.GetProperty("numbers").EnumerateArray().Sum(row => row.GetProperty("attempts").GetInt64()).ShouldBe(15);
        first.GetProperty("numbers").GetArrayLength().ShouldBe(4);
        Attempts(second).ShouldBe(10);
        Attempts(both).ShouldBe(25);
        both.GetProperty("numbers").GetArrayLength().ShouldBe(6);
        both.GetProperty("days").EnumerateArray().Select(day => (day.GetProperty("day").GetString(), day.GetProperty("attempts").GetInt64()))
            .ShouldBe([(before, 15), (after, 10)]);
        Attempts(Site(fixture, null, "2025-12-31")).ShouldBe(0);
        Attempts(Site(fixture, "2026-12-31", null)).ShouldBe(0);
    }

    [Fact]
    public async Task Report_TombstoneOverSeveralDays_IsInNoneOfThemAndSaid()
    {
        using BooksFixture fixture = new() { Start = DateTimeOffset.Parse("2026-05-04T21:57:00Z", CultureInfo.InvariantCulture) };
        await fixture.JournalAsync(5);
        fixture.Enter(await fixture.ExpireAsync()); // one sum of five minutes; the sixth as it is

        JsonElement report = Samples.Json(BooksReport.Write(fixture.Books, new DaySpan("2026-05-01", "2026-05-31"), TimeSpan.FromDays(1), Samples.Morning));
        using StringWriter printed = new();
        BooksReport.Print(report, printed);

        JsonElement site = report.GetProperty("sites")[0];
        Attempts(site).ShouldBe(5);
        site.GetProperty("undated").GetProperty("attempts").GetInt64().ShouldBe(25);
        printed.ToString().ShouldContain("undated: 25 attempts of agent-1 are summed up over several days and in none of these");
        printed.ToString().ShouldContain("2026-05-05");
    }

    private static JsonElement Site(BooksFixture fixture, string? first, string? last) =>
        Samples.Json(BooksReport.Write(fixture.Books, new DaySpan(first, last), TimeSpan.FromMinutes(3), Samples.Morning)).GetProperty("sites")[0];

    private static long Attempts(JsonElement site) =>
        site.GetProperty("total").TryGetProperty("attempts", out JsonElement value) ? value.GetInt64() : 0;
}
