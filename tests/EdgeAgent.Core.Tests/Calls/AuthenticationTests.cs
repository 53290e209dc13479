using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class AuthenticationTests
{
    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public void Challenge_RetriedAndAnswered_IsOneAnsweredAttempt(int challenge)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(challenge).AckRefusal()
            .Invite(at: 1).Response(100).Response(180, at: 3).Response(200, at: 5).Ack().Bye(at: 65).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals[Disposition.Answered].ShouldBe(1);
        s.Totals.Status.Entries.ToArray().ShouldBe([((short)200, 1L)]);
        s.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
        s.Totals.PostDial.ShouldBe(TimeSpan.FromSeconds(3));
        s.Call.Start.ShouldBe(Scenario.Zero);
    }

    [Fact]
    public void Challenge_RetriedUnderAnotherNumber_CountsUnderTheNumberThatWasShown()
    {
        // Else a first INVITE in another name would hide from the company every call of its own number on a trunk that challenges.
        Scenario s = new Scenario().NewCall(from: "<sip:+33199000001@pbx.test>").Invite(at: 0).Response(407).AckRefusal();
        s.Invite(at: 1, headers: "P-Asserted-Identity: <sip:+33162123456@pbx.test>\r\n")
            .Response(200, at: 5).Ack().Bye(at: 65).Ok().Finish();

        s.Run.Numbers.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.Answered)
            .ShouldBe(new Dictionary<string, long> { ["+33199000001"] = 0, ["+33162123456"] = 1 }, ignoreOrder: true);
        s.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void Challenge_RetriedToAnotherPerson_IsANewAttempt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(407).AckRefusal()
            .Invite(at: 1, uri: "sip:+33612345679@carrier.test").Response(486, at: 2).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Busy].ShouldBe(1);
        s.Totals[Disposition.Failed].ShouldBe(1);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(484)]
    public void Refusal_AskingForAnotherNumber_IsContinuedByIt(int status)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(status).AckRefusal()
            .Invite(at: 1, uri: "sip:+33612345679@carrier.test").Response(200, at: 2).Ack().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
    }

    [Fact]
    public void Redirection_ThenAChallenge_IsOneAttempt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(302).AckRefusal()
            .Invite(at: 1, uri: "sip:+33612345679@carrier.test").Response(407).AckRefusal()
            .Invite(at: 2, uri: "sip:+33612345679@carrier.test").Response(486, at: 3).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void Challenge_RetriedAfterARestart_ContinuesTheAttempt()
    {
        Scenario before = new Scenario().Invite(at: 0).Response(407).AckRefusal();
        EngineRun restored = EngineRun.Restored(EngineRun.Settings(), before.Run.Engine.Save(), isAfterBlind: false);

        restored.Play(before.Invite(at: 1).Response(200, at: 2).Ack().Packets[^3..]);

        restored.Totals.Attempts.ShouldBe(1);
        restored.Totals.Answered.ShouldBe(1);
    }

    [Fact]
    public void Challenge_ByProxyThenByServer_IsOneAttempt()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(407).AckRefusal().Invite().Response(401).AckRefusal()
            .Invite().Response(486, at: 2).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void Challenge_RetriedAfterTypingAPassword_ContinuesTheAttempt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(401).AckRefusal().Silence(until: 179);
        s.Totals.Disposed.ShouldBe(0);

        s.Invite(at: 179.5).Response(200, at: 181).Ack().Bye(at: 191).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public void Challenge_NeverRetried_FailsAfterThreeMinutesAtTheTimeOfTheChallenge(int challenge)
    {
        Scenario s = new Scenario().Invite(at: 0).Response(challenge, at: 1).AckRefusal();

        s.Silence(until: 180.9).Calls.ShouldBeEmpty();
        s.Silence(until: 182);

        s.Totals.Attempts.ShouldBe(1);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Call.Status.ShouldBe(challenge);
        s.Call.EndEvidence.ShouldBe(EndEvidence.FinalResponse);
        s.Call.EndedAt.ShouldBe(Scenario.At(1));
        s.Run.Engine.ActiveCalls.ShouldBe(0);
    }

    [Fact]
    public void Challenge_LimitConfigured_WaitsThatLong()
    {
        EngineSettings settings = EngineRun.Settings() with { Calls = new CallLimits { Challenge = TimeSpan.FromSeconds(10) } };
        Scenario s = new Scenario(settings).Invite(at: 0).Response(401).AckRefusal();

        s.Silence(until: 9).Totals.Disposed.ShouldBe(0);
        s.Silence(until: 11).Totals.Disposed.ShouldBe(1);
    }

    [Fact]
    public void Challenge_CaptureEndsBeforeRetry_IsTheFinalResponse()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(401, at: 1).AckRefusal().Finish();

        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Call.EndEvidence.ShouldBe(EndEvidence.FinalResponse);
    }

    [Fact]
    public void Challenge_RetriedAfterItWasGivenUp_IsANewAttempt()
    {
        Scenario s = new Scenario().Invite(at: 0).Response(401).AckRefusal().Silence(until: 185)
            .Invite(at: 190).Response(486, at: 191).AckRefusal().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals[Disposition.Failed].ShouldBe(1);
        s.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void Challenge_LateCopyAfterTheRetry_ChangesNothing()
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(401).AckRefusal().Invite(at: 1).Again(back: 2, at: 1.1).Again(back: 2, at: 1.2)
            .Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(1);
    }

    [Theory]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(416)]
    [InlineData(420)]
    [InlineData(422)]
    [InlineData(484)]
    [InlineData(491)]
    [InlineData(494)]
    public void Refusal_TheCallerMayMend_IsContinuedByAHigherCSeq(int status)
    {
        Scenario s = new Scenario()
            .Invite(at: 0).Response(status).AckRefusal().Invite(at: 1).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(1);
        s.Totals.Answered.ShouldBe(1);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(480)]
    [InlineData(486)]
    [InlineData(487)]
    [InlineData(488)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(603)]
    public void Refusal_Final_IsFollowedByANewAttempt(int status)
    {
        Scenario s = new Scenario()
            .Refused(status).Invite(at: 2).Response(200, at: 5).Ack().Bye(at: 15).Ok().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Totals.Answered.ShouldBe(1);
        s.Totals.Disposed.ShouldBe(2);
    }
}
