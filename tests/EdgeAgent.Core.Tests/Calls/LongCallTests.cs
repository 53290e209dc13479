using EdgeAgent.Core.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class LongCallTests
{
    private const string Timer = "Session-Expires: 1800;refresher=uac\r\n";
    private const double Hour = 3600;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void Call_OfManyHours_TalksThatLong(int hours)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack();
        for (int hour = 1; hour < hours; hour++)
        {
            s.Silence(until: hour * Hour);
        }

        s.Run.Engine.ActiveCalls.ShouldBe(1);
        s.Bye(at: 5 + (hours * Hour)).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromHours(hours));
    }

    [Theory]
    [InlineData("UPDATE", Side.Caller)]
    [InlineData("INVITE", Side.Caller)]
    [InlineData("UPDATE", Side.Callee)]
    public void SessionTimer_Refreshed_KeepsTheCallUp(string method, Side by)
    {
        Scenario s = new Scenario().Invite(at: 0, headers: Timer).Response(200, at: 5, headers: Timer).Ack();
        for (int refresh = 1; refresh <= 8; refresh++)
        {
            s.Request(method, at: 5 + (refresh * 900), by: by, headers: Timer).Ok(headers: Timer);
        }

        s.Run.Engine.ActiveCalls.ShouldBe(1);
        s.Bye(at: 5 + (2 * Hour) + 100).Ok().Finish();

        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds((2 * Hour) + 100));
    }

    [Fact]
    public void SessionTimer_RefreshesOnlyThenSilence_ExpiresAsUnknownEnd()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: Timer).Response(200, at: 5, headers: Timer).Ack()
            .Request("UPDATE", at: 905, headers: Timer).Ok(headers: Timer);

        s.Silence(until: 905 + 1800 + 31).Totals.UnknownEnd.ShouldBe(0);
        s.Silence(until: 905 + 1800 + 34);

        s.Totals.Answered.ShouldBe(1);
        s.Totals.UnknownEnd.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(0);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
        s.Call.EndEvidence.ShouldBe(EndEvidence.SessionExpired);
        s.Call.EndedAt.ShouldBeNull();
        s.Call.Talk.ShouldBeNull();
    }

    [Fact]
    public void SessionTimer_RefusedRefresh_DoesNotKeepTheCallUp()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: Timer).Response(200, at: 5, headers: Timer).Ack()
            .Request("UPDATE", at: 905, headers: Timer).Reply(500).Silence(until: 5 + 1800 + 34);

        s.Totals.UnknownEnd.ShouldBe(1);
    }

    [Fact]
    public void SessionTimer_LeftOutOfALaterAnswer_RunsNoMore()
    {
        // RFC 4028 §7.2: no Session-Expires in the 2xx, no timer.
        Scenario s = new Scenario().Invite(at: 0, headers: Timer).Response(200, at: 5, headers: Timer).Ack()
            .Request("INVITE", at: 905).Ok().Silence(until: 3 * Hour);

        s.Totals.UnknownEnd.ShouldBe(0);
        s.Run.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Call_WhoseByeIsLost_IsUnknownEndAfterADay()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack();

        s.Silence(until: 24 * Hour).Totals.UnknownEnd.ShouldBe(0);
        s.Silence(until: (24 * Hour) + 10);

        s.Totals.Answered.ShouldBe(1);
        s.Totals.UnknownEnd.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(0);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
        s.Call.EndEvidence.ShouldBe(EndEvidence.IdleLimit);
        s.Call.Talk.ShouldBeNull();
    }

    [Fact]
    public void Pbx_Killed_LeavesNoCallBehind()
    {
        Scenario s = new();
        for (int i = 0; i < 50; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"a{i}").Invite(at: i).Response(180);
            _ = i % 2 == 0 ? s.Response(200, headers: i % 4 == 0 ? Timer : "").Ack() : s;
        }

        s.Silence(until: 25 * Hour);

        s.Run.Engine.ActiveCalls.ShouldBe(0);
        s.Calls.Count.ShouldBe(50);
        s.Totals.Attempts.ShouldBe(50);
        s.Totals.Disposed.ShouldBe(50);
        s.Totals.Answered.ShouldBe(25);
        s.Totals.UnknownEnd.ShouldBe(25);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
    }
}
