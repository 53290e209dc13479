using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard.Rules;

/// <summary>
/// How often numbers that do not change are blamed all the same: the reason for minimum samples and tests. Simulated with fixed seeds; the
/// bands are those published in agent/EdgeAgent.Core/Guard/RULES.md, a point wider for the simulation's own spread.
/// </summary>
public sealed class FalseAlarmTests
{
    private const int Trials = 4_000;
    private const int Today = 740_000;
    private static readonly BlindDays AllSeen = new();

    [Theory]
    [InlineData(100, 0.32, 0.41)]
    [InlineData(200, 0.16, 0.25)]
    [InlineData(300, 0.09, 0.16)]
    [InlineData(400, 0.05, 0.10)]
    [InlineData(700, 0.01, 0.03)]
    public void AnswerRate_StableNumber_MovesFivePointsByChance(int attempts, double least, double most)
    {
        foreach (double rate in (double[])[0.15, 0.25])
        {
            // Exactly five points count half: the bands are those of the normal approximation, which knows no whole calls.
            double Move(Random random) => Math.Abs(Binomial(random, attempts, rate) - Binomial(random, attempts, rate)) - (0.05 * attempts);
            Random random = new((int)(rate * 1000) + attempts);
            double share = Enumerable.Range(0, Trials).Average(_ => Move(random) switch { > 1e-9 => 1, > -1e-9 => 0.5, _ => 0 });

            share.ShouldBeInRange(least - 0.015, most + 0.015);
        }
    }

    [Theory]
    [InlineData(300, 0, 0)] // below the sample nothing is said
    [InlineData(400, 0.02, 0.06)]
    [InlineData(700, 0.005, 0.04)] // 3.3 % at a rate of 25 %, exactly five points included
    public void AnswerRateRule_StableNumber_IsRarelyBlamed(int attempts, double least, double most)
    {
        foreach (double rate in (double[])[0.15, 0.25])
        {
            double share = Share(random => IsHit(new AnswerRateRule(new AnswerRateSettings()), Rollup(random, attempts, rate), Rollup(random, attempts, rate)), (int)(rate * 1000) + attempts);

            share.ShouldBeInRange(least, most);
        }

        static DayRollup Rollup(Random random, int attempts, double rate) =>
            new() { Attempts = (uint)attempts, Answered = (uint)Binomial(random, attempts, rate), Reached = (uint)attempts };
    }

    [Fact]
    public void AnswerRateRule_FallFrom25To15_IsFoundNearlyAlways()
    {
        double share = Share(
            random => IsHit(
                new AnswerRateRule(new AnswerRateSettings()),
                new DayRollup { Attempts = 700, Answered = (uint)Binomial(random, 700, 0.25), Reached = 700 },
                new DayRollup { Attempts = 700, Answered = (uint)Binomial(random, 700, 0.15), Reached = 700 }),
            42);

        share.ShouldBeGreaterThan(0.98);
    }

    [Theory]
    [InlineData(100, 0.26)]
    [InlineData(300, 0.08)]
    [InlineData(500, 0.03)]
    [InlineData(1000, 0.003)]
    public void ReportRate_OnePercent_ShowsTwoByChance(int attempts, double expected) =>
        Share(random => Binomial(random, attempts, 0.01) >= 0.02 * attempts, attempts).ShouldBe(expected, 0.015);

    [Theory]
    [InlineData(100, 0, 0)] // a quarter of such numbers would be blamed
    [InlineData(300, 0.06, 0.10)]
    [InlineData(700, 0.005, 0.025)]
    public void ReportRateRule_OnePercent_IsRarelyBlamed(int attempts, double least, double most) =>
        Share(
            random => IsHit(
                new ReportRateRule(new ReportRateSettings()), default, new DayRollup { Attempts = (uint)attempts, Reports = (uint)Binomial(random, attempts, 0.01) }),
            attempts).ShouldBeInRange(least, most);

    [Fact]
    public void TalkTimeRule_StableNumber_IsRarelyBlamed()
    {
        // Talk times are about exponential: the mean of a hundred has a standard error of a tenth.
        double share = Share(random => IsHit(new TalkTimeRule(new TalkTimeSettings()), Talks(random, 400), Talks(random, 100)), 7);

        share.ShouldBeLessThan(0.01);

        static DayRollup Talks(Random random, int count)
        {
            DayRollup day = new() { Ended = (uint)count };
            for (int i = 0; i < count; i++)
            {
                ulong seconds = (ulong)(-120 * Math.Log(1 - random.NextDouble()));
                day.TalkSeconds += seconds;
                day.TalkSquares += seconds * seconds;
                day.ShortCalls += seconds < 10 ? 1u : 0;
            }

            return day;
        }
    }

    [Fact]
    public void CallBackRule_StableNumber_IsRarelyBlamed()
    {
        double share = Share(random => IsHit(new CallBackRule(new CallBackSettings()), CallBacks(random, 2_000), CallBacks(random, 500)), 11);

        share.ShouldBeLessThan(0.02);

        static DayRollup CallBacks(Random random, int missed)
        {
            uint count = (uint)Binomial(random, missed, 0.05);
            return new DayRollup { Attempts = (uint)missed, CallBacks = count, CallBacksAnswered = count };
        }
    }

    private static bool IsHit(IDailyRule rule, DayRollup before, DayRollup after)
    {
        NumberState number = new(BookRun.Number);
        before.Day = Today - 9;
        after.Day = Today - 2;
        number.Days.Of(before.Day) = before;
        number.Days.Of(after.Day) = after;
        return rule.Assess(number, Today, AllSeen, out _) == Assessment.Hit;
    }

    private static double Share(Func<Random, bool> isBlamed, int seed)
    {
        Random random = new(seed);
        int blamed = 0;
        for (int i = 0; i < Trials; i++)
        {
            blamed += isBlamed(random) ? 1 : 0;
        }

        return (double)blamed / Trials;
    }

    private static int Binomial(Random random, int count, double rate)
    {
        int hits = 0;
        for (int i = 0; i < count; i++)
        {
            hits += random.NextDouble() < rate ? 1 : 0;
        }

        return hits;
    }
}
