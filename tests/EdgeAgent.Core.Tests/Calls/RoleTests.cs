using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class RoleTests
{
    [Fact]
    public void Call_BetweenDeclaredPhones_IsInternal()
    {
        EngineSettings settings = EngineRun.Settings() with { Phones = [Hosts.Range("10.0.0.0/24")] };
        Scenario s = new Scenario(settings).Between(Hosts.Phone, Hosts.Pbx).Answered().Finish();

        s.Run.Traffic.Internal.ShouldBe(1);
        s.Run.Numbers.ShouldBeEmpty();
        s.Call.Direction.ShouldBe(CallDirection.Internal);
        s.Run.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Call_BetweenRegisteredPhoneAndThisHost_IsInternal()
    {
        EngineSettings settings = EngineRun.Settings() with { OwnHosts = [Hosts.Pbx.Address] };
        Scenario s = new Scenario(settings).Register(Hosts.Phone, Hosts.Pbx, at: 0)
            .Between(Hosts.Phone, Hosts.Pbx).Answered(at: 1).Finish();

        s.Run.Traffic.Internal.ShouldBe(1);
        s.Call.Direction.ShouldBe(CallDirection.Internal);
    }

    [Fact]
    public void PhoneLeg_BeforeTheLegToTheTrunk_IsInternalAndTheCallCountsOnce()
    {
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.Pbx).NewCall(callId: "leg-a", tag: "x").Invite(at: 0)
            .Between(Hosts.Pbx, Hosts.Carrier).NewCall(callId: "leg-b", tag: "y").Answered(at: 0.2).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Run.Traffic.Internal.ShouldBe(1);
        s.Run.Traffic.UnlistedTrunk.ShouldBe(0);
        s.Run.Engine.Roles.LearntPhones.ShouldBe(1);
    }

    [Fact]
    public void Call_OverAnUnlistedCarrier_CountsPerNumberAndIsReportedOnceADay()
    {
        Scenario s = new Scenario().Refused(486).Between(Hosts.Pbx, Hosts.UnlistedCarrier)
            .NewCall(callId: "call-2", tag: "a2", to: "<sip:+33612345679@x>").Answered(at: 60)
            .NewCall(callId: "call-3", tag: "a3", to: "<sip:+33612345670@x>").Answered(at: 200).Finish();

        s.Run.Traffic.UnlistedTrunk.ShouldBe(2);
        s.Totals.UnlistedTrunk.ShouldBe(2);
        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(0);
        AgentEvent reported = s.Run.Events.ShouldHaveSingleItem();
        reported.Kind.ShouldBe(AgentEventKind.UnlistedTrunk);
        reported.Trunk.ShouldBe("203.0.113.80");
        reported.Number.ToString().ShouldBe("+33162123456");
        s.Calls.Count(call => call.Direction == CallDirection.UnlistedTrunk).ShouldBe(2);
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(3, 3, 0)]
    public void Call_OverMoreUnlistedCarriersThanHostsAreRemembered_IsCountedAndTheRestIsSaid(int maxHosts, int told, long forgotten)
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxHosts = maxHosts }, OwnHosts = [Hosts.Pbx.Address] });
        for (int i = 0; i < 4; i++)
        {
            s.Between(Hosts.Pbx, Hosts.At($"203.0.113.{80 + (i % 3)}")).NewCall(callId: $"call-{i}", tag: $"t{i}").Refused(486, at: 20 * i);
        }

        s.Finish();

        s.Run.Traffic.UnlistedTrunk.ShouldBe(4);
        s.Run.Events.Count.ShouldBe(told);
        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(forgotten);
    }

    [Fact]
    public void Register_OfMoreHostsThanAreRemembered_IsCounted()
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxHosts = 2 } });
        for (int i = 0; i < 4; i++)
        {
            s.Register(Hosts.At($"10.0.0.{21 + i}"), Hosts.Pbx, at: i);
        }

        s.Finish();

        s.Run.Engine.Roles.LearntPhones.ShouldBe(2);
        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(2);
    }

    [Fact]
    public void Call_NotInternalAtFirstSight_IsLookedAtAgainAfterTwiceTheHorizon()
    {
        // Only the second call shows that 10.0.0.5 is the PBX; the first, from an account, was undecided until then.
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.Pbx).NewCall(callId: "leg-a", tag: "x", from: "<sip:21@pbx.test>")
            .Refused(486, at: 0).Silence(until: 6);
        s.Calls.ShouldBeEmpty();
        s.Run.Traffic.UnlistedTrunk.ShouldBe(0);

        s.Between(Hosts.Pbx, Hosts.Carrier).NewCall(callId: "leg-b", tag: "y", from: "<sip:+33162123456@pbx.test>")
            .Invite(at: 7).Silence(until: 10.5);

        s.Run.Traffic.Internal.ShouldBe(1);
        s.Run.Traffic.UnlistedTrunk.ShouldBe(0);
        s.Call.Direction.ShouldBe(CallDirection.Internal);
        s.Run.Events.ShouldBeEmpty();
    }

    [Fact]
    public void Call_StillNotInternalAtTheSecondLook_IsUnlistedTrunk()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.UnlistedCarrier).Refused(486, at: 0);

        s.Silence(until: 9.9).Run.Traffic.UnlistedTrunk.ShouldBe(0);
        s.Silence(until: 10.1).Run.Traffic.UnlistedTrunk.ShouldBe(1);

        s.Call.Direction.ShouldBe(CallDirection.UnlistedTrunk);
        s.Call.Status.ShouldBe(486);
    }

    [Fact]
    public void Call_NeitherFromNorToANumber_IsAnotherCall()
    {
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.OtherPhone).NewCall(from: "<sip:21@h>", to: "<sip:22@h>").Answered().Finish();

        s.Run.Traffic.OtherCalls.ShouldBe(1);
        s.Run.Numbers.ShouldBeEmpty();
        s.Call.Direction.ShouldBe(CallDirection.Unknown);
    }

    [Fact]
    public void Call_CaptureEndsBeforeTheSecondLook_IsDecidedOnce()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.UnlistedCarrier).Refused(486, at: 0).Silence(until: 6).Finish();

        s.Run.Traffic.UnlistedTrunk.ShouldBe(1);
        s.Calls.Count.ShouldBe(1);
        s.Run.Events.Count.ShouldBe(1);
    }

    [Fact]
    public void Call_FloodBetweenUnknownHosts_HoldsNoMoreUndecidedThanTheTableHoldsCalls()
    {
        Scenario s = new Scenario(EngineRun.Settings() with { Calls = new CallLimits { MaxCalls = 100 } }).Between(Hosts.Pbx, Hosts.UnlistedCarrier);
        for (int i = 0; i < 1_000; i++)
        {
            s.NewCall(callId: $"flood-{i}", tag: $"f{i}").Invite(at: 0);
        }

        s.Run.Traffic.UnlistedTrunk.ShouldBe(900);
        s.Finish().Run.Traffic.UnlistedTrunk.ShouldBe(1_000);
    }

    [Fact]
    public void Trunks_NoneConfigured_DirectionIsLearntFromRegistrations()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([])))
            .Register(Hosts.Phone, Hosts.Pbx, at: 0).Register(Hosts.OtherPhone, Hosts.Pbx).Register(Hosts.Pbx, Hosts.Carrier)
            .Between(Hosts.Pbx, Hosts.Carrier).Answered(at: 1)
            .Between(Hosts.Carrier, Hosts.Pbx).NewCall(callId: "in", tag: "i").Answered(at: 100)
            .Between(Hosts.Phone, Hosts.OtherPhone).NewCall(callId: "phones", tag: "p").Answered(at: 200).Finish();

        s.Calls.Select(call => call.Direction)
            .ShouldBe([CallDirection.Outbound, CallDirection.Inbound, CallDirection.Internal], ignoreOrder: true);
        s.Run.Engine.Roles.LearntTrunks.ShouldBe(1);
        s.Run.Engine.Roles.LearntPhones.ShouldBe(3);
    }

    [Fact]
    public void Trunks_LearntOrConfigured_GiveTheSameFigures()
    {
        Scenario learnt = BothWays(new Scenario(EngineRun.Settings(new([]))).Register(Hosts.Phone, Hosts.Pbx, at: 0).Register(Hosts.Pbx, Hosts.Carrier));
        Scenario configured = BothWays(new Scenario());

        learnt.Run.Figures().ShouldBe(configured.Run.Figures());
        learnt.Calls.Select(call => (call.CallId, call.Direction, call.Number, call.HungUpBy, call.IsCounted))
            .ShouldBe(configured.Calls.Select(call => (call.CallId, call.Direction, call.Number, call.HungUpBy, call.IsCounted)));
        learnt.Totals.InboundAttempts.ShouldBe(3);
        learnt.Totals.InboundAnsweredEnded.ShouldBe(1);
        learnt.Totals.InboundEndedByPerson.ShouldBe(1);
        learnt.Totals.Attempts.ShouldBe(2);
        learnt.Run.Engine.ActiveCalls.ShouldBe(0);
    }

    [Fact]
    public void Trunks_NoneConfigured_NeitherSideOfALearntDirectionIsPublishedInClear()
    {
        EngineSettings settings = EngineRun.Settings(new([])) with { PseudonymisesUnknownSides = true };
        Scenario s = BothWays(new Scenario(settings).Register(Hosts.Phone, Hosts.Pbx, at: 0).Register(Hosts.Pbx, Hosts.Carrier));

        s.Calls.ShouldAllBe(call => !call.Number.Number.IsNumber && call.Number.ToString().Length == 32);
        s.Totals.InboundAttempts.ShouldBe(3);
        s.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void Trunks_NoneConfigured_ACallBetweenLearntPhonesIsInternalOnly()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([])))
            .Register(Hosts.Phone, Hosts.Pbx, at: 0).Register(Hosts.OtherPhone, Hosts.Pbx)
            .Between(Hosts.Phone, Hosts.OtherPhone).Answered(at: 1).Finish();

        s.Run.Traffic.Internal.ShouldBe(1);
        s.Run.Numbers.ShouldBeEmpty();
        s.Call.IsCounted.ShouldBeFalse();
        s.Run.Engine.ActiveCalls.ShouldBe(0);
    }

    [Fact]
    public void Direction_LearntWhileTheCallIsUp_StaysWhatItWas()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([]))).Between(Hosts.Carrier, Hosts.Pbx)
            .Invite(at: 0).Response(180, at: 1)
            .Register(Hosts.Phone, Hosts.Pbx, at: 2).Register(Hosts.Pbx, Hosts.Carrier)
            .Response(200, at: 5).Ack().Bye(at: 9).Ok().Finish();

        s.Call.Direction.ShouldBe(CallDirection.Unknown);
        (s.Totals.Attempts, s.Totals.AnsweredEnded, s.Totals.InboundAnswered).ShouldBe((1, 1, 0));
    }

    [Fact]
    public void Trunks_NoneConfiguredNorLearnt_EveryDialogCountsOnce()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([]))).Answered().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Call.Direction.ShouldBe(CallDirection.Unknown);
        s.Call.Trunk.ShouldBeNull();
    }

    /// <summary>A call out, one back, one back that is refused, and one that is sent on: over the carrier of the tests.</summary>
    private static Scenario BothWays(Scenario s) => s
        .Between(Hosts.Pbx, Hosts.Carrier).NewCall(callId: "out", tag: "o").Answered(at: 1)
        .Between(Hosts.Carrier, Hosts.Pbx).NewCall(callId: "back", tag: "i", from: "<sip:+33612345678@c>", to: "<sip:+33162123456@h>")
        .Invite(at: 100).Response(180, at: 101).Response(200, at: 105).Ack().Bye(at: 115).Ok()
        .NewCall(callId: "refused", tag: "r").Refused(486, at: 120)
        .NewCall(callId: "came-in", tag: "c").Invite(at: 130).Response(180, at: 131)
        .Between(Hosts.Pbx, Hosts.Carrier).NewCall(callId: "sent-on", tag: "s", to: "<sip:+33700000001@c>")
        .Invite(at: 132, headers: "Diversion: <sip:+33162123456@h>;reason=no-answer\r\n").Response(486, at: 133).AckRefusal().Finish();

    [Fact]
    public void Register_Refused_TeachesNothing()
    {
        string head = "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:21@h>;tag=r\r\nTo: <sip:21@h>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n";
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.Pbx).Datagram("REGISTER sip:h SIP/2.0\r\n" + head, at: 0)
            .Between(Hosts.Pbx, Hosts.Phone).Datagram("SIP/2.0 403 Forbidden\r\n" + head);

        s.Run.Engine.Roles.LearntPhones.ShouldBe(0);
    }
}
