using EdgeAgent.Forward;
using FsCheck.Xunit;
using Shouldly;

namespace EdgeAgent.Tests.Forward;

public sealed class ReconnectPauseTests
{
    [Property]
    public void Next_AnySeed_StaysWithinBoundsAndGrowsAtMostThreefold(int seed)
    {
        ReconnectPause pause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(seed));
        TimeSpan last = TimeSpan.FromSeconds(1);
        for (int i = 0; i < 50; i++)
        {
            TimeSpan next = pause.Next();
            next.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
            next.ShouldBeLessThanOrEqualTo(last * 3);
            last = next;
        }

        pause.Reset();
        pause.Next().ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(3));
    }
}
