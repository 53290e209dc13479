using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.State;

/// <summary>A clock that was years ahead for a moment (a dead battery, an administrator) and was set right again.</summary>
public sealed class ClockExcursionTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(400);

    [Fact]
    public void Day_ClockWasAheadForAMoment_CapsCountAgain()
    {
        BookRun run = AfterExcursion();

        run.ObserveMany(Tuesday.AddDays(1), 151).Say(GuardId.DailyCap).ShouldBe("block aboveCap");
        run.Book.State.Find(Number)!.Days.Find(new ParisDay().Of(Tuesday.AddDays(1)).DayNumber).Attempts.ShouldBe(151u);
    }

    [Fact]
    public void Hour_ClockWasAheadForAMoment_CapsCountAgain()
    {
        BookRun run = AfterExcursion();

        run.ObserveMany(Tuesday.AddDays(1), 40).Of(GuardId.HourlyCap)!.Value.Value.ShouldBe(40);
        run.ObserveMany(Tuesday.AddDays(1).AddHours(3), 20).Say(GuardId.HourlyCap).ShouldBe("-");
    }

    [Fact]
    public void Person_ClockWasAheadForAMoment_AttemptsCountAgain()
    {
        BookRun run = AfterExcursion(person: 77);
        for (int day = 1; day <= 4; day++)
        {
            run.Observe(Facts(Tuesday.AddDays(day), person: 77));
        }

        run.Observe(Facts(Tuesday.AddDays(5), person: 77)).Say(GuardId.PersonAttempts).ShouldBe("block aboveLimit");
        run.Observe(Facts(Tuesday.AddDays(40), person: 77)).Say(GuardId.PersonAttempts).ShouldBe("-");
    }

    [Fact]
    public void Log_ClockWasAheadForAMoment_IsGivenOutAgain()
    {
        BookRun run = AfterExcursion();
        run.ObserveMany(Tuesday.AddDays(1), 100);

        run.Book.State.Log.TakeBefore(GuardMinutes.Of(Tuesday.AddDays(1).AddHours(1)));

        run.Book.State.Log.Pending.ShouldBe(0);
    }

    [Fact]
    public void Reputation_ClockWasAheadForAMoment_DaysAreAssessedAgain()
    {
        BookRun run = AfterExcursion();
        run.Day(Tuesday.AddDays(1), attempts: 300, answered: 60, reports: 8);
        run.Observe(run.NextFacts(Tuesday.AddDays(2)));

        run.Steps.Select(each => each.Step.To).ShouldContain(Standing.Suspended);
    }

    private static BookRun AfterExcursion(ulong person = 1)
    {
        BookRun run = new();
        run.Observe(run.NextFacts(Tuesday));
        run.Book.OnTime(Tuesday + Ahead);
        run.Observe(Facts(Tuesday + Ahead, person));
        run.Book.State.Log.TakeBefore(GuardMinutes.Of(Tuesday + Ahead + TimeSpan.FromMinutes(1)));
        run.Book.OnSetBack(Tuesday.AddMinutes(5));
        return run;
    }
}
