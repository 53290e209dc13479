using EdgeAgent.Capture;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Capture;

public sealed class DropCounterTests
{
    [Fact]
    public void Update_AcrossWrapAndRestart_KeepsTheTotal()
    {
        DropCounter counter = default;
        counter.Update(5);
        counter.Update(uint.MaxValue);
        counter.Update(9); // 32 bits ran over: 10 more
        counter.Total.ShouldBe((long)uint.MaxValue + 10);

        counter.Restart();
        counter.Update(3);
        counter.Total.ShouldBe((long)uint.MaxValue + 13);
    }
}
