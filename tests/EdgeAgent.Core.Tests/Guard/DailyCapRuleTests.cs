using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard;

public sealed class DailyCapRuleTests
{
    private static readonly NumberKey Number = NumberKey.For(new E164Number(33162123456));

    [Theory]
    [InlineData(1, GuardOutcome.Allowed, null)]
    [InlineData(100, GuardOutcome.Allowed, null)]
    [InlineData(101, GuardOutcome.Alert, "aboveAlert")]
    [InlineData(150, GuardOutcome.Alert, "aboveAlert")]
    [InlineData(151, GuardOutcome.Violation, "aboveCap")]
    [InlineData(long.MaxValue, GuardOutcome.Violation, "aboveCap")]
    public void Evaluate_AttemptOfTheDay_IsJudgedByItsOrder(long attempt, GuardOutcome outcome, string? reason) =>
        Evaluate(new DailyCapSettings(), Number, attempt).ShouldBe(new GuardVerdict(outcome, reason));

    [Fact]
    public void Evaluate_Bucket_IsNotApplicable() =>
        Evaluate(new DailyCapSettings(), NumberKey.None, 1000).ShouldBe(new GuardVerdict(GuardOutcome.NotApplicable));

    [Fact]
    public void Evaluate_AlertEqualToExcess_KnowsOnlyViolations()
    {
        DailyCapSettings settings = new() { Alert = 50, Excess = 50 };

        Evaluate(settings, Number, 50).Outcome.ShouldBe(GuardOutcome.Allowed);
        Evaluate(settings, Number, 51).Outcome.ShouldBe(GuardOutcome.Violation);
    }

    [Theory]
    [InlineData(0, 150)]
    [InlineData(100, 99)]
    public void Constructor_FaultySettings_Throws(long alert, long excess) =>
        Should.Throw<ArgumentException>(() => new DailyCapRule(new DailyCapSettings { Alert = alert, Excess = excess }));

    private static GuardVerdict Evaluate(DailyCapSettings settings, NumberKey number, long attempt) =>
        new DailyCapRule(settings).Evaluate(new CallFacts(number, default, attempt), DateTimeOffset.UnixEpoch);
}
