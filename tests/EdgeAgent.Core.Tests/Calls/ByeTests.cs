using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class ByeTests
{
    /// <summary>The earlier hang-up counts, in whatever order two interfaces delivered them; a clock set back in between is no earlier hang-up.</summary>
    [Theory]
    [InlineData(65.02, 65.00, 60.00)]
    [InlineData(65.00, 65.02, 60.00)]
    [InlineData(65.00, 45.00, 60.00)]
    public void Bye_OfBothSides_EndsTheCallAtTheEarlier(double first, double second, double talk)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: first).Bye(at: second, Side.Callee).Ok().Finish();

        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(talk));
        s.Totals.AnsweredEnded.ShouldBe(1);
    }

    [Theory]
    [InlineData(Side.Caller)]
    [InlineData(Side.Callee)]
    public void Bye_OfEitherSide_EndsTheCallAtItsOwnTime(Side by)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65, by: by).Ok(at: 65.4);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        s.Call.EndedAt.ShouldBe(Scenario.At(65));
        s.Call.EndEvidence.ShouldBe(EndEvidence.Bye);
        s.Run.Engine.ActiveCalls.ShouldBe(0);
    }

    [Fact]
    public void Bye_Retransmitted_CountsAtTheFirst()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Again(at: 65.5).Again(at: 66.5).Ok(at: 66.6).Again(at: 67)
            .Again(back: 2, at: 68).Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public void Bye_Challenged_CountsAtTheFirst(int challenge)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(challenge);
        s.Totals.AnsweredEnded.ShouldBe(0);

        s.Bye(at: 66).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(603)]
    public void Bye_AnyOtherFinalResponse_ConfirmsIt(int status)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(100).Reply(status);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_WithoutResponse_IsConfirmedBy32SecondsAtItsOwnTime()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65);

        s.Silence(until: 96.9).Totals.AnsweredEnded.ShouldBe(0);
        s.Silence(until: 98);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        s.Call.EndedAt.ShouldBe(Scenario.At(65));
    }

    [Fact]
    public void Bye_FromBothSidesAtOnce_CountsAtTheFirst()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Bye(at: 65.1, by: Side.Callee).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("INVITE", Side.Caller)]
    [InlineData("UPDATE", Side.Caller)]
    [InlineData("INFO", Side.Callee)]
    [InlineData("INVITE", Side.Callee)]
    public void Bye_RefusedWith481WhileTheDialogGoesOn_IsRevoked(string method, Side by)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(481).Request(method, at: 70, by: by).Ok();

        s.Silence(until: 300).Totals.AnsweredEnded.ShouldBe(0);
        s.Run.Engine.ActiveCalls.ShouldBe(1);
        s.Bye(at: 305).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(300));
    }

    [Fact]
    public void Bye_CopySeenAfterItWasRevoked_ChangesNothing()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(481).Request("UPDATE", at: 70).Ok().Again(back: 3, at: 71)
            .Again(back: 3, at: 71).Silence(until: 300);
        s.Run.Engine.ActiveCalls.ShouldBe(1);

        s.Bye(at: 305).Ok().Finish();

        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(300));
    }

    [Fact]
    public void Bye_RevokedByAResponseSeenBeforeItsRequest_IsRevoked()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(481);
        Scenario update = new Scenario().Request("BYE", at: 0).Request("BYE").Request("UPDATE", at: 70).Ok(at: 70.01);
        s.Run.Play([update.Packets[3], update.Packets[2]]);

        s.Silence(until: 300).Run.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Bye_AnswerToALaterByeSeenBeforeThatBye_DoesNotRestoreTheRevokedOne()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(481).Request("UPDATE", at: 70).Ok();
        Scenario bye = new Scenario().Request("BYE", at: 0).Request("BYE").Request("BYE").Request("BYE", at: 305).Ok(at: 305.01);
        s.Run.Play([bye.Packets[4], bye.Packets[3]]);
        s.Silence(until: 400);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(300));
    }

    [Fact]
    public void Bye_RevokedByARequestThatCrossedIt_IsRestoredByItsOwnAnswer()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65);
        Scenario crossing = new Scenario().Request("INFO", at: 65.01, by: Side.Callee).Ok();
        s.Run.Play(crossing.Packets);
        s.Ok(at: 65.2).Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_SentAnewWhileAReInviteCrosses_IsRestoredByTheAnswerToEither()
    {
        // As Asterisk and its peer did on a lossy line: BYE, re-INVITE of the other side, BYE with the next CSeq, then both answers.
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65);
        Scenario crossing = new Scenario().Request("INVITE", at: 65.3, by: Side.Callee).Ok(at: 65.5);
        s.Run.Play(crossing.Packets[..1]);
        s.Bye(at: 65.4);
        s.Run.Play(crossing.Packets[1..]);
        s.Ok(at: 65.6).Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_SentAgainWithoutAnyAnswerAfterARequestCrossed_EndsAtTheFirst()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65);
        s.Run.Play(new Scenario().Request("INFO", at: 65.01, by: Side.Callee).Ok().Packets);
        s.Again(at: 65.5).Silence(until: 120);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_AnswerToACancelSeenAfterIt_DoesNotRevokeIt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(407).AckRefusal().Invite(at: 1).Response(180, at: 2)
            .Cancel(at: 5).Response(200, at: 5.01).Ack().Bye(at: 5.02).Again(back: 3, at: 5.03);
        Scenario cancelled = new Scenario().Invite(at: 0).Invite(at: 0).Cancel().Ok(at: 5.04);
        s.Run.Play([cancelled.Packets[3]]);
        s.Silence(until: 60);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(0.01));
    }

    [Fact]
    public void Bye_RefusedWith481AndNothingMore_IsConfirmedBy32Seconds()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(481).Silence(until: 98);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_LateAnswerToAnEarlierRequest_DoesNotRevokeIt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Request("INFO", at: 64).Ok(at: 64.1).Bye(at: 65)
            .Again(back: 1, at: 65.2).Silence(until: 98);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_LaterRequestRefused_DoesNotRevokeIt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Request("INFO", at: 66, by: Side.Callee).Reply(481)
            .Silence(until: 98);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_SeenBeforeIts2xxButSentAfterIt_EndsTheCall()
    {
        // The directions of a stream may be read some seconds apart, each packet with its own time.
        Scenario s = new Scenario().Invite(at: 0).Response(180, at: 2).Bye(at: 6).Response(200, at: 5).Ack(at: 5.1).Ok(at: 6.1).Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Bye_OfAnEarlyDialogBeforeThe2xx_DoesNotEndTheCall()
    {
        // RFC 3261 §15: a BYE may end an early dialog; the 2xx that follows is of a call that is up.
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 2).Bye(at: 4).Ok().Response(200, at: 5).Ack().Bye(at: 65).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_SeenBeforeThe2xxOfAnotherDialog_EndsOnlyItsOwn()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 2, toTag: "b1").Bye(at: 6, toTag: "b1").Response(200, at: 5, toTag: "b2").Ack()
            .Bye(at: 65, toTag: "b2").Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Bye_SeenEarlyWithThe2xxOfAForkFirst_EndsItsDialogLater()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Bye(at: 7, toTag: "b1").Response(200, at: 5, toTag: "b2").Response(200, at: 6, toTag: "b1")
            .Bye(at: 65, toTag: "b2").Ok().Silence(until: 120);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Call_WithoutAck_IsAnsweredAndEnds()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Again(at: 5.5).Again(at: 6.5).Bye(at: 37, by: Side.Callee).Ok();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(32));
    }

    [Fact]
    public void Bye_WithoutCall_IsAnOrphan()
    {
        Scenario s = new Scenario().Bye(at: 0).Ok().Finish();

        s.Totals.Attempts.ShouldBe(0);
        s.Calls.ShouldBeEmpty();
        (s.Run.Engine.Counters.Quality.OrphanByes, s.Run.Engine.Counters.Quality.OrphanResponses).ShouldBe((1, 1));
        s.Run.Sealed.Sum(minute => minute.Quality.OrphanByes).ShouldBe(1);
        s.Run.Sealed.Sum(minute => minute.Quality.OrphanResponses).ShouldBe(1);
    }

    [Fact]
    public void Invariant_AnsweredCallStillUp_IsNeitherEndedNorUnknown()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Silence(until: 600);

        s.Totals.Answered.ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(0);
        s.Totals.UnknownEnd.ShouldBe(0);
        s.Calls.ShouldBeEmpty();
    }

    /// <summary>Seen with Asterisk: it sends a second BYE when a re-INVITE crosses its first, and then accepts the re-INVITE too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bye_TriedAgainWhileAReInviteCrosses_CountsAtTheFirst(bool isReInviteAnsweredFirst)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65)
            .Request("INVITE", at: 65.40, by: Side.Callee).Ok(at: 65.42)
            .Bye(at: 65.41).Ok(at: 65.43)
            .Again(at: 66, back: 4);
        int[] order = isReInviteAnsweredFirst ? [0, 1, 2, 3, 4, 6, 5, 7, 8] : [0, 1, 2, 3, 4, 6, 7, 5, 8];

        EngineRun run = new EngineRun().Play(order.Select(i => s.Packets[i]));
        run.Engine.Finish();

        run.Totals.AnsweredEnded.ShouldBe(1);
        run.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }
}
