using EdgeAgent.Forward;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

public sealed class BrokerChoiceTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(60);

    [Fact]
    public void FirstFailed_ForLessThanTheTime_StaysWithTheFirst()
    {
        BrokerChoice choice = new(hasStandby: true, After);
        choice.FirstFailed(wasStable: true, At(100));
        choice.FirstFailed(wasStable: false, At(159));

        choice.UsesStandby.ShouldBeFalse();
        choice.UntilStandby(At(159)).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void FirstFailed_ForTheTime_TakesTheStandby()
    {
        BrokerChoice choice = new(hasStandby: true, After);
        choice.FirstFailed(wasStable: false, At(100));
        choice.FirstFailed(wasStable: false, At(160));

        choice.UsesStandby.ShouldBeTrue();
    }

    [Fact]
    public void FirstFailed_AtOnceAfterItWasTriedAgain_TakesTheStandbyWithoutWaiting()
    {
        BrokerChoice choice = new(hasStandby: true, After);
        choice.FirstFailed(wasStable: false, At(100));
        choice.FirstFailed(wasStable: false, At(160));
        choice.TryFirst();
        choice.UsesStandby.ShouldBeFalse();

        choice.FirstFailed(wasStable: false, At(170));

        choice.UsesStandby.ShouldBeTrue();
    }

    [Fact]
    public void FirstFailed_AfterAStableConnection_WaitsTheWholeTimeAgain()
    {
        BrokerChoice choice = new(hasStandby: true, After);
        choice.FirstFailed(wasStable: false, At(100));
        choice.FirstFailed(wasStable: false, At(160));
        choice.TryFirst();

        choice.FirstFailed(wasStable: true, At(500));

        choice.UsesStandby.ShouldBeFalse();
        choice.UntilStandby(At(510)).ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void FirstFailed_NoStandby_StaysWithTheFirst()
    {
        BrokerChoice choice = new(hasStandby: false, After);
        choice.FirstFailed(wasStable: false, At(100));
        choice.FirstFailed(wasStable: false, At(1_000));

        choice.UsesStandby.ShouldBeFalse();
        choice.UntilStandby(At(1_000)).ShouldBeNull();
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
