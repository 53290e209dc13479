using EdgeAgent.Core.Guard.State;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard.State;

public sealed class DayHistoryTests
{
    [Property(MaxTest = 300)]
    public void Sum_AnyDaysInAnyOrder_EqualsADictionary(byte[] days)
    {
        DayHistory history = new();
        Dictionary<int, uint> expected = [];
        foreach (byte day in days)
        {
            history.Of(1000 + (day % 30)).Attempts++;
            expected[1000 + (day % 30)] = expected.GetValueOrDefault(1000 + (day % 30)) + 1;
        }

        for (int day = 1000; day < 1030; day++)
        {
            history.Find(day).Attempts.ShouldBe(expected.GetValueOrDefault(day));
            history.Sum(day - 6, day).Attempts.ShouldBe((uint)expected.Where(each => each.Key >= day - 6 && each.Key <= day).Sum(each => each.Value));
        }
    }

    [Fact]
    public void Of_YearsOfDays_KeepsTheLast36()
    {
        DayHistory history = new();
        for (int day = 1; day <= 1000; day++)
        {
            history.Of(day).Attempts++;
        }

        history.All.Length.ShouldBe(DayHistory.Days);
        history.All[0].Day.ShouldBe(1000 - DayHistory.Days + 1);
        history.Of(1).Attempts++; // far too late: into the oldest
        history.All.Length.ShouldBe(DayHistory.Days);
    }

    [Property(MaxTest = 300)]
    public void SumAt_AnyMinutes_EqualsCountingThem(byte[] steps, byte later)
    {
        MinuteRing ring = default;
        List<uint> all = [];
        uint minute = 10_000;
        foreach (byte step in steps)
        {
            minute += step % 20u;
            ring.Add(minute);
            all.Add(minute);
        }

        uint at = minute + later;
        ring.SumAt(at).ShouldBe((uint)all.Count(each => each + 60 > at));
        uint free = ring.FreeAt(at, 3);
        ring.SumAt(free).ShouldBeLessThanOrEqualTo(3u);
        (free == at || ring.SumAt(free - 1) > 3).ShouldBeTrue();
    }
}
