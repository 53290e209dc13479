using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class CallIdReuseTests
{
    [Fact]
    public void CallId_WithAnUnseenFromTag_IsANewAttempt()
    {
        Scenario s = new Scenario().Answered(at: 0).NewCall(tag: "a2").Answered(at: 70, talk: 10).Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(70));
    }

    [Fact]
    public void CallId_WithAnUnseenFromTagWhileTheFirstIsUp_KeepsTheTwoApart()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack()
            .NewCall(tag: "a2").Invite(at: 10).Response(200, at: 12).Ack().Bye(at: 20).Ok()
            .NewCall(tag: "a").Bye(at: 65).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(8 + 60));
    }

    [Fact]
    public void CallId_WithAHigherCSeqAfterTheEnd_IsANewAttempt()
    {
        Scenario s = new Scenario().Answered(at: 0).Answered(at: 70, talk: 10).Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(70));
    }

    [Fact]
    public void CallId_WithAHigherCSeqWhileAnswered_IsANewAttempt()
    {
        // After a final response that is no challenge a higher CSeq is a new attempt, or else one endless call could hide all others.
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack()
            .Invite(at: 10).Response(486, at: 12).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void CallId_UsedAgainWhileAnswered_EndsEachDialogByItsOwnBye()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5, toTag: "b1").Ack()
            .Invite(at: 10).Response(180, at: 11, toTag: "b2").Response(200, at: 12).Ack()
            .Bye(at: 65, toTag: "b1").Ok().Bye(at: 72, toTag: "b2").Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60 + 60));
    }

    [Fact]
    public void CallId_UsedForOthersWhileTheFirstStillRings_CountsEveryPersonCalled()
    {
        // Else one Call-ID with rising CSeqs, each INVITE sent before the last is answered, would hide a whole day's calls in one.
        Scenario s = new();
        for (int i = 0; i < 5; i++)
        {
            s.NewCall(to: $"<sip:+3361234567{i}@carrier.test>").Invite(at: i, cseq: (uint)i + 1).Response(180, toTag: $"b{i}");
        }

        for (int i = 0; i < 5; i++)
        {
            s.NewCall(to: $"<sip:+3361234567{i}@carrier.test>")
                .Response(200, at: 10 + i, toTag: $"b{i}", branch: $"z9hG4bK-call-1@pbx.test-a-{i + 1}", cseq: (uint)i + 1);
        }

        s.Finish();

        s.Totals.Attempts.ShouldBe(5);
        s.Totals.Answered.ShouldBe(5);
    }

    [Fact]
    public void CallId_OfMoreCallsThanAreHeld_CountsEveryAttemptAndEvictsTheOldest()
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxCallsPerCallId = 10 } });
        for (int i = 0; i < 100; i++)
        {
            s.NewCall(tag: $"a{i}").Invite(at: i * 0.01);
        }

        s.Totals.Attempts.ShouldBe(100);
        s.Run.Engine.ActiveCalls.ShouldBe(10);
        s.Calls.ShouldAllBe(call => call.EndEvidence == EndEvidence.Evicted);
        s.NewCall(tag: "a95").Response(486, at: 2, branch: "z9hG4bK-call-1@pbx.test-a95-96", cseq: 1).Finish();
        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Run.Engine.Counters.Quality.Evictions.ShouldBe(90);
    }

    [Fact]
    public void CallId_OfCallsThatEnded_EvictsThoseBeforeOneThatIsUp()
    {
        Scenario s = new Scenario(EngineRun.Settings() with { Calls = new CallLimits { MaxCallsPerCallId = 3 } })
            .NewCall(tag: "up").Invite(at: 0).Response(200, at: 1).Ack();
        for (int i = 0; i < 10; i++)
        {
            s.NewCall(tag: $"a{i}").Refused(486, at: 2 + i);
        }

        s.NewCall(tag: "up").Bye(at: 31).Ok().Finish();

        s.Totals.Attempts.ShouldBe(11);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(30));
        s.Run.Engine.Counters.Quality.Evictions.ShouldBe(0);
    }

    [Fact]
    public void CallId_OfTwoAttemptsBeforeARestart_IsContinuedByTheNewest()
    {
        Scenario before = new Scenario().Invite(at: 0).Response(486, at: 1).AckRefusal().Invite(at: 2).Response(407).AckRefusal();
        byte[] state = before.Run.Engine.Save();

        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), state, isAfterBlind: false);
        restored.Play(before.Invite(at: 3).Response(200, at: 5).Ack().Packets[^3..]);
        restored.Engine.Finish();

        restored.Totals.Attempts.ShouldBe(2);
        restored.Totals.Answered.ShouldBe(1);
        restored.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void Bye_LateCopyOfAnEarlierAttempt_DoesNotEndTheNext()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5, toTag: "b1").Ack().Bye(at: 15, toTag: "b1").Ok()
            .Invite(at: 16).Response(200, at: 20, toTag: "b2").Ack().Again(back: 4, at: 21).Again(back: 4, at: 21)
            .Bye(at: 80, toTag: "b2").Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10 + 60));
    }

    [Fact]
    public void Invite_LateCopyWithin32Seconds_ChangesNothing()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(486, at: 1).AckRefusal().Again(back: 2, at: 30).Again(back: 2, at: 30.1).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Call_LateCopiesOfEveryPacket_ChangeNothing()
    {
        Scenario s = new Scenario().Answered(at: 0, talk: 10);
        string figures = s.Run.Figures();
        for (int left = s.Packets.Count, back = left - 1; left > 0; left--)
        {
            s.Again(at: 40, back: back);
        }

        s.Run.Figures().ShouldBe(figures);
    }

    [Fact]
    public void Invite_SameAgainAfterItWasForgotten_IsANewAttempt()
    {
        Scenario s = new Scenario().Refused(486).Silence(until: 40).Again(back: 3, at: 45).Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Invite_LowerCSeqOfTheSameKey_ChangesNothing()
    {
        Scenario s = new Scenario().Invite(at: 0, cseq: 5).Response(486, at: 1).AckRefusal().Invite(at: 2, cseq: 4).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Spiral_SameCallIdWithAnotherViaToTheTrunk_IsOneAttempt()
    {
        // The proxy sends the same INVITE on, then again with a longer Via: copies and forks of one attempt.
        Scenario s = new Scenario().Invite(at: 0, cseq: 1, branch: "z9hG4bK-first").Invite(at: 0.01, cseq: 1, branch: "z9hG4bK-second")
            .Response(200, at: 5, branch: "z9hG4bK-second").Response(200, at: 5.01, branch: "z9hG4bK-first").Ack().Bye(at: 15).Ok()
            .Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Hairpin_OutAndInOverTheTrunk_IsBothOutboundAndInbound()
    {
        Scenario s = new Scenario().Invite(at: 0, cseq: 1, branch: "z9hG4bK-out")
            .Between(Hosts.Carrier, Hosts.Pbx).Invite(at: 0.1, cseq: 1, branch: "z9hG4bK-in")
            .Response(200, at: 5, branch: "z9hG4bK-in")
            .Between(Hosts.Pbx, Hosts.Carrier).Response(200, at: 5.1, branch: "z9hG4bK-out").Ack().Bye(at: 15.1).Ok()
            .Between(Hosts.Carrier, Hosts.Pbx).NewCall().Bye(at: 15.2).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
        s.Totals.InboundAttempts.ShouldBe(1);
        s.Totals.InboundAnswered.ShouldBe(1);
        s.Totals.InboundAnsweredEnded.ShouldBe(1);
        s.Totals.InboundTalk.ShouldBe(TimeSpan.FromSeconds(10.2));
    }

    [Fact]
    public void Proxy_SameCallIdOnTwoHopsWithoutTrunks_IsOneAttempt()
    {
        Scenario s = new Scenario(EngineRun.Settings(new([])))
            .Between(Hosts.Pbx, Hosts.Proxy).Invite(at: 0, cseq: 1, branch: "z9hG4bK-first")
            .Between(Hosts.Proxy, Hosts.Carrier).Invite(at: 0.01, cseq: 1, branch: "z9hG4bK-second")
            .Response(200, at: 5, branch: "z9hG4bK-second")
            .Between(Hosts.Pbx, Hosts.Proxy).Response(200, at: 5.01, branch: "z9hG4bK-first").Ack().Bye(at: 15).Ok()
            .Between(Hosts.Proxy, Hosts.Carrier).Again(at: 15.01, back: 1).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }
}
