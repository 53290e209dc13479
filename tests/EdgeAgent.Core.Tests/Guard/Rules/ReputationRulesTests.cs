using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.Rules;

/// <summary>G13 to G16 and G20: what the figures of days say, at each threshold.</summary>
public sealed class ReputationRulesTests
{
    private const int Today = 740_000;
    private static readonly BlindDays AllSeen = new();

    [Theory]
    [InlineData(400, 100, 400, 80, "alert fell")] // 25 % to 20 %: five points; z is 1.69 at 400
    [InlineData(1000, 250, 1000, 200, "alert fell")]
    [InlineData(1000, 250, 1000, 201, "-")] // 4.9 points
    [InlineData(399, 200, 1000, 100, "-")] // too few before
    [InlineData(1000, 250, 399, 40, "-")] // too few after
    [InlineData(1000, 250, 1000, 300, "alert rose")]
    [InlineData(1000, 250, 1000, 151, "alert fell")] // 9.9 points, 60.4 % of it
    [InlineData(1000, 250, 1000, 150, "critical fell")] // ten points
    [InlineData(1000, 150, 1000, 91, "alert fell")] // 60.7 % of it
    [InlineData(1000, 150, 1000, 89, "critical fell")] // below 60 % of it
    public void Assess_AnswerRate_FollowsMoveAndSample(int before, int answeredBefore, int after, int answeredAfter, string expected)
    {
        NumberState number = Weeks(
            new DayRollup { Attempts = (uint)before, Answered = (uint)answeredBefore, Reached = (uint)before },
            new DayRollup { Attempts = (uint)after, Answered = (uint)answeredAfter, Reached = (uint)after });
        bool isSure = Math.Abs(Proportions.Z(answeredBefore, before, answeredAfter, after)) >= 2;

        Say(new AnswerRateRule(new AnswerRateSettings()), number).ShouldBe(isSure ? expected : "-");
    }

    [Fact]
    public void Assess_AnswerRateWithReach_IsTheTrunksFault()
    {
        NumberState number = Weeks(
            new DayRollup { Attempts = 1000, Answered = 300, Reached = 950 }, new DayRollup { Attempts = 1000, Answered = 150, Reached = 500 });

        Say(new AnswerRateRule(new AnswerRateSettings()), number).ShouldBe("alert trunkFault");
    }

    [Fact]
    public void Assess_BlindDays_AreLeftOut()
    {
        NumberState number = new(Number);
        number.Days.Of(Today - 9) = new DayRollup { Day = Today - 9, Attempts = 1000, Answered = 250, Reached = 1000 };
        number.Days.Of(Today - 2) = new DayRollup { Day = Today - 2, Attempts = 1000, Answered = 100, Reached = 1000 };
        BlindDays unseen = new();
        unseen.Add(Today - 2, TimeSpan.FromMinutes(14));
        new AnswerRateRule(new AnswerRateSettings()).Assess(number, Today, unseen, out _).ShouldBe(Assessment.Hit);

        number.AnswerBaseline = -1;
        unseen.Add(Today - 2, TimeSpan.FromMinutes(1));
        new AnswerRateRule(new AnswerRateSettings()).Assess(number, Today, unseen, out _).ShouldBe(Assessment.TooFew);
    }

    [Theory]
    [InlineData(299, 30, "-")] // too few attempts
    [InlineData(300, 4, "-")] // too few reports
    [InlineData(300, 5, "-")] // 1.7 %
    [InlineData(300, 6, "alert reported")] // 2 %
    [InlineData(1000, 19, "-")]
    [InlineData(1000, 20, "alert reported")]
    [InlineData(1000, 49, "alert reported")]
    [InlineData(1000, 50, "critical reported")]
    public void Assess_Reports_NeedASample(uint attempts, uint reports, string expected)
    {
        NumberState number = Weeks(default, new DayRollup { Attempts = attempts, Reports = reports });

        Say(new ReportRateRule(new ReportRateSettings()), number).ShouldBe(expected);
    }

    [Theory]
    [InlineData(99, 60, 200, "-")]
    [InlineData(100, 39, 200, "-")]
    [InlineData(100, 40, 200, "alert shortCalls")]
    [InlineData(100, 0, 70, "alert shorter")] // 100 s before
    [InlineData(100, 0, 71, "-")]
    public void Assess_TalkTime_FollowsMeanAndShortCalls(uint answered, uint shorts, uint mean, string expected)
    {
        NumberState number = Weeks(Talks(1000, 0, 100), Talks(answered, shorts, mean));

        Say(new TalkTimeRule(new TalkTimeSettings()), number).ShouldBe(expected);

        static DayRollup Talks(uint count, uint shorts, uint mean) => new()
        {
            Ended = count, ShortCalls = shorts, TalkSeconds = count * mean, TalkSquares = count * mean * mean,
        };
    }

    [Fact]
    public void Assess_TalkTimeThatVariesMuch_IsNotSureOfAFall()
    {
        // Mean 100 s with a standard deviation of 400 s over 100 calls: a fall to 70 s is less than one standard error.
        DayRollup before = new() { Ended = 100, TalkSeconds = 10_000, TalkSquares = 17_000_000 };
        DayRollup after = new() { Ended = 100, TalkSeconds = 7_000, TalkSquares = 16_490_000 };

        Say(new TalkTimeRule(new TalkTimeSettings()), Weeks(before, after)).ShouldBe("-");
    }

    [Theory]
    [InlineData(20, 15, 2, "critical unanswered")] // 75 % answered
    [InlineData(20, 15, 3, "critical unreachable")] // most of the others found no line
    [InlineData(20, 16, 4, "-")] // 80 %, the threshold
    [InlineData(19, 0, 19, "-")] // too few
    public void Assess_CallBacks_MustBeAnswered(uint count, uint answered, uint lost, string expected)
    {
        NumberState number = Weeks(default, new DayRollup { CallBacks = count, CallBacksAnswered = answered, CallBacksUnreachable = lost });

        Say(new CallBackRule(new CallBackSettings()), number).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1000, 50, 1000, 100, "alert rose")] // twice
    [InlineData(1000, 50, 1000, 99, "-")]
    [InlineData(1000, 50, 1000, 25, "alert fell")] // half
    [InlineData(1000, 50, 1000, 26, "-")]
    [InlineData(1000, 50, 399, 60, "-")]
    [InlineData(400, 2, 400, 4, "-")] // twice, by chance
    public void Assess_CallBackRate_FollowsFactorAndSample(uint missedBefore, uint before, uint missedAfter, uint after, string expected)
    {
        NumberState number = Weeks(
            new DayRollup { Attempts = missedBefore, CallBacks = before, CallBacksAnswered = before },
            new DayRollup { Attempts = missedAfter, CallBacks = after, CallBacksAnswered = after });

        Say(new CallBackRule(new CallBackSettings()), number).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1, 0, 0, "alert networkBlock")]
    [InlineData(0, 6, 200, "-")] // 3 % of 200, chance by the test
    [InlineData(0, 12, 200, "alert refusals")] // 6 % against 1 %
    [InlineData(0, 12, 99, "-")] // too few
    public void Assess_CarrierRefusals_FollowRiseAndSample(int blocked, int refused, int attempts, string expected)
    {
        NumberState number = Weeks(new DayRollup { Attempts = 1000, Refused = 10 }, default);
        number.Days.Of(Today - 4) = new DayRollup { Day = Today - 4, Attempts = 1000, Refused = 10 };
        uint hour = GuardMinutes.Of(Core.Guard.ParisDay.Start(DateOnly.FromDayNumber(Today))) / 60;
        for (int i = 0; i < Math.Max(attempts, 1); i++)
        {
            number.CarrierOf("carrier").Add(hour - 23, isRefused: i < refused, isBlocked: i < blocked);
        }

        Say(new CarrierBlockRule(new CarrierBlockSettings()), number).ShouldBe(expected);
        number.CarrierOf("carrier").Sums(hour + 1).Attempts.ShouldBe(0); // 24 hours later nothing is left
    }

    [Theory]
    [InlineData(50, 100, 60, 100, 1.4213)]
    [InlineData(250, 1000, 200, 1000, -2.6774)]
    [InlineData(0, 0, 1, 10, 0)]
    [InlineData(0, 10, 0, 10, 0)]
    public void Z_KnownFigures_AreTheTextbooks(long hitsBefore, long before, long hitsAfter, long after, double expected) =>
        Proportions.Z(hitsBefore, before, hitsAfter, after).ShouldBe(expected, 0.0005);

    private static NumberState Weeks(DayRollup before, DayRollup after)
    {
        NumberState number = new(Number);
        before.Day = Today - 9;
        after.Day = Today - 2;
        number.Days.Of(before.Day) = before;
        number.Days.Of(after.Day) = after;
        return number;
    }

    private static string Say(IDailyRule rule, NumberState number) => rule.Assess(number, Today, AllSeen, out GuardHit hit) == Assessment.Hit
        ? $"{(hit.IsCritical ? "critical" : hit.Asked.ToString().ToLowerInvariant())} {hit.Reason}"
        : "-";
}
