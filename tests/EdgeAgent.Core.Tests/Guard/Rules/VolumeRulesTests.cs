using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.Rules;

/// <summary>G10 to G12, G18 and G19: how much a number and a line call.</summary>
public sealed class VolumeRulesTests
{
    [Theory]
    [InlineData(99, "-")]
    [InlineData(100, "alert aboveAlert")]
    [InlineData(149, "alert aboveAlert")]
    [InlineData(150, "block aboveCap")]
    public void Judge_AttemptsOfTheDay_AreCapped(int before, string expected)
    {
        BookRun run = new();
        run.ObserveMany(Tuesday, before);

        Seen seen = run.Judge(run.NextFacts(Tuesday.AddMinutes(30)));

        seen.Say(GuardId.DailyCap).ShouldBe(expected);
        if (before == 150)
        {
            seen.Of(GuardId.DailyCap)!.Value.AllowedAt.ShouldBe(At("2026-11-25T00:00:00+01:00"));
        }
    }

    [Theory]
    [InlineData("2026-10-25T23:59:59+01:00", "block aboveCap")] // a day of 25 hours
    [InlineData("2026-10-26T00:00:00+01:00", "-")]
    public void Judge_DailyCap_EndsWithTheParisDay(string at, string expected)
    {
        BookRun run = new();
        run.ObserveMany(At("2026-10-25T00:00:00+02:00"), 150);

        run.Judge(run.NextFacts(At(at))).Say(GuardId.DailyCap).ShouldBe(expected);
    }

    [Theory]
    [InlineData(19, 0, "-")]
    [InlineData(20, 0, "alert aboveAlert")]
    [InlineData(24, 0, "alert aboveAlert")]
    [InlineData(25, 0, "block aboveCap")]
    [InlineData(25, 58, "block aboveCap")]
    [InlineData(25, 59, "-")]
    public void Judge_AttemptsOfSixtyMinutes_AreCapped(int before, int minutesLater, string expected)
    {
        BookRun run = new(GuardPolicy.Default with { Rules = new RuleBook { HourlyCap = new CapSettings(GuardMode.Enforce) { Alert = 20, Block = 25 } } });
        run.ObserveMany(Tuesday.AddMinutes(-1), before);

        Seen seen = run.Judge(run.NextFacts(Tuesday.AddMinutes(minutesLater)));

        seen.Say(GuardId.HourlyCap).ShouldBe(expected);
        if (expected.StartsWith("block", StringComparison.Ordinal))
        {
            seen.Of(GuardId.HourlyCap)!.Value.AllowedAt.ShouldBe(Tuesday.AddMinutes(59));
        }
    }

    [Fact]
    public void Judge_Bucket_HasNoCap()
    {
        BookRun run = new();
        for (int i = 0; i < 200; i++)
        {
            run.Observe(run.NextFacts(Tuesday.AddSeconds(i)) with { Number = NumberKey.None });
        }

        Seen seen = run.Judge(run.NextFacts(Tuesday.AddMinutes(5)) with { Number = NumberKey.None });
        seen.Say(GuardId.DailyCap).ShouldBe("-");
        seen.Say(GuardId.HourlyCap).ShouldBe("-");
    }

    [Theory]
    [InlineData(80, "-")] // exactly twice the mean of forty
    [InlineData(81, "alert spike")]
    public void Judge_TwiceTheMean_IsASpike(int attempt, string expected)
    {
        BookRun run = new();
        foreach (string day in (string[])["2026-11-19", "2026-11-20", "2026-11-23"]) // the weekend lowers nothing
        {
            run.ObserveMany(At(day + "T11:00:00+01:00"), 40);
        }

        run.ObserveMany(Tuesday, attempt - 1);
        run.Judge(run.NextFacts(Tuesday.AddMinutes(5))).Say(GuardId.Spike).ShouldBe(expected);
    }

    [Theory]
    [InlineData(50, "-")]
    [InlineData(51, "alert spike")]
    public void Judge_FewAttempts_AreNoSpike(int attempt, string expected)
    {
        BookRun run = new();
        for (int day = 4; day > 0; day--)
        {
            run.ObserveMany(Tuesday.AddDays(-day), 5);
        }

        run.ObserveMany(Tuesday, attempt - 1);
        run.Judge(run.NextFacts(Tuesday.AddMinutes(5))).Say(GuardId.Spike).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 30, "-")]
    [InlineData(0, 31, "alert aboveWarmUp")]
    [InlineData(0, 50, "alert aboveWarmUp")]
    [InlineData(0, 51, "block aboveWarmUpCap")]
    [InlineData(6, 51, "block aboveWarmUpCap")]
    [InlineData(7, 36, "-")] // 30 × 1.2
    [InlineData(7, 37, "alert aboveWarmUp")]
    [InlineData(7, 61, "block aboveWarmUpCap")] // 50 × 1.2
    [InlineData(42, 149, "block aboveWarmUpCap")] // 50 × 1.2^6 = 149
    [InlineData(49, 149, "-")] // the cap is reached
    public void Judge_NewNumber_WarmsUpByWeeks(int age, int attempt, string expected)
    {
        BookRun run = new(GuardPolicy.Default with
        {
            Clients = [new PolicyClient("acme")],
            Numbers = [new RegisteredNumber { Number = Number.Number, Client = "acme", From = new DateOnly(2026, 11, 24).AddDays(-age) }],
            Rules = new RuleBook { WarmUp = new WarmUpSettings() with { Mode = GuardMode.Enforce } },
        });
        run.ObserveMany(Tuesday, attempt == 149 && expected != "-" ? 149 : attempt - 1);

        run.Judge(run.NextFacts(Tuesday.AddMinutes(5))).Say(GuardId.WarmUp).ShouldBe(expected);
    }

    [Fact]
    public void Judge_NumberSeenWhileTheInstallationObserved_IsNotNew()
    {
        BookRun run = new(observeFor: TimeSpan.FromDays(7));
        run.Observe(run.NextFacts(Tuesday));
        DateTimeOffset later = Tuesday.AddDays(7);
        for (int i = 0; i < 40; i++)
        {
            run.Observe(run.NextFacts(later.AddSeconds(i)));
            run.Observe(run.NextFacts(later.AddSeconds(i)) with { Number = OtherNumber });
        }

        run.Judge(run.NextFacts(later.AddMinutes(5))).Say(GuardId.WarmUp).ShouldBe("-");
        run.Judge(run.NextFacts(later.AddMinutes(5)) with { Number = OtherNumber }).Say(GuardId.WarmUp).ShouldBe("alert aboveWarmUp");
    }

    [Fact]
    public void Observe_SecondCallOfAManualLine_LooksAutomated()
    {
        BookRun run = Manual(out string campaign);
        run.Observe(run.NextFacts(Tuesday) with { Seat = 5, Campaign = campaign }).Say(GuardId.Concurrency).ShouldBe("-");

        run.Judge(run.NextFacts(Tuesday.AddSeconds(5)) with { Seat = 5, Campaign = campaign }).Say(GuardId.Concurrency).ShouldBe("alert parallel");
        run.Judge(run.NextFacts(Tuesday.AddSeconds(5)) with { Seat = 6, Campaign = campaign }).Say(GuardId.Concurrency).ShouldBe("-");
        run.Judge(run.NextFacts(Tuesday.AddSeconds(5)) with { Seat = 5 }).Say(GuardId.Concurrency).ShouldBe("-"); // not declared manual

        run.Book.OnSeatFree(5, Tuesday.AddSeconds(9));
        run.Judge(run.NextFacts(Tuesday.AddSeconds(20)) with { Seat = 5, Campaign = campaign }).Say(GuardId.Concurrency).ShouldBe("-");
    }

    [Theory]
    [InlineData(4, 0.99, "-")]
    [InlineData(5, 0.99, "alert quickRedial")]
    [InlineData(5, 1.0, "-")]
    public void Observe_RedialsFasterThanAHand_LookAutomated(int times, double after, string expected)
    {
        BookRun run = Manual(out string campaign);
        DateTimeOffset at = Tuesday;
        string said = "";
        for (int i = 0; i <= times; i++)
        {
            said = run.Observe(run.NextFacts(at) with { Seat = 5, Campaign = campaign }).Say(GuardId.Concurrency);
            run.Book.OnSeatFree(5, at.AddSeconds(20));
            at = at.AddSeconds(20 + after);
        }

        said.ShouldBe(expected);
    }

    private static BookRun Manual(out string campaign)
    {
        campaign = "hand";
        return new BookRun(GuardPolicy.Default with { Campaigns = [new PolicyCampaign { Id = "hand", Mode = DiallingMode.Manual }] });
    }
}
