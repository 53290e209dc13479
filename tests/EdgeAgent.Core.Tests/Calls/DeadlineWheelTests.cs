using EdgeAgent.Core.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public class DeadlineWheelTests
{
    [Fact]
    public void TakeDue_BeforeTheDeadline_GivesNothing()
    {
        DeadlineWheel wheel = Started();
        Call call = NewCall();
        wheel.Arm(call, Scenario.At(32));

        wheel.TakeDue(Scenario.At(31.9)).ShouldBeNull();
        wheel.TakeDue(Scenario.At(32)).ShouldBe(call);
        wheel.TakeDue(Scenario.At(33)).ShouldBeNull();
    }

    [Fact]
    public void TakeDue_FirstLookOfAll_FindsDeadlinesLongPast()
    {
        DeadlineWheel wheel = new();
        Call call = NewCall();
        wheel.Arm(call, Scenario.At(32)); // as restored, before any time is known

        wheel.TakeDue(Scenario.At(300)).ShouldBe(call);
    }

    [Fact]
    public void Arm_PutOff_FiresAtTheLaterTimeOnly()
    {
        DeadlineWheel wheel = Started();
        Call call = NewCall();
        wheel.Arm(call, Scenario.At(32));
        wheel.Arm(call, Scenario.At(600));

        wheel.TakeDue(Scenario.At(599)).ShouldBeNull();
        wheel.TakeDue(Scenario.At(600)).ShouldBe(call);
    }

    [Fact]
    public void Arm_BroughtForward_FiresAtTheEarlierTime()
    {
        DeadlineWheel wheel = Started();
        Call call = NewCall();
        wheel.Arm(call, Scenario.At(600));
        wheel.Arm(call, Scenario.At(10));

        wheel.TakeDue(Scenario.At(11)).ShouldBe(call);
        wheel.TakeDue(Scenario.At(700)).ShouldBeNull();
    }

    [Fact]
    public void Arm_InThePast_FiresAtTheNextLook()
    {
        DeadlineWheel wheel = Started();
        Call call = NewCall();
        wheel.TakeDue(Scenario.At(100));
        wheel.Arm(call, Scenario.At(50));

        wheel.TakeDue(Scenario.At(101)).ShouldBe(call);
    }

    [Fact]
    public void Remove_Armed_NeverFires()
    {
        DeadlineWheel wheel = Started();
        Call call = NewCall();
        wheel.Arm(call, Scenario.At(10));
        wheel.Remove(call);
        wheel.Remove(call);

        wheel.TakeDue(Scenario.At(100)).ShouldBeNull();
        wheel.Nearest().ShouldBeNull();
    }

    [Property(MaxTest = 500)]
    public void TakeDue_AnyDeadlinesAndSteps_FiresEachOnceAndInTime((byte Hours, byte Seconds)[] deadlines, byte[] steps)
    {
        DeadlineWheel wheel = Started();
        List<Call> waiting = [];
        foreach ((byte hours, byte seconds) in deadlines)
        {
            Call call = NewCall();
            wheel.Arm(call, Scenario.At((hours % 8 * 3600.0) + seconds));
            waiting.Add(call);
        }

        double now = 0;
        foreach (int step in steps.Select(step => (int)step).Append(8 * 3600))
        {
            now += step;
            while (wheel.TakeDue(Scenario.At(now)) is { } due)
            {
                waiting.Remove(due).ShouldBeTrue();
                due.Deadline.ShouldBeLessThanOrEqualTo(Scenario.At(now));
            }

            waiting.ShouldAllBe(call => call.Deadline > Scenario.At(now));
        }

        waiting.ShouldBeEmpty();
    }

    private static DeadlineWheel Started()
    {
        DeadlineWheel wheel = new();
        wheel.TakeDue(Scenario.At(0));
        return wheel;
    }

    private static Call NewCall() => new([], []);
}
