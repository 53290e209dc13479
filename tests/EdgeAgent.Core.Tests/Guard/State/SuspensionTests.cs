using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.State;

/// <summary>G17: a number's way out of service and back.</summary>
public sealed class SuspensionTests
{
    private static readonly DateTimeOffset Noon = At("2026-09-01T12:00:00+02:00"); // a Tuesday; every day counts here
    private static readonly GuardPolicy NoCaps = GuardPolicy.Default with
    {
        Rules = new RuleBook { Redial = new RedialSettings() with { Mode = GuardMode.Off }, Hours = new HoursSettings() with { Mode = GuardMode.Off } },
    };

    [Fact]
    public void Reports_SeverePassingFivePercent_SuspendAtOnceForNinetyDays()
    {
        BookRun run = new(NoCaps);
        run.Day(Noon, attempts: 300, answered: 60, reports: 14);
        Walk(run).ShouldBe("Active→Watch reportRate"); // 4.7 %: light, to be seen again tomorrow

        run.Book.OnReports(Number, new ParisDay().Of(Noon), source: 99, count: 1, Noon.AddHours(1));

        Walk(run).ShouldBe("Active→Watch reportRate, Watch→Suspended reportRate");
        run.Steps[^1].Step.By.ShouldBe(SuspendedBy.Rule);
        run.Steps[^1].Step.Until.ShouldBe(Noon.AddHours(1).AddDays(90));
        run.Alerts[^1].Hit.Action.ShouldBe(GuardAction.Suspend);
    }

    [Fact]
    public void Reports_LightOnTwoDays_WatchThenSuspendForTwentyEight()
    {
        BookRun run = new(NoCaps);
        run.Day(Noon, attempts: 300, answered: 60, reports: 6);
        Walk(run).ShouldBe("Active→Watch reportRate");

        run.Observe(run.NextFacts(Noon.AddDays(1)));

        Walk(run).ShouldBe("Active→Watch reportRate, Watch→Suspended reportRate");
        run.Steps[^1].Step.Until.ShouldBe(At("2026-09-30T00:00:00+02:00"));
    }

    [Fact]
    public void Reports_MoreThanCanBeCounted_DoNotBeginAnew()
    {
        BookRun run = new(NoCaps);
        run.Day(Noon, attempts: 300, answered: 60);
        DateOnly day = new ParisDay().Of(Noon);

        run.Book.OnReports(Number, day, source: 98, uint.MaxValue, Noon.AddHours(1));
        run.Book.OnReports(Number, day, source: 99, uint.MaxValue, Noon.AddHours(1));

        run.Book.State.Find(Number)!.Days.Find(day.DayNumber).Reports.ShouldBe(DayRollup.MaxReports);
    }

    [Fact]
    public void Reports_RateGoodForSevenDays_EndTheWatch()
    {
        BookRun run = new(NoCaps with { Rules = NoCaps.Rules with { Suspension = new SuspensionSettings() with { Mode = GuardMode.Alert } } });
        run.Day(Noon, attempts: 300, answered: 60, reports: 6);
        for (int day = 1; day <= 20; day++)
        {
            run.Day(Noon.AddDays(day), attempts: 100, answered: 20);
        }

        Walk(run).ShouldBe("Active→Watch reportRate, Watch→Active cleared");
        run.Alerts.Where(alert => alert.Hit.Rule == GuardId.ReportRate).Select(alert => alert.Change)
            .ShouldBe([AlertChange.Raised, AlertChange.Updated, AlertChange.Cleared]);
    }

    [Theory]
    [InlineData(SuspendedBy.Client, "2026-09-15T11:59:59+02:00", "block suspended")]
    [InlineData(SuspendedBy.Client, "2026-09-15T12:00:00+02:00", "-")]
    public void Judge_SuspendedNumber_IsBlockedUntilTheRestIsOver(SuspendedBy by, string at, string expected)
    {
        BookRun run = new(NoCaps, observeFor: TimeSpan.FromDays(300)); // an order is no matter of observation
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(14), by, "complaints").ShouldBeTrue();

        Seen seen = run.Judge(run.NextFacts(At(at)));

        seen.Say(GuardId.Suspension).ShouldBe(expected);
        (seen.Of(GuardId.Suspension)?.AllowedAt ?? Noon.AddDays(14)).ShouldBe(Noon.AddDays(14));
        run.Judge(run.NextFacts(At(at)) with { Number = OtherNumber }).Say(GuardId.Suspension).ShouldBe("-");
    }

    [Theory]
    [InlineData(SuspendedBy.Rule, SuspendedBy.Administrator, false)]
    [InlineData(SuspendedBy.Client, SuspendedBy.Administrator, false)]
    [InlineData(SuspendedBy.Administrator, SuspendedBy.Administrator, true)]
    [InlineData(SuspendedBy.Rule, SuspendedBy.Client, true)]
    [InlineData(SuspendedBy.Client, SuspendedBy.Client, true)]
    [InlineData(SuspendedBy.Administrator, SuspendedBy.Client, true)]
    public void Resume_BeforeTheTime_IsTheClients(SuspendedBy suspended, SuspendedBy resumes, bool expected)
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), suspended, "x");

        run.Book.Resume(Number, Noon.AddDays(1), resumes, "checked").ShouldBe(expected);
        run.Book.State.Find(Number)!.Suspension.Standing.ShouldBe(expected ? Standing.Probation : Standing.Suspended);
    }

    [Fact]
    public void Resume_ByOrder_SaysWhoAndWhy()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Rule, "reportRate");

        run.Book.Resume(Number, Noon.AddDays(1), SuspendedBy.Client, "checked with the carrier");

        (run.Steps[^1].Step.By, run.Steps[^1].Step.Reason).ShouldBe((SuspendedBy.Client, "checked with the carrier"));
    }

    [Fact]
    public void Suspend_AdministratorAfterAnother_DoesNotBecomeHisToResume()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Rule, "reportRate");
        run.Book.Suspend(Number, Noon.AddHours(1), TimeSpan.FromDays(90), SuspendedBy.Administrator, "mine now").ShouldBeTrue();

        run.Book.Resume(Number, Noon.AddHours(2), SuspendedBy.Administrator, "checked").ShouldBeFalse();
    }

    [Fact]
    public void Suspend_AdministratorAfterTheClientForLess_ChangesNothing()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Client, "order");

        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(1), SuspendedBy.Administrator, "shorter").ShouldBeFalse();
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(1), SuspendedBy.Client, "order").ShouldBeTrue(); // its own order may shorten
    }

    [Fact]
    public void Ramp_GoodWeeks_GrowsByAFifthUntilTheCapAndIsActiveAgain()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Rule, "reportRate");
        DateTimeOffset back = Noon.AddDays(28);
        run.Book.OnTime(back);
        List<int> ramp = [];
        for (int day = 0; run.Book.State.Find(Number)!.Suspension.Standing == Standing.Probation && day < 100; day++)
        {
            int allowed = 0;
            while (run.Admit(run.NextFacts(back.AddDays(day).AddSeconds(allowed))).Action < GuardAction.Block)
            {
                run.Book.OnAnswered(Number, back.AddDays(day).AddSeconds(allowed));
                allowed++;
            }

            ramp.Add(allowed);
        }

        ramp.Where((_, day) => day % 7 == 0).ShouldBe([30, 36, 43, 51, 62, 74, 89, 107, 128, 150]);
        ramp[6].ShouldBe(30);
        Walk(run).ShouldBe("Active→Suspended reportRate, Suspended→Probation restOver, Probation→Active recovered");
    }

    [Fact]
    public void Ramp_WeekWithReports_DoesNotGrow()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Rule, "reportRate");
        DateTimeOffset back = Noon.AddDays(28);
        run.Book.OnTime(back);
        for (int day = 0; day < 7; day++)
        {
            run.Day(back.AddDays(day), attempts: 30, answered: 10, reports: day == 3 ? 3 : 0); // 3 of 210: 1.4 %
        }

        run.Book.OnTime(back.AddDays(7));
        run.Book.State.Find(Number)!.Suspension.Ramp.ShouldBe(30);
        for (int day = 7; day < 14; day++)
        {
            run.Day(back.AddDays(day), attempts: 30, answered: 10, reports: day == 9 ? 2 : 0); // 0.95 %
        }

        run.Book.OnTime(back.AddDays(14));
        run.Book.State.Find(Number)!.Suspension.Ramp.ShouldBe(36);
    }

    [Fact]
    public void Relapse_OnProbation_DoublesTheRest()
    {
        BookRun run = new(NoCaps);
        run.Book.Suspend(Number, Noon, TimeSpan.FromDays(28), SuspendedBy.Rule, "reportRate");
        DateTimeOffset back = Noon.AddDays(28);
        run.Book.OnTime(back);

        run.Day(back.AddHours(1), attempts: 300, answered: 60, reports: 6); // light, but on probation

        run.Steps[^1].Step.To.ShouldBe(Standing.Suspended);
        run.Steps[^1].Step.Until!.Value.ShouldBe(run.Steps[^1].Step.At.AddDays(56));
    }

    [Fact]
    public void AnswerRate_CriticalFall_SuspendsAndRecoveryComparesWithBefore()
    {
        BookRun run = new(NoCaps with { Rules = NoCaps.Rules with { DailyCap = new CapSettings(GuardMode.Off) { Alert = 100, Block = 30 } } });
        for (int day = 0; day < 14; day++)
        {
            run.Day(Noon.AddDays(day), attempts: 100, answered: day < 7 ? 25 : 13);
        }

        run.Book.OnTime(Noon.AddDays(14));

        Walk(run).ShouldEndWith("Watch→Suspended answerRate");
        Suspension suspension = run.Book.State.Find(Number)!.Suspension;
        suspension.AnswerBaseline.ShouldBe(0.25, 0.03); // of the first days on which the fall showed
        DateTimeOffset back = suspension.Until;
        run.Book.OnTime(back);
        for (int day = 0; day < 20; day++)
        {
            run.Day(back.AddDays(day), attempts: 30, answered: 3); // still bad: no way back
        }

        suspension.Standing.ShouldBe(Standing.Probation);
        for (int day = 20; day < 40; day++)
        {
            run.Day(back.AddDays(day), attempts: 30, answered: 7);
        }

        suspension.Standing.ShouldBe(Standing.Active);
    }

    [Fact]
    public void Observation_FirstSevenDays_NeitherAlertsNorSuspends()
    {
        BookRun run = new(observeFor: TimeSpan.FromDays(7));
        run.Day(Noon, attempts: 300, answered: 60, reports: 60);

        run.Steps.ShouldBeEmpty();
        run.Alerts.ShouldBeEmpty();
        run.Judge(run.NextFacts(At("2026-09-06T03:00:00+02:00"))).Action.ShouldBe(GuardAction.Observe);
        run.Judge(run.NextFacts(At("2026-09-13T03:00:00+02:00"))).Action.ShouldBe(GuardAction.Block);
    }

    private static string Walk(BookRun run) =>
        string.Join(", ", run.Steps.Where(step => step.Number == Number).Select(step => $"{step.Step.From}→{step.Step.To} {step.Step.Reason}"));
}
