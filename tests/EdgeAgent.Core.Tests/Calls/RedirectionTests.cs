using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class RedirectionTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(305)]
    [InlineData(380)]
    public void Redirection_FollowedBySameCaller_IsOneAttempt(int status)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(status).AckRefusal()
            .Invite(at: 1, uri: "sip:+33199000001@carrier.test").Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Redirection_FollowedToAnotherHostOfTheTrunk_IsOneAttempt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(302).AckRefusal()
            .Between(Hosts.Pbx, Hosts.CarrierSecondHost).Invite(at: 1).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Redirection_FollowedOverAnotherTrunk_IsAnAttemptOfThatTrunk()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(302).AckRefusal()
            .Between(Hosts.Pbx, Hosts.OtherCarrier).Invite(at: 1).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Calls.Select(call => call.Trunk).ShouldBe(["carrier", "other"], ignoreOrder: true);
    }

    [Fact]
    public void Redirection_FollowedByANewCallId_IsASecondAttempt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(302).AckRefusal()
            .NewCall(callId: "call-2@pbx.test", tag: "a2").Invite(at: 1).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Calls.Single(call => call.Disposition == Disposition.Failed).Status.ShouldBe(302);
    }
}
