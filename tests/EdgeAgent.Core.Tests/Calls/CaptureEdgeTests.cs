using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class CaptureEdgeTests
{
    [Fact]
    public void Packet_SeenTwice_MovesOnlyTheRetransmissions()
    {
        Scenario once = new Scenario().Answered().Finish();
        Scenario twice = new();
        twice.Run.Play(once.Packets.SelectMany(packet => new[] { packet, packet }));
        twice.Finish();

        twice.Run.Figures().ShouldBe(once.Run.Figures());
        once.Run.Engine.Counters.Retransmissions.ShouldBe(0);
        twice.Run.Engine.Counters.Retransmissions.ShouldBe(once.Packets.Count);
        twice.Run.Traffic.Retransmissions.ShouldBe(once.Packets.Count);
    }

    [Fact]
    public void InviteAnd200_Retransmitted_AreOneAttemptAndOneAnswer()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Again(at: 0.5).Again(at: 1.5).Response(180, at: 2).Response(200, at: 5).Again(at: 5.5).Again(at: 6.5).Ack()
            .Bye(at: 65).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.PostDial.ShouldBe(TimeSpan.FromSeconds(2));
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        s.Run.Engine.Counters.Retransmissions.ShouldBe(4);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(404)]
    [InlineData(200)]
    public void Response_SeenBeforeItsInvite_CountsAllTheSame(int status)
    {
        Scenario inOrder = new Scenario().Invite(at: 0).Response(100, at: 0.01).Response(status, at: 0.02).AckRefusal().Finish();
        CapturedPacket[] packets = [.. inOrder.Packets];

        foreach (int[] order in (int[][])[[1, 0, 2, 3], [1, 2, 0, 3], [2, 1, 0, 3], [2, 0, 1, 3]])
        {
            EngineRun run = new EngineRun().Play(order.Select(i => packets[i]));
            run.Engine.Finish();

            run.Figures().ShouldBe(inOrder.Run.Figures());
            run.Totals.Attempts.ShouldBe(1);
            run.Call.Disposition.ShouldBe(inOrder.Call.Disposition);
            run.Engine.Counters.Quality.OrphanResponses.ShouldBe(0);
        }
    }

    [Fact]
    public void Challenge_SeenBeforeItsInvite_IsContinued()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(401, at: 0.01).AckRefusal(at: 0.02).Invite(at: 0.03).Response(200, at: 5).Ack();
        EngineRun run = new EngineRun().Play([written.Packets[1], written.Packets[0], .. written.Packets[2..]]);

        run.Totals.Attempts.ShouldBe(1);
        run.Totals.Answered.ShouldBe(1);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(404)]
    [InlineData(200)]
    public void Response_SeenBeforeTheInviteThatContinuesItsAttempt_CountsAllTheSame(int status)
    {
        Scenario inOrder = new Scenario().Invite(at: 0).Response(407, at: 0.01).AckRefusal(at: 0.02)
            .Invite(at: 0.03).Response(100, at: 0.04).Response(status, at: 0.05).AckRefusal(at: 0.06).Finish();
        CapturedPacket[] packets = [.. inOrder.Packets];

        foreach (int[] order in (int[][])[[0, 1, 2, 5, 3, 4, 6], [0, 1, 4, 5, 2, 3, 6], [0, 4, 5, 1, 2, 3, 6]])
        {
            EngineRun run = new EngineRun().Play(order.Select(i => packets[i]));
            run.Engine.Finish();

            run.Figures().ShouldBe(inOrder.Run.Figures());
            run.Engine.Counters.Quality.OrphanResponses.ShouldBe(0);
        }
    }

    [Fact]
    public void Response_SeenBeforeTheInviteOfTheSecondHop_IsNotTakenForOneOfTheFirst()
    {
        Scenario written = new Scenario().Between(Hosts.Phone, Hosts.Proxy).Invite(at: 0, cseq: 1, branch: "z9hG4bK-first")
            .Between(Hosts.Proxy, Hosts.OtherPhone).Invite(at: 0.01, cseq: 1, branch: "z9hG4bK-second").Response(486, at: 0.02);
        EngineRun run = new EngineRun().Play([written.Packets[2], written.Packets[0], written.Packets[1]]);

        run.Engine.Finish();

        run.Engine.Counters.Quality.OrphanResponses.ShouldBe(0);
        run.Closed.Count(call => call.Disposition == Disposition.Busy).ShouldBe(1);
    }

    [Fact]
    public void Response_WhoseInviteIsNeverSeen_IsAnOrphan()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(100, at: 0.01).Response(200, at: 5);
        Scenario s = new();
        s.Run.Play(written.Packets[1..]);

        s.Silence(until: 5.5);
        s.Run.Engine.Counters.Quality.OrphanResponses.ShouldBe(1);
        s.Silence(until: 10);
        s.Run.Engine.Counters.Quality.OrphanResponses.ShouldBe(2);
    }

    [Fact]
    public void Response_OfAnInviteSeenMuchLater_IsAnOrphan()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(486, at: 0.01);
        EngineRun run = new EngineRun().Play([written.Packets[1], written.Packets[0] with { At = Scenario.At(3) }]);
        run.Engine.Finish();

        run.Engine.Counters.Quality.OrphanResponses.ShouldBe(1);
        run.Totals.Attempts.ShouldBe(1);
        run.Call.Status.ShouldBeNull();
    }

    [Fact]
    public void Responses_OfManyUnknownCalls_AreAllCountedAndHoldNothing()
    {
        EngineRun run = new();
        for (int i = 0; i < 1_000; i++)
        {
            run.Play([new Scenario().NewCall(callId: $"unknown-{i}").Invite(at: 0).Response(200, at: 0.1).Packets[1]]);
        }

        run.Engine.Finish();
        run.Engine.Counters.Quality.OrphanResponses.ShouldBe(1_000);
    }

    [Fact]
    public void Capture_BeginsInMidCall_CountsNoAttempt()
    {
        Scenario written = new Scenario().Answered();
        Scenario s = new();
        s.Run.Play(written.Packets[2..]);
        s.NewCall().Request("INVITE", at: 70).Ok().Finish();

        s.Totals.Attempts.ShouldBe(0);
        s.Totals.Answered.ShouldBe(0);
        s.Totals.AnsweredEnded.ShouldBe(0);
        s.Calls.ShouldBeEmpty();
        (s.Run.Engine.Counters.Quality.OrphanByes, s.Run.Engine.Counters.Quality.OrphanResponses).ShouldBe((1, 4));
    }

    [Fact]
    public void Capture_EndsInMidCall_IsUnknownEnd()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.UnknownEnd.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
        s.Call.EndEvidence.ShouldBe(EndEvidence.CaptureEnd);
        s.Call.Disposition.ShouldBe(Disposition.Answered);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(180)]
    public void Capture_EndsBeforeAFinalResponse_LeavesTheAttemptOpen(int status)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(status, at: 2).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(0);
        s.Call.Disposition.ShouldBeNull();
        s.Call.EndEvidence.ShouldBe(EndEvidence.CaptureEnd);
    }

    [Fact]
    public void Capture_EndsAfterTheBye_IsAnEndByBye()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Clock_SteppingBack_GivesNoNegativeTimesAndLosesNoCall()
    {
        Scenario s = new Scenario()
            .Invite(at: 600).Response(180, at: 602).Response(200, at: 300).Ack().Bye(at: 310).Ok()
            .NewCall(callId: "call-2", tag: "a2").Answered(at: 320, talk: 30).Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.Answered.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(2);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(3));
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10 + 30));
        CounterFields.All.ShouldAllBe(field => field.Read(s.Totals) >= 0);
    }

    [Fact]
    public void Clock_SteppingBackWithinTheTalk_GivesZeroTalk()
    {
        Scenario s = new Scenario().Invite(at: 600).Response(200, at: 605).Ack().Bye(at: 300).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void SnapLength_CutsTheBody_CountsTheCall()
    {
        int whole = new Scenario().Invite(at: 0).Packets[0].Bytes.Length;
        Scenario s = new Scenario().Invite(at: 0, snapBytes: whole - 20).Response(486, at: 1).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Run.Engine.Counters.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void SnapLength_CutsTheCallId_IsCountedAsTruncated()
    {
        Scenario s = new Scenario().Invite(at: 0, snapBytes: 200).Finish();

        s.Totals.Attempts.ShouldBe(0);
        s.Run.Engine.Counters.Rejected.ShouldBe(new Dictionary<string, long> { ["truncated"] = 1 });
        s.Run.Engine.Counters.Quality.Undecodable.ShouldBe(1);
        s.Run.Sealed.ShouldHaveSingleItem().Quality.Undecodable.ShouldBe(1);
    }

    [Fact]
    public void Datagram_WithTwoMessages_CountsTheFirst()
    {
        string Invite(string callId) =>
            $"INVITE sip:+33612345678@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{callId}\r\nFrom: <sip:+33162123456@h>;tag=a\r\n"
            + $"To: <sip:+33612345678@h>\r\nCall-ID: {callId}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

        Scenario s = new Scenario().Datagram(Invite("one") + Invite("two"), at: 0).Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Call.CallId.ShouldBe("one");
    }
}
