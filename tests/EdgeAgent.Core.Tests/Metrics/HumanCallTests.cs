using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class HumanCallTests
{
    [Fact]
    public void Attempt_NextTrunkAfterAFailure_IsTheSameHumanCall()
    {
        Scenario s = new Scenario().Refused(503);
        s.NewCall(callId: "second").Between(Hosts.Pbx, Hosts.OtherCarrier).Answered(at: 1.2);

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.HumanCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData(486, 1.2, "+33612345678")] // the person was busy: whoever dials again decided to
    [InlineData(503, 9, "+33612345678")] // too late for a machine
    [InlineData(503, 1.2, "+33612345679")] // another person
    public void Attempt_OfItsOwn_IsAHumanCall(int status, double at, string called)
    {
        Scenario s = new Scenario().Refused(status);
        s.NewCall(callId: "second", to: $"<sip:{called}@carrier.test>").Answered(at: at);

        s.Totals.HumanCalls.ShouldBe(2);
    }

    [Theory]
    [InlineData(305)]
    [InlineData(407)]
    public void Attempt_NextTrunkAfterAChallenge_IsTheSameHumanCall(int status)
    {
        Scenario s = new Scenario().Refused(status);
        s.Between(Hosts.Pbx, Hosts.OtherCarrier).Answered(at: 1.2).Silence(until: 300);

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.HumanCalls.ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)200, 1L), ((short)status, 1L)]);
    }

    [Fact]
    public void Attempt_ChallengedAndContinued_IsOneHumanCall()
    {
        Scenario s = new Scenario().Refused(407).Answered(at: 1.2);

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.HumanCalls.ShouldBe(1);
    }

    [Fact]
    public void Attempts_ThreeTrunksTried_AreOneHumanCall()
    {
        Scenario s = new Scenario().Refused(503);
        s.NewCall(callId: "second").Between(Hosts.Pbx, Hosts.OtherCarrier).Refused(500, at: 1.1);
        s.NewCall(callId: "third").Between(Hosts.Pbx, Hosts.CarrierSecondHost).Answered(at: 2.3);

        s.Totals.Attempts.ShouldBe(3);
        s.Totals.HumanCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData(2, 4, 1)]
    [InlineData(3, 3, 0)]
    public void Attempt_AfterMoreFailuresThanAreRemembered_GoesOnWithinTheLimit(int limit, long humanCalls, long forgotten)
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxFailovers = limit } });
        for (int i = 0; i < 3; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"t{i}", to: $"<sip:+3361234567{i}@c>").Refused(503, at: 0.1 * i);
        }

        s.NewCall(callId: "second", tag: "s", to: "<sip:+33612345670@c>").Between(Hosts.Pbx, Hosts.OtherCarrier).Answered(at: 1.5).Finish();

        s.Totals.HumanCalls.ShouldBe(humanCalls);
        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(forgotten);
    }

    /// <summary>Also the call that was open when the agent stopped, of which only the pseudonym is left.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attempt_NextTrunkAfterARestart_IsTheSameHumanCall(bool hasFailedBefore)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100);
        int failed = s.Packets.Count;
        s.Response(503, at: 1).AckRefusal();
        int second = s.Packets.Count;
        s.NewCall(callId: "second").Between(Hosts.Pbx, Hosts.OtherCarrier).Invite(at: 1.4).Response(486, at: 2).AckRefusal();
        EngineRun first = new EngineRun().Play(s.Packets[..(hasFailedBefore ? second : failed)]);

        EngineRun after = EngineRun.Restored(EngineRun.Settings(), first.Engine.Save(), isAfterBlind: false);
        after.Play(s.Packets[(hasFailedBefore ? second : failed)..]);

        (after.Totals.Attempts, after.Totals.HumanCalls).ShouldBe((2, 1));
    }

    [Fact]
    public void Attempt_NextTrunkAfterTheClockWasSetBack_IsTheSameHumanCall()
    {
        Scenario s = new Scenario().NewCall(to: "<sip:+33612345679@c>").Refused(503, at: 100);
        s.NewCall(callId: "second", to: "<sip:+33612345678@c>").Refused(503, at: 10);
        s.NewCall(callId: "third").Between(Hosts.Pbx, Hosts.OtherCarrier).Refused(486, at: 11.2);

        (s.Totals.Attempts, s.Totals.HumanCalls).ShouldBe((3, 2));
    }

    [Fact]
    public void Attempt_AnotherPersonAfterARestart_IsAHumanCallOfItsOwn()
    {
        Scenario s = new Scenario().Refused(503);
        EngineRun after = EngineRun.Restored(EngineRun.Settings(), s.Run.Engine.Save(), isAfterBlind: false);

        after.Play(new Scenario().NewCall(callId: "second", to: "<sip:+33612345679@c>").Invite(at: 1.4).Packets);

        (after.Totals.Attempts, after.Totals.HumanCalls).ShouldBe((2, 2));
    }

    [Fact]
    public void Attempt_OneFailureGoesOnOnce()
    {
        Scenario s = new Scenario().Refused(503);
        s.NewCall(callId: "second").Answered(at: 1.2);
        s.NewCall(callId: "third").Answered(at: 1.4);

        s.Totals.HumanCalls.ShouldBe(2);
    }
}
