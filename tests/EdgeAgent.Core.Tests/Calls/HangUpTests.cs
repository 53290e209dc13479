using EdgeAgent.Core.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Who hung up: evidence of how persons take the calls made to them.</summary>
public sealed class HangUpTests
{
    [Theory]
    [InlineData(Side.Caller, CallSide.Number)]
    [InlineData(Side.Callee, CallSide.Person)]
    public void HungUpBy_Outbound_IsTheNumberWhenTheCallerLeaves(Side by, CallSide expected)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65, by: by).Ok().Finish();

        s.Call.HungUpBy.ShouldBe(expected);
        s.Totals.EndedByNumber.ShouldBe(expected == CallSide.Number ? 1 : 0);
        s.Totals.EndedByPerson.ShouldBe(expected == CallSide.Person ? 1 : 0);
    }

    [Theory]
    [InlineData(Side.Caller, CallSide.Person)]
    [InlineData(Side.Callee, CallSide.Number)]
    public void HungUpBy_Inbound_IsThePersonWhenTheCallerLeaves(Side by, CallSide expected)
    {
        Scenario s = new Scenario().Between(Hosts.Carrier, Hosts.Pbx)
            .Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65, by: by).Ok().Finish();

        s.Call.HungUpBy.ShouldBe(expected);
        s.Totals.InboundEndedByNumber.ShouldBe(expected == CallSide.Number ? 1 : 0);
        s.Totals.InboundEndedByPerson.ShouldBe(expected == CallSide.Person ? 1 : 0);
        s.Totals.EndedByNumber.ShouldBe(0);
    }

    [Fact]
    public void HungUpBy_BothLeaveAtOnce_IsTheFirst()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack()
            .Bye(at: 65, by: Side.Callee).Bye(at: 65.01).Ok(at: 65.02).Finish();

        s.Call.HungUpBy.ShouldBe(CallSide.Person);
    }

    [Fact]
    public void HungUpBy_ARevokedBye_IsTheOneThatEndedIt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 15).Reply(481, at: 15.1)
            .Request("UPDATE", at: 17).Ok().Bye(at: 35, by: Side.Callee).Ok().Finish();

        s.Call.HungUpBy.ShouldBe(CallSide.Person);
    }

    [Fact]
    public void HungUpBy_AFork_IsWhoEndedTheLastDialog()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5, toTag: "b1").Ack().Response(200, at: 6, toTag: "b2").Ack()
            .Bye(at: 7, toTag: "b2").Ok().Bye(at: 66, by: Side.Callee, toTag: "b1").Ok().Finish();

        s.Call.HungUpBy.ShouldBe(CallSide.Person);
    }

    [Fact]
    public void HungUpBy_OutOfOrderByeBeforeTheAnswer_IsKept()
    {
        Scenario s = new Scenario().Invite(at: 0).Bye(at: 5.5, by: Side.Callee).Response(200, at: 5).Ack().Finish();

        s.Call.HungUpBy.ShouldBe(CallSide.Person);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(200)]
    public void HungUpBy_NoBye_IsNobody(int status)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(status, at: 5).Finish();

        s.Call.HungUpBy.ShouldBe(CallSide.None);
        (s.Totals.EndedByNumber + s.Totals.EndedByPerson).ShouldBe(0);
    }

    /// <summary>Two interfaces, or a PBX that hands over by HEP, may show the answer first: the call is over with the BYE, not 32 s later.</summary>
    [Theory]
    [InlineData(Side.Caller, 65.0, 65.01, CallSide.Number)]
    [InlineData(Side.Callee, 65.0, 65.01, CallSide.Person)]
    [InlineData(Side.Caller, 65.0, 64.99, CallSide.Number)] // its time says so too
    public void Bye_AfterItsAnswer_EndsTheCallAtOnce(Side by, double byeAt, double answeredAt, CallSide expected)
    {
        Scenario written = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(byeAt, by).Ok(answeredAt);
        EngineRun run = new EngineRun().Play(written.Packets[..^2]);

        run.Play([written.Packets[^1]]);
        run.Engine.ActiveCalls.ShouldBe(1); // (Answered, answer to a BYE): nothing yet
        run.Play([written.Packets[^2]]);

        run.Engine.ActiveCalls.ShouldBe(0); // (Ending, BYE confirmed)
        (run.Call.HungUpBy, run.Call.EndEvidence, run.Call.Talk).ShouldBe((expected, EndEvidence.Bye, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Bye_AfterAnAnswerLongBefore_WaitsForItsOwn()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Ok(at: 60);
        EngineRun run = new EngineRun().Play(written.Packets[..^2]);

        run.Play([written.Packets[^1], written.Packets[^2]]);

        run.Engine.ActiveCalls.ShouldBe(1);
        run.Engine.OnClock(Scenario.At(65 + 33));
        run.Call.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    [InlineData(481)]
    public void Bye_AfterAnAnswerThatConfirmsNone_Waits(int status)
    {
        Scenario written = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Reply(status, at: 65.01);
        EngineRun run = new EngineRun().Play(written.Packets[..^2]);

        run.Play([written.Packets[^1], written.Packets[^2]]);

        run.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Bye_AfterTheAnswerToAnotherBye_Waits()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65).Bye(at: 65.02, by: Side.Callee).Ok(at: 65.03);
        EngineRun run = new EngineRun().Play(written.Packets[..^3]);

        run.Play([written.Packets[^1], written.Packets[^3]]);

        run.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Bye_BeforeTheCallsAnswerAndAnsweredBeforeItToo_EndsTheCallAtOnce()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(180, at: 1).Response(200, at: 5).Bye(at: 5.01).Ok(at: 5.02);
        EngineRun run = new EngineRun().Play(written.Packets[..2]);

        run.Play([written.Packets[3], written.Packets[4], written.Packets[2]]);

        run.Engine.ActiveCalls.ShouldBe(0);
        (run.Call.HungUpBy, run.Call.Talk).ShouldBe((CallSide.Number, TimeSpan.FromSeconds(0.01)));
    }

    [Fact]
    public void Bye_OfAForkAfterItsAnswer_EndsThatDialogOnly()
    {
        Scenario written = new Scenario().Invite(at: 0).Response(200, at: 5, toTag: "b1").Ack().Response(200, at: 6, toTag: "b2").Ack()
            .Bye(at: 7, toTag: "b2").Ok(at: 7.01);
        EngineRun run = new EngineRun().Play(written.Packets[..^2]);

        run.Play([written.Packets[^1], written.Packets[^2]]);
        run.Engine.ActiveCalls.ShouldBe(1);
        int before = written.Packets.Count;
        run.Play(written.Bye(at: 20, toTag: "b1").Ok(at: 20.01).Packets[before..].AsEnumerable().Reverse());

        run.Engine.ActiveCalls.ShouldBe(0);
        run.Call.Talk.ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void HungUpBy_AcrossARestart_IsKept()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(200, at: 5).Ack().Bye(at: 65, by: Side.Callee);
        EngineRun second = EngineRun.Restored(EngineRun.Settings(), s.Run.Engine.Save(), isAfterBlind: false);

        second.Engine.OnClock(Scenario.At(600));

        second.Call.HungUpBy.ShouldBe(CallSide.Person);
        second.Totals.EndedByPerson.ShouldBe(1);
    }
}
