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
    public void Trunks_NoneConfiguredNorLearnt_EveryDialogCountsOnce()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([]))).Answered().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Call.Direction.ShouldBe(CallDirection.Unknown);
        s.Call.Trunk.ShouldBeNull();
    }

    [Fact]
    public void Register_Refused_TeachesNothing()
    {
        string head = "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:21@h>;tag=r\r\nTo: <sip:21@h>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n";
        Scenario s = new Scenario().Between(Hosts.Phone, Hosts.Pbx).Datagram("REGISTER sip:h SIP/2.0\r\n" + head, at: 0)
            .Between(Hosts.Pbx, Hosts.Phone).Datagram("SIP/2.0 403 Forbidden\r\n" + head);

        s.Run.Engine.Roles.LearntPhones.ShouldBe(0);
    }
}
