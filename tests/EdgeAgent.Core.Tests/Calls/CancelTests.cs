using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class CancelTests
{
    [Fact]
    public void Cancel_CrossingThe200_IsAnswered()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 2).Cancel(at: 5).Response(200, at: 5.01).Ok(at: 5.02).Ack().Bye(at: 5.1).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(0.09));
        s.Call.EndEvidence.ShouldBe(EndEvidence.Bye);
    }

    [Fact]
    public void Cancel_SeenAfterThe200_ChangesNothing()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Cancel(at: 5.01).Reply(481).Ack().Bye(at: 65).Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Cancel_BeforeRinging_IsCancelled()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100).Cancel(at: 3).Ok().Response(487, at: 3.1).AckRefusal().Finish();

        s.Totals[Disposition.Cancelled].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Call.EndEvidence.ShouldBe(EndEvidence.Cancel);
        s.Call.EndedAt.ShouldBe(Scenario.At(3.1));
    }

    [Theory]
    [InlineData(180)]
    [InlineData(183)]
    public void Cancel_AfterRinging_IsNoAnswer(int ringing)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(ringing, at: 2).Cancel(at: 22).Ok().Response(487).AckRefusal().Finish();

        s.Totals[Disposition.NoAnswer].ShouldBe(1);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(20));
        s.Call.EndEvidence.ShouldBe(EndEvidence.Cancel);
    }

    [Fact]
    public void Cancel_FollowedByAnotherRefusal_CountsThatStatus()
    {
        Scenario s = new Scenario().Invite(at: 0).Cancel(at: 2).Ok().Response(486, at: 2.1).AckRefusal().Finish();

        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Call.Status.ShouldBe(486);
    }

    [Fact]
    public void Cancel_WithoutFinalResponse_FailsAfter32Seconds()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(180, at: 2).Cancel(at: 10).Ok();

        s.Silence(until: 41.9).Totals.Disposed.ShouldBe(0);
        s.Silence(until: 43);

        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBeEmpty();
        s.Call.Status.ShouldBeNull();
        s.Call.EndEvidence.ShouldBe(EndEvidence.Cancel);
    }

    [Fact]
    public void Cancel_RefusedWith481_LeavesTheCallToItsFinalResponse()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 2).Cancel(at: 10).Reply(481).Response(200, at: 12).Ack().Bye(at: 22).Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void FinalResponse_LostButItsAckSeen_IsARefusalAtTheTimeOfTheAck()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100).Response(180, at: 2).AckRefusal(at: 12).Silence(until: 60);

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(10));
        s.Call.Status.ShouldBeNull();
        s.Call.EndEvidence.ShouldBe(EndEvidence.FinalResponse);
        s.Call.EndedAt.ShouldBe(Scenario.At(12));
    }

    [Fact]
    public void FinalResponse_SeenAfterItsAck_CountsAsItIs()
    {
        Scenario s = new Scenario().Invite(at: 0).AckRefusal(at: 2).Response(486, at: 2.02).Silence(until: 60);

        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Call.Status.ShouldBe(486);
    }

    [Fact]
    public void AckToA2xx_WithoutThe2xx_IsNoRefusal()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(180, at: 2).Ack(at: 12).Silence(until: 60);

        s.Totals.Disposed.ShouldBe(0);
        s.Run.Engine.ActiveCalls.ShouldBe(1);
    }
}
