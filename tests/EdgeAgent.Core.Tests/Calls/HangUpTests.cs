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
