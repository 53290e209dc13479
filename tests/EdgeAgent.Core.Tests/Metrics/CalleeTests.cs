using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Tests.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

/// <summary>Persons called for the first time that day, and again.</summary>
public sealed class CalleeTests
{
    [Fact]
    public void Attempts_ToOnePerson_AreNewOnceHoweverTheNumberIsWritten()
    {
        Scenario s = new Scenario().Refused(486);
        s.NewCall(callId: "second", to: "<sip:0612345678@x>").Refused(486, at: 100);
        s.NewCall(callId: "third", to: "<sip:+33612345679@x>").Refused(486, at: 200);

        Told(s.Totals).ShouldBe((2, 1, 0));
    }

    [Fact]
    public void Attempts_OfTwoNumbers_AreToldApart()
    {
        Scenario s = new Scenario().Refused(486);
        s.NewCall(callId: "second", from: "<sip:+33162123457@x>").Refused(486, at: 100);

        Told(s.Totals).ShouldBe((2, 0, 0));
    }

    [Fact]
    public void Attempts_ToWhatIsNoNumber_AreToldByItsText()
    {
        Scenario s = new Scenario().NewCall(to: "<sip:Alice@x>").Refused(486);
        s.NewCall(callId: "second", to: "<sip:alice@x>").Refused(486, at: 100);
        s.NewCall(callId: "third", to: "<sip:bob@x>").Refused(486, at: 200);
        s.NewCall(callId: "fourth", to: "<sip:carrier.test>").Refused(486, at: 300);

        Told(s.Totals).ShouldBe((2, 1, 1));
    }

    [Fact]
    public void Attempts_OfAContinuedCall_CountOnce()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(407).AckRefusal().Invite(at: 1).Response(486).AckRefusal().Again();

        Told(s.Totals).ShouldBe((1, 0, 0));
    }

    [Fact]
    public void Attempts_OnTheNextCivilDayInParis_BeginAnew()
    {
        double midnight = 13 * 3600; // 11:00 in Paris at 0
        Scenario s = new Scenario().Refused(486, at: midnight - 60);
        s.NewCall(callId: "second").Refused(486, at: midnight + 60);

        Told(s.Totals).ShouldBe((2, 0, 0));
    }

    [Fact]
    public void Attempts_PastTheBound_AreUnknownButThoseRememberedAreStillTold()
    {
        Scenario s = new Scenario(EngineRun.Settings() with { MaxCallees = 1 }).Refused(486);
        s.NewCall(callId: "second", to: "<sip:+33612345679@x>").Refused(486, at: 100);
        s.NewCall(callId: "third", to: "<sip:+33612345678@x>").Refused(486, at: 200);

        Told(s.Totals).ShouldBe((1, 1, 1));
    }

    [Fact]
    public void Attempts_AcrossARestart_AreRemembered()
    {
        Scenario s = new Scenario().Refused(486);
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), s.Run.Engine.Save(), isAfterBlind: false);

        restored.Play(s.NewCall(callId: "second").Refused(486, at: 100).Packets[^4..]);

        Told(restored.Totals).ShouldBe((1, 1, 0)); // the open minute of the first run is in the state
    }

    [Property]
    public void Attempts_OfAnyCalls_AddUp(byte[] choices)
    {
        NumberCounters totals = new EngineRun().Play(Ladders.Of(choices)).Totals;

        (totals.NewCallees + totals.RepeatAttempts + totals.UnknownCallees).ShouldBe(totals.Attempts);
    }

    private static (long New, long Repeated, long Unknown) Told(NumberCounters counters) =>
        (counters.NewCallees, counters.RepeatAttempts, counters.UnknownCallees);
}
