using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class ForkTests
{
    [Fact]
    public void Fork_SeveralToTagsRingOneAnswers_IsOneAttempt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(100).Response(180, at: 2, toTag: "b1").Response(180, at: 2.5, toTag: "b2")
            .Response(183, at: 3, toTag: "b3").Response(200, at: 8, toTag: "b2").Ack().Bye(at: 18).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.PostDialCount.ShouldBe(1);
        s.Totals.Ringing180Count.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Fork_TwoAnswer_TalksFromTheFirst2xxToTheLastBye()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 1, toTag: "b1").Response(180, at: 1, toTag: "b2")
            .Response(200, at: 5, toTag: "b1").Ack().Response(200, at: 6, toTag: "b2").Ack()
            .Bye(at: 6.5, toTag: "b1").Ok().Bye(at: 66, toTag: "b2").Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(61));
        s.Call.AnsweredAt.ShouldBe(Scenario.At(5));
        s.Call.EndedAt.ShouldBe(Scenario.At(66));
    }

    [Fact]
    public void Fork_TwoAnswerByesInOtherOrder_EndsWithTheLast()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5, toTag: "b1").Response(200, at: 6, toTag: "b2")
            .Bye(at: 36, toTag: "b2", by: Side.Callee).Ok().Bye(at: 7, toTag: "b1").Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(31));
    }

    [Fact]
    public void Fork_OneOfTwoDialogsNeverEnds_IsUnknownEnd()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5, toTag: "b1").Response(200, at: 6, toTag: "b2")
            .Bye(at: 7, toTag: "b1").Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(0);
        s.Totals.UnknownEnd.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
        s.Call.Talk.ShouldBeNull();
    }

    [Fact]
    public void Fork_SecondAnswersWhileTheFirstIsEnding_IsStillUp()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5, toTag: "b1").Bye(at: 6, toTag: "b1").Response(200, at: 6.1, toTag: "b2")
            .Bye(at: 36, toTag: "b2").Ok().Silence(until: 120);

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(31));
    }

    [Fact]
    public void Fork_ByTheProxyTowardTwoHostsOfTheTrunk_IsOneAttemptAndTheLastRefusalCounts()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 0, cseq: 1, branch: "z9hG4bK-one")
            .Between(Hosts.Pbx, Hosts.CarrierSecondHost).Invite(at: 0, cseq: 1, branch: "z9hG4bK-two")
            .Response(486, at: 2, toTag: "b2", branch: "z9hG4bK-two");
        s.Totals.Disposed.ShouldBe(0);

        s.Between(Hosts.Pbx, Hosts.Carrier).Response(603, at: 3, toTag: "b1", branch: "z9hG4bK-one").Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Call.Status.ShouldBe(603);
    }

    [Fact]
    public void Fork_OneBranchRefusesTheOtherAnswers_IsAnswered()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 0, cseq: 1, branch: "z9hG4bK-one")
            .Between(Hosts.Pbx, Hosts.CarrierSecondHost).Invite(at: 0, cseq: 1, branch: "z9hG4bK-two")
            .Response(486, at: 2, toTag: "b2", branch: "z9hG4bK-two")
            .Between(Hosts.Pbx, Hosts.Carrier).Response(200, at: 3, toTag: "b1", branch: "z9hG4bK-one").Ack().Bye(at: 13).Ok()
            .Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void FailOver_ProxySendsTheRefusedInviteToAnotherHost_IsASecondAttempt()
    {
        Scenario s = new Scenario().Between(Hosts.Pbx, Hosts.Carrier).Invite(at: 0, cseq: 1, branch: "z9hG4bK-one")
            .Response(503, at: 1, branch: "z9hG4bK-one").AckRefusal()
            .Between(Hosts.Pbx, Hosts.CarrierSecondHost).Invite(at: 1.1, cseq: 1, branch: "z9hG4bK-two")
            .Response(200, at: 5, toTag: "b2", branch: "z9hG4bK-two").Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void FailOver_ProxyTriesAnotherTrunk_IsAnAttemptOfEachTrunk()
    {
        Scenario s = new Scenario().Invite(at: 0, cseq: 1).Response(503, at: 1).AckRefusal()
            .Between(Hosts.Pbx, Hosts.OtherCarrier).Invite(at: 1.1, cseq: 1).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Calls.Select(call => call.Trunk).ShouldBe(["carrier", "other"]);
    }
}
