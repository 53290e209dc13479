using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class TimeHistogramTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(9.999, 0)]
    [InlineData(10, 1)]
    [InlineData(29.999, 1)]
    [InlineData(599, 5)]
    [InlineData(1_799.9, 6)]
    [InlineData(1_800, 7)]
    [InlineData(86_400, 7)]
    public void Count_AtEveryBound_TakesTheClassThatBeginsThere(double seconds, int index)
    {
        TimeHistogram histogram = new();
        histogram.Count(TimeSpan.FromSeconds(seconds), TimeHistogram.TalkBounds);

        for (int i = 0; i < TimeHistogram.Classes; i++)
        {
            histogram[i].ShouldBe(i == index ? 1 : 0);
        }
    }

    [Fact]
    public void Bounds_OfEveryKind_Rise()
    {
        foreach (int[] bounds in (int[][])[[.. TimeHistogram.TalkBounds], [.. TimeHistogram.RingBounds], [.. TimeHistogram.PostDialBounds]])
        {
            bounds.Length.ShouldBe(TimeHistogram.Classes - 1);
            bounds.ShouldBe(bounds.Order().Distinct());
        }
    }

    [Fact]
    public void Calls_OfKnownTimes_StandInTheirClasses()
    {
        Scenario s = new Scenario().Answered(talk: 5);
        s.NewCall(callId: "2").Answered(at: 100, talk: 45);
        s.NewCall(callId: "3").Invite(at: 200).Response(180, at: 207).Response(486, at: 240).AckRefusal();
        s.NewCall(callId: "4").Invite(at: 300).Response(200, at: 301).Ack().Finish(); // no 18x, no end

        NumberCounters totals = s.Totals;
        (totals.TalkTimes[0], totals.TalkTimes[2]).ShouldBe((1, 1));
        (totals.RingTimes[0], totals.RingTimes[5]).ShouldBe((2, 1));
        (totals.PostDialTimes[2], totals.PostDialTimes[5]).ShouldBe((2, 1));
        Sum(totals.TalkTimes).ShouldBe(totals.AnsweredEnded);
        Sum(totals.PostDialTimes).ShouldBe(totals.PostDialCount);
    }

    private static long Sum(TimeHistogram histogram)
    {
        long sum = 0;
        for (int i = 0; i < TimeHistogram.Classes; i++)
        {
            sum += histogram[i];
        }

        return sum;
    }
}
