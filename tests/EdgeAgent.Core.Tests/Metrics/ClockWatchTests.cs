using EdgeAgent.Core.Metrics;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class ClockWatchTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 29, 0, 59, 0, TimeSpan.Zero); // a minute before summer time

    private readonly ClockWatch _watch = new();
    private ClockReading _now = new(Zero, TimeSpan.FromHours(3), TimeSpan.FromHours(5));

    public ClockWatchTests() => _watch.Look(_now);

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    [InlineData(0.25)]
    [InlineData(-0.25)]
    public void Look_ClockWasSet_GivesSizeAndDirectionOnce(double seconds)
    {
        Second(set: seconds).ShouldBe(new ClockChange(TimeSpan.FromSeconds(seconds), TimeSpan.Zero));
        Second().IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Look_MachineSlept_IsNoStep()
    {
        Second(slept: 600).ShouldBe(new ClockChange(TimeSpan.Zero, TimeSpan.FromMinutes(10)));
        Second().IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Look_SleptAndWasSetMeanwhile_GivesBoth() =>
        Second(set: -3_600, slept: 600).ShouldBe(new ClockChange(TimeSpan.FromHours(-1), TimeSpan.FromMinutes(10)));

    [Fact]
    public void Look_SummerTimeAndUnevenReadings_AreNoStep()
    {
        for (int i = 0; i < 300; i++)
        {
            Second(set: i % 2 == 0 ? 0.04 : -0.04).IsNone.ShouldBeTrue($"second {i}");
        }
    }

    [Fact]
    public void Look_SmallStepsThatAddUp_AreOneInTheEnd()
    {
        Second(set: 0.06).IsNone.ShouldBeTrue();
        Second(set: 0.06).Step.ShouldBe(TimeSpan.FromSeconds(0.12));
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    [InlineData(8)]
    [InlineData(-8)]
    public void Timeline_StampsOfBothClocks_RunOnEvenly(int seconds)
    {
        TimeSpan step = TimeSpan.FromSeconds(seconds);
        DateTimeOffset read = Zero.AddMilliseconds(950);
        PacketTimeline timeline = new(TimeSpan.Zero);
        timeline.OnLook(Zero, TimeSpan.Zero);
        timeline.Of(Zero.AddSeconds(0.5)).ShouldBe(Zero.AddSeconds(0.5));
        timeline.IsNear(Zero.AddSeconds(1) + step).ShouldBeFalse("worth a look at the clocks");

        timeline.OnLook(Zero.AddSeconds(1) + step, step);

        timeline.Of(read).ShouldBe(read, "stamped before the step, read after it");
        timeline.Of(read + step).ShouldBe(read, "stamped after the step, before it was found");
        for (int second = 2; second < 7_300; second += 7)
        {
            timeline.OnLook(Zero.AddSeconds(second) + step, TimeSpan.Zero);
            timeline.Of(Zero.AddSeconds(second) + step).ShouldBe(Zero.AddSeconds(second));
        }
    }

    [Property(MaxTest = 200)]
    public void Look_AnySteps_AddUpToTheClocksDifference(short[] centiseconds)
    {
        ClockWatch watch = new();
        ClockReading now = new(Zero, TimeSpan.Zero, TimeSpan.Zero);
        watch.Look(now);
        TimeSpan found = TimeSpan.Zero;
        foreach (short step in centiseconds)
        {
            TimeSpan second = TimeSpan.FromSeconds(1);
            now = new ClockReading(now.Wall + second + Centiseconds(step), now.Monotonic + second, now.Boot + second);
            found += watch.Look(now).Step;
        }

        (found - Centiseconds(centiseconds.Sum(step => (long)step))).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
    }

    private static TimeSpan Centiseconds(long count) => TimeSpan.FromMilliseconds(10 * count);

    private ClockChange Second(double set = 0, double slept = 0)
    {
        TimeSpan second = TimeSpan.FromSeconds(1);
        TimeSpan sleep = TimeSpan.FromSeconds(slept);
        _now = new ClockReading(_now.Wall + second + sleep + TimeSpan.FromSeconds(set), _now.Monotonic + second, _now.Boot + second + sleep);
        return _watch.Look(_now);
    }
}
