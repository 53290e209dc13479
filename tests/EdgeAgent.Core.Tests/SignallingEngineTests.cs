using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests;

public sealed class SignallingEngineTests
{
    [Fact]
    public void Minutes_EachFact_CountsInItsOwn()
    {
        Scenario s = new Scenario().Invite(at: 50).Response(180, at: 58).Response(200, at: 65).Ack().Bye(at: 130).Ok().Finish();

        s.Run.Sealed.Select(minute => minute.Start).ShouldBe([Scenario.At(0), Scenario.At(60), Scenario.At(120)]);
        NumberCounters[] minutes = [.. s.Run.Sealed.Select(minute => minute.Numbers.ShouldHaveSingleItem().Value)];
        minutes.Select(minute => minute.Attempts).ShouldBe([1, 0, 0]);
        minutes.Select(minute => minute.PostDialCount).ShouldBe([1, 0, 0]);
        minutes.Select(minute => minute.Answered).ShouldBe([0, 1, 0]);
        minutes.Select(minute => minute.AnsweredEnded).ShouldBe([0, 0, 1]);
        minutes[2].Talk.ShouldBe(TimeSpan.FromSeconds(65));
        s.Totals.Late.ShouldBe(0);
    }

    [Fact]
    public void Minutes_WatermarkPastTheLag_AreSealedOnceAndInOrder()
    {
        Scenario s = new Scenario().Refused(486, at: 10);

        s.Silence(until: 64).Run.Sealed.ShouldBeEmpty();
        s.Silence(until: 65).Run.Sealed.Count.ShouldBe(1);
        s.NewCall(callId: "call-2").Refused(486, at: 70).Silence(until: 200).Finish();

        s.Run.Sealed.Select(minute => minute.Start).ShouldBeInOrder();
        s.Run.Sealed.Select(minute => minute.Start).ShouldBeUnique();
        s.Run.Sealed.Sum(minute => minute.Traffic.Packets).ShouldBe(s.Packets.Count);
        s.Run.Sealed.Sum(minute => minute.Traffic.SipMessages).ShouldBe(s.Packets.Count);
    }

    [Fact]
    public void Fact_KnownAfterItsMinuteWasSealed_CountsLateInTheOldestOpenOne()
    {
        // The BYE of 10:00:50 is confirmed by 32 s without answer, when its minute is sealed.
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 50).Silence(until: 66);
        s.Run.Sealed.Count.ShouldBe(1);

        s.Silence(until: 83).Finish();

        s.Run.Sealed[0].Numbers[0].Value.AnsweredEnded.ShouldBe(0);
        NumberCounters second = s.Run.Sealed[1].Numbers.ShouldHaveSingleItem().Value;
        second.AnsweredEnded.ShouldBe(1);
        second.Late.ShouldBe(1);
        second.Talk.ShouldBe(TimeSpan.FromSeconds(45));
        s.Call.EndedAt.ShouldBe(Scenario.At(50));
    }

    [Fact]
    public void EmptyMinutes_Live_AreSealedAsSilence()
    {
        Scenario s = new(EngineRun.Settings() with { SealsEmptyMinutes = true });

        s.Refused(486, at: 10).Silence(until: 130).Silence(until: 190);

        s.Run.Sealed.Select(minute => minute.Start).ShouldBe([Scenario.At(0), Scenario.At(60), Scenario.At(120)]);
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("\0\0")]
    [InlineData("hello")]
    public void KeepAlive_OnASipPort_IsNeitherSipNorRefused(string text)
    {
        Scenario s = new Scenario().Datagram(text, at: 0);

        s.Run.Engine.Counters.Packets.ShouldBe(1);
        s.Run.Engine.Counters.SipMessages.ShouldBe(0);
        s.Run.Engine.Counters.Rejected.ShouldBeEmpty();
        s.Run.Engine.Counters.Quality.Undecodable.ShouldBe(0);
    }

    [Fact]
    public void Datagram_NoSipOnASipPort_IsRefusedByCause()
    {
        Scenario s = new Scenario().Datagram("GET / HTTP/1.1\r\n\r\n", at: 0).Finish();

        s.Run.Engine.Counters.Rejected.ShouldBe(new Dictionary<string, long> { ["notSip"] = 1 });
        s.Run.Sealed[0].Quality.Undecodable.ShouldBe(1);
    }

    [Fact]
    public void Datagram_NoSipOnAnotherPort_IsPassedOver()
    {
        Scenario s = new Scenario().Between(Hosts.At("10.0.0.5", 4000), Hosts.At("192.0.2.10", 4002)).Datagram("\x80\x60rtp", at: 0);

        s.Run.Engine.Counters.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void Datagram_SipOnAnotherPort_IsCounted()
    {
        Scenario s = new Scenario().Between(Hosts.At("10.0.0.5", 4000), Hosts.At("192.0.2.10", 4002)).Answered().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
    }

    [Fact]
    public void CallTable_Full_EvictsTheCallNearestItsDeadlineAndCountsIt()
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxCalls = 3 } });
        for (int i = 0; i < 10; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"a{i}").Invite(at: i);
        }

        s.Run.Engine.ActiveCalls.ShouldBe(3);
        s.Calls.Select(call => call.CallId).ShouldBe(["call-0", "call-1", "call-2", "call-3", "call-4", "call-5", "call-6"]);
        s.Calls.ShouldAllBe(call => call.EndEvidence == EndEvidence.Evicted && call.Disposition == null);
        s.Finish();
        s.Totals.Attempts.ShouldBe(10);
        s.Run.Engine.Counters.Quality.Evictions.ShouldBe(7);
        s.Run.Sealed[0].Quality.Confidence.ShouldBe(Confidence.Degraded);
    }

    [Fact]
    public void Drops_OfKernelAndQueue_DegradeTheirMinute()
    {
        Scenario s = new Scenario().Refused(486, at: 0);
        s.Run.Engine.OnDrops(Scenario.At(2), kernelDrops: 3, queueDrops: 4);
        s.Finish();

        CaptureQuality quality = s.Run.Sealed[0].Quality;
        quality.KernelDrops.ShouldBe(3);
        quality.QueueDrops.ShouldBe(4);
        quality.Cause.ShouldBe("kernelDrops");
        s.Run.Engine.Counters.Quality.QueueDrops.ShouldBe(4);
    }

    [Fact]
    public void Blind_OverSeveralMinutes_MarksBothEndsAndSealsNoSilenceBetween()
    {
        Scenario s = new(EngineRun.Settings() with { SealsEmptyMinutes = true });
        s.Refused(486, at: 10);
        s.Run.Engine.OnBlind(Scenario.At(30), Scenario.At(250), ObservationCause.AgentStopped);
        s.Silence(until: 370).Finish();

        s.Run.Sealed.Select(minute => minute.Start).ShouldBe([Scenario.At(0), Scenario.At(240), Scenario.At(300), Scenario.At(360)]);
        s.Run.Sealed.Select(minute => minute.Quality.Blind).ShouldBe(
            [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.Zero]);
        s.Run.Engine.Counters.Quality.Blind.ShouldBe(TimeSpan.FromSeconds(220));
    }

    [Fact]
    public void Rules_EveryOutboundAttempt_IsJudgedByItsOrderOfTheDay()
    {
        EngineSettings settings = EngineRun.Settings() with
        {
            Policy = GuardPolicy.Default with { Rules = new RuleBook { DailyCap = new CapSettings(GuardMode.Enforce) { Alert = 1, Block = 2 } } },
        };
        Scenario s = new(settings);
        for (int i = 0; i < 4; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"a{i}").Refused(486, at: i);
        }

        s.Between(Hosts.Carrier, Hosts.Pbx).NewCall(callId: "in", tag: "i").Refused(486, at: 10).Finish();

        s.Totals.Guards.Of(GuardId.DailyCap).ShouldBe(new GuardCount(GuardId.DailyCap, Violations: 2, Alerts: 1));
        GuardHit hit = s.Run.Events.Single(each => each.Hit?.Rule == GuardId.DailyCap).Hit!.Value;
        (hit.Reason, hit.Value, hit.Limit, hit.Action).ShouldBe(("aboveCap", 3, 2, GuardAction.Observe)); // once a minute; a new installation observes
    }

    [Fact]
    public void Restore_AnyMoment_GivesTheSameFigures()
    {
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 16).Select(shape => (byte)shape)]);
        EngineRun whole = new EngineRun().Play(packets);
        whole.Engine.Finish();
        for (int moment = 0; moment < packets.Length; moment += 5)
        {
            EngineRun before = new EngineRun().Play(packets.Take(moment));
            EngineRun after = EngineRun.Restored(EngineRun.Settings(), before.Engine.Save(), isAfterBlind: false);
            after.Play(packets.Skip(moment)).Engine.Finish();
            after.Sealed.InsertRange(0, before.Sealed);

            after.Figures().ShouldBe(whole.Figures(), $"saved after {moment} packets");
        }
    }

    [Fact]
    public void Restore_AfterBlind_GivesUpCallsNotSeenAgainAfterTheGrace()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack();
        EngineRun after = EngineRun.Restored(EngineRun.Settings(), s.Run.Engine.Save(), isAfterBlind: true);
        after.Engine.OnBlind(Scenario.At(5), Scenario.At(600), ObservationCause.AgentStopped);

        after.Engine.OnClock(Scenario.At(600 + 7199));
        after.Closed.ShouldBeEmpty();
        after.Engine.OnClock(Scenario.At(600 + 7202));

        after.Call.EndEvidence.ShouldBe(EndEvidence.Blind);
        after.Call.Talk.ShouldBeNull();
    }

    [Fact]
    public void Restore_BytesOfNoKnownState_Throws()
    {
        byte[] state = new Scenario().Answered().Run.Engine.Save();

        Should.Throw<InvalidDataException>(() => EngineRun.Restored(EngineRun.Settings(), [99], isAfterBlind: false));
        Should.Throw<InvalidDataException>(() => EngineRun.Restored(EngineRun.Settings(), state[..^1], isAfterBlind: false));
    }

    [Fact]
    public void Save_PersonsNumber_IsNotInTheState()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(180, at: 1);
        byte[] state = s.Run.Engine.Save();

        state.AsSpan().IndexOf(BitConverter.GetBytes(33612345678UL)).ShouldBe(-1);
        state.AsSpan().IndexOf("33612345678"u8).ShouldBe(-1);
        state.AsSpan().IndexOf("612345678"u8).ShouldBe(-1);
        state.AsSpan().IndexOf(BitConverter.GetBytes(33162123456UL)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void UnknownSides_WithoutTrunks_ArePseudonyms()
    {
        EngineSettings settings = EngineRun.Settings(new([])) with { PseudonymisesUnknownSides = true };
        Scenario s = new Scenario(settings).Answered().Finish();

        NumberKey key = s.Run.Numbers.Keys.ShouldHaveSingleItem();
        key.Number.IsNumber.ShouldBeFalse();
        key.Bucket.ShouldBe(settings.Pseudonymiser.Of(new E164Number(33162123456)));
    }
}
