using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class SourceWatchTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 9, 9, 0, 0, TimeSpan.Zero); // a Monday, 10:00 in Paris

    private readonly ObservationPeriods _periods = new();
    private readonly SourceWatch _watch;
    private readonly List<AgentEvent> _told = [];

    public SourceWatchTests() => _watch = new SourceWatch(new CallingTime(FrenchLaw.Hours, FrenchLaw.Calendars), _periods);

    [Fact]
    public void OnLook_OnlyInterfaceDown_IsBlindFromItsOwnTimes()
    {
        Look(0, Interface("trunk0"));
        Look(1, Interface("trunk0", new Outage(1, At(0.4), null)));
        _periods.IsBlindAt(At(1)).ShouldBeTrue();
        Look(2, Interface("trunk0", new Outage(1, At(0.4), null)));
        Look(3, Interface("trunk0", new Outage(1, At(0.4), At(2.7))));

        _told.ShouldHaveSingleItem().ShouldBe(new AgentEvent
        {
            Kind = AgentEventKind.Blind, At = At(2.7), Source = "trunk0", Reason = "interfaceDown", From = At(0.4), To = At(2.7),
        });
    }

    [Fact]
    public void OnLook_OutageBetweenTwoLooks_IsRecordedAllTheSame()
    {
        Look(0, Interface("trunk0"));
        Look(5, Interface("trunk0", new Outage(1, At(1), At(2)), new Outage(2, At(3), At(4))));
        Look(6, Interface("trunk0", new Outage(1, At(1), At(2)), new Outage(2, At(3), At(4))));

        _told.Select(told => (told.From, told.To)).ShouldBe([(At(1), At(2)), (At(3), At(4))]);
    }

    [Fact]
    public void OnLook_TwoInterfaces_OneDownDegradesBothDownBlind()
    {
        Outage first = new(1, At(0.5), null);
        Outage second = new(1, At(2.5), null);
        Look(0, Interface("a"), Interface("b"));
        Look(1, Interface("a", first), Interface("b"));
        _periods.Open.ShouldHaveSingleItem().IsBlind.ShouldBeFalse();
        Look(3, Interface("a", first), Interface("b", second));
        Look(5, Interface("a", first with { To = At(4.5) }), Interface("b", second));
        Look(7, Interface("a", first with { To = At(4.5) }), Interface("b", second with { To = At(6.5) }));

        _told.Select(told => (told.Source, told.Kind, told.From, told.To)).ShouldBe(
        [
            ("a", AgentEventKind.Degraded, At(0.5), At(2.5)),
            ("a", AgentEventKind.Blind, At(2.5), At(4.5)),
            ("b", AgentEventKind.Blind, At(2.5), At(4.5)),
            ("b", AgentEventKind.Degraded, At(4.5), At(6.5)),
        ]);
    }

    [Fact]
    public void OnLook_HepThatNeverDelivered_IsNotCountedOn()
    {
        Look(0, Interface("trunk0"), Hep(packets: 0));
        Look(1, Interface("trunk0", new Outage(1, At(0.4), null)), Hep(packets: 0));

        _periods.Open.ShouldHaveSingleItem().IsBlind.ShouldBeTrue();
    }

    [Fact]
    public void OnLook_Drops_AreDegradedTimeBetweenTheLooks()
    {
        Look(0, Interface("trunk0"));
        Look(1, Interface("trunk0") with { Dropped = 7 });
        Look(2, Interface("trunk0") with { Dropped = 7 });
        for (int second = 3; second < 15; second++)
        {
            Look(second, Interface("trunk0") with { Dropped = 7 });
        }

        AgentEvent told = _told.ShouldHaveSingleItem();
        (told.Kind, told.Reason, told.From, told.To, told.Value).ShouldBe((AgentEventKind.Degraded, "captureDropping", At(0), At(1), 7L));
    }

    [Fact]
    public void OnLook_HepSilentWhereItDeliveredBefore_IsFound()
    {
        long packets = 0;
        for (int minute = 0; minute < (4 * 24 * 60) + 60; minute++)
        {
            bool isSilent = minute >= (4 * 24 * 60) + 20;
            Look(minute * 60, Interface("trunk0"), Hep(packets));
            packets += isSilent ? 0 : 10; // within the minute, after the look at its beginning
            _periods.Open.Any(open => open.Cause == ObservationCause.HepSilent).ShouldBe(minute > (4 * 24 * 60) + 25, $"minute {minute}");
        }

        ObservationPeriod silent = _periods.Open.ShouldHaveSingleItem();
        (silent.Source, silent.IsBlind, silent.From).ShouldBe(("hep", false, At((4 * 24 * 60 * 60) + (20 * 60))));
    }

    [Fact]
    public void OnLook_SourceOfAnEarlierRunThatIsUp_EndsWhereItWasLastKnown()
    {
        _periods.Note("trunk0", ObservationCause.InterfaceDown, isBlind: true, At(-100), At(-10));
        _periods.Note("gone0", ObservationCause.InterfaceDown, isBlind: false, At(-90), At(-20));

        Look(0, Interface("trunk0"));

        _told.Select(told => (told.Source, told.To)).ShouldBe([("trunk0", At(-10)), ("gone0", At(-20))]);
    }

    private static SourceSight Interface(string name, params Outage[] outages) => new(name, false, 5, 0, outages);

    private static SourceSight Hep(long packets) => new("hep", true, packets, 0, []);

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    private void Look(double second, params SourceSight[] sources)
    {
        _watch.OnLook(sources, At(second));
        _periods.Publish(At(second), At(second).AddMinutes(-2), _told.Add);
    }
}
