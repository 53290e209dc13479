using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard.Rules;

public sealed class BlindnessRuleTests
{
    [Theory]
    [InlineData(180, true, false)]
    [InlineData(180.001, true, true)]
    [InlineData(3_600, false, false)]
    public void OnMinute_BlindTimeOnEnd_IsSaidPastThreeMinutesOfLegalTime(double seconds, bool isCallingTime, bool isSaid) =>
        (new BlindnessRule().OnMinute(TimeSpan.FromSeconds(seconds), isCallingTime) is not null).ShouldBe(isSaid);

    [Fact]
    public void OnMinute_BlindTimeInStretches_CountsEachAlone()
    {
        BlindnessRule rule = new();
        for (int i = 0; i < 10; i++)
        {
            rule.OnMinute(TimeSpan.FromMinutes(1), true).ShouldBeNull();
            rule.OnMinute(TimeSpan.FromMinutes(1), true).ShouldBeNull();
            rule.OnMinute(TimeSpan.Zero, true).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(60.001, true)]
    [InlineData(-10_800, true)]
    public void OfClock_Offset_IsSaidPastAMinute(double seconds, bool isSaid) =>
        (BlindnessRule.OfClock(TimeSpan.FromSeconds(seconds)) is not null).ShouldBe(isSaid);

    [Theory]
    [InlineData(0.01, false)]
    [InlineData(0.0101, true)]
    public void OfReconciliation_Share_IsSaidPastOnePerCent(double share, bool isSaid) =>
        (BlindnessRule.OfReconciliation(share, 1_000) is not null).ShouldBe(isSaid);

    [Fact]
    public void Engine_BlindInLegalHours_RaisesOneCriticalAlertOnTheAgentAtOnce()
    {
        Scenario s = new(EngineRun.Settings() with { SealsEmptyMinutes = true }); // 11:00 in Paris
        s.Refused(486, at: 10);
        s.Run.Engine.OnBlind(Scenario.At(30), Scenario.At(30 + (20 * 60)), ObservationCause.AgentStopped);
        s.Silence(until: 30 + (25 * 60)).Finish();

        AgentEvent told = s.Run.Events.Single(each => each.Kind == AgentEventKind.Alert && each.Hit?.Rule == GuardId.Blindness);
        (told.Number, told.AlertChange, told.Hit!.Value.Reason, told.Hit.Value.Value).ShouldBe((NumberKey.Agent, AlertChange.Raised, "blindTime", 1_200));
        told.Hit.Value.IsCritical.ShouldBeTrue();
    }
}
