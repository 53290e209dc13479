using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class ReInviteTests
{
    [Theory]
    [InlineData(Side.Caller, 200)]
    [InlineData(Side.Caller, 488)]
    [InlineData(Side.Caller, 491)]
    [InlineData(Side.Caller, 401)]
    [InlineData(Side.Callee, 200)]
    [InlineData(Side.Callee, 488)]
    [InlineData(Side.Callee, 491)]
    public void ReInvite_AcceptedOrRefused_LeavesTheCallAsItIs(Side by, int status)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 2).Response(200, at: 5).Ack()
            .Request("INVITE", at: 10, by: by).Reply(100).Reply(status, at: 10.2).Request("ACK", by: by);
        s.Run.Engine.ActiveCalls.ShouldBe(1);

        s.Bye(at: 65).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)200, 1L)]);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void ReInvite_TakenForRinging_CountsNoRinging()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Request("INVITE", at: 10).Reply(180).Reply(200, at: 12).Bye(at: 65).Ok().Finish();

        s.Totals.PostDialCount.ShouldBe(0);
        s.Totals.Ring.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void InDialogRequests_BeforeAndAfterTheAnswer_MoveNothing()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(100).Response(183, at: 2).Request("PRACK", at: 2.1).Ok()
            .Request("UPDATE", at: 3).Ok().Request("UPDATE", at: 3.5, by: Side.Callee).Ok()
            .Response(200, at: 5).Ack()
            .Request("INFO", at: 6).Ok().Request("MESSAGE", at: 7, by: Side.Callee).Ok().Request("NOTIFY", at: 8).Reply(481)
            .Request("OPTIONS", at: 9).Ok().Request("REFER", at: 10).Reply(202).Bye(at: 65).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.PostDialCount.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        s.Run.Engine.Counters.Quality.OrphanResponses.ShouldBe(0);
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("MESSAGE")]
    [InlineData("SUBSCRIBE")]
    [InlineData("NOTIFY")]
    [InlineData("PUBLISH")]
    [InlineData("REFER")]
    [InlineData("UPDATE")]
    [InlineData("FOO")]
    public void Request_OutsideAnyCall_MovesNothing(string method)
    {
        Scenario s = new Scenario().Request(method, at: 0).Ok().Finish();

        s.Totals.Attempts.ShouldBe(0);
        s.Calls.ShouldBeEmpty();
        s.Run.Engine.Counters.SipMessages.ShouldBe(2);
        s.Run.Engine.Counters.Quality.OrphanResponses.ShouldBe(0);
    }
}
