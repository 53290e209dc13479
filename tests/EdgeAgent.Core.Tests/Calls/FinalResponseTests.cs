using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class FinalResponseTests
{
    [Theory]
    [InlineData(400, Disposition.Failed)]
    [InlineData(402, Disposition.Failed)]
    [InlineData(403, Disposition.Rejected)]
    [InlineData(404, Disposition.InvalidNumber)]
    [InlineData(408, Disposition.Failed)]
    [InlineData(410, Disposition.InvalidNumber)]
    [InlineData(480, Disposition.NoAnswer)]
    [InlineData(486, Disposition.Busy)]
    [InlineData(487, Disposition.Cancelled)]
    [InlineData(488, Disposition.Failed)]
    [InlineData(500, Disposition.Failed)]
    [InlineData(503, Disposition.Failed)]
    [InlineData(600, Disposition.Busy)]
    [InlineData(603, Disposition.Rejected)]
    [InlineData(604, Disposition.InvalidNumber)]
    [InlineData(606, Disposition.Rejected)]
    [InlineData(607, Disposition.Unwanted)]
    [InlineData(608, Disposition.Unwanted)]
    [InlineData(699, Disposition.Failed)]
    public void FinalResponse_WithoutRinging_HasItsDispositionAtOnce(int status, Disposition expected)
    {
        Scenario s = new Scenario().Refused(status);

        s.Totals[expected].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)status, 1L)]);
        s.Call.Disposition.ShouldBe(expected);
        s.Call.Status.ShouldBe(status);
        s.Call.EndEvidence.ShouldBe(EndEvidence.FinalResponse);
        s.Call.EndedAt.ShouldBe(Scenario.At(1));
        s.Call.Ring.ShouldBeNull();
    }

    [Theory]
    [InlineData(300, Disposition.Failed)]
    [InlineData(302, Disposition.Failed)]
    [InlineData(305, Disposition.Failed)]
    [InlineData(380, Disposition.Failed)]
    [InlineData(484, Disposition.InvalidNumber)]
    [InlineData(491, Disposition.Failed)]
    public void FinalResponse_TheCallerMayMendButDoesNot_HasItsDispositionInTheEnd(int status, Disposition expected)
    {
        Scenario s = new Scenario().Refused(status);
        s.Totals.Disposed.ShouldBe(0);

        s.Finish();

        s.Totals[expected].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)status, 1L)]);
        s.Call.EndedAt.ShouldBe(Scenario.At(1));
    }

    [Theory]
    [InlineData(180, 487)]
    [InlineData(183, 487)]
    [InlineData(180, 408)]
    [InlineData(183, 408)]
    [InlineData(183, 480)]
    public void FinalResponse_AfterRingingUnanswered_IsNoAnswer(int ringing, int status)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(ringing, at: 2).Response(status, at: 32).AckRefusal();

        s.Totals[Disposition.NoAnswer].ShouldBe(1);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(30));
        s.Call.Ring.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Decline_WithNetworkBlockReason_IsUnwanted()
    {
        Scenario s = new Scenario().Invite(at: 0)
            .Response(603, at: 1, headers: "Reason: SIP;cause=603;text=\"v=analytics1;url=https://block.test\"\r\n").AckRefusal();

        s.Totals[Disposition.Unwanted].ShouldBe(1);
        s.Call.Status.ShouldBe(603);
    }

    [Fact]
    public void FinalResponse_None_FailsAfter32Seconds()
    {
        Scenario s = new Scenario().Invite(at: 0).Again(at: 0.5).Again(at: 1.5);

        s.Silence(until: 31.9).Totals.Disposed.ShouldBe(0);
        s.Silence(until: 33);

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Call.EndEvidence.ShouldBe(EndEvidence.NoResponse);
        s.Call.Status.ShouldBeNull();
        s.Call.EndedAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(181)]
    [InlineData(183)]
    public void Provisional_BeforeAnswer_CountsOnceAsRinging(int status)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(100).Response(status, at: 3).Response(180, at: 6).Response(180, at: 8).Response(200, at: 10)
            .Ack().Bye(at: 20).Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(7));
        s.Totals.PostDial.ShouldBe(TimeSpan.FromSeconds(3));
        s.Totals.PostDialCount.ShouldBe(1);
        s.Totals.PostDial180.ShouldBe(TimeSpan.FromSeconds(6));
        s.Totals.Ringing180Count.ShouldBe(1);
        s.Totals.Progress183Count.ShouldBe(status == 183 ? 1 : 0);
        s.Totals.PostDial183.ShouldBe(TimeSpan.FromSeconds(status == 183 ? 3 : 0));
    }

    [Fact]
    public void Provisional_100Only_IsNoRinging()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100).Response(487, at: 9).AckRefusal();

        s.Totals[Disposition.Cancelled].ShouldBe(1);
        s.Totals.PostDialCount.ShouldBe(0);
        s.Totals.Ring.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(180)]
    public void Ringing_ForLong_StaysOpenUntilItsFinalResponse(int seconds)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(100).Response(180, at: 1).Silence(until: seconds);
        s.Totals.Disposed.ShouldBe(0);
        s.Run.Engine.ActiveCalls.ShouldBe(1);

        s.Response(200, at: seconds + 1).Ack().Bye(at: seconds + 11).Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.Ring.ShouldBe(TimeSpan.FromSeconds(seconds));
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Ringing_WithoutEnd_IsGivenUpAfterTenMinutesOfSilence()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(180, at: 1).Response(180, at: 120);

        s.Silence(until: 719).Totals.Disposed.ShouldBe(0);
        s.Silence(until: 722);

        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Call.EndEvidence.ShouldBe(EndEvidence.IdleLimit);
    }

    [Fact]
    public void Answer_OtherThan200_IsAnsweredToo()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(202, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)202, 1L)]);
    }

    [Fact]
    public void Refusal_AfterThe2xx_ChangesNothing()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(200, at: 5).Ack().Response(486, at: 6, toTag: "c").Bye(at: 15, toTag: "b").Ok().Finish();

        s.Totals.Answered.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }
}
