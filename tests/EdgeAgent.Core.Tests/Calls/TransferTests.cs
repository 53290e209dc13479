using EdgeAgent.Core.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Blind and attended transfers (RFC 3515, RFC 3891, RFC 3892): the leg that comes of one is an attempt of its own, linked.</summary>
public sealed class TransferTests
{
    private const string First = "first@pbx.test";
    private const string Target = "+33699887766";

    [Theory]
    [InlineData("<sip:+33699887766@carrier.test>")]
    [InlineData("<sip:0699887766@pbx.test;user=phone>")]
    [InlineData("tel:+33-6-99-88-77-66")]
    public void Blind_TheCarrierAsks_LinksTheNewAttempt(string referTo)
    {
        Scenario s = Up().Request("REFER", at: 20, by: Side.Callee, headers: $"Refer-To: {referTo}\r\n").Reply(202);
        Blind(s, at: 21);

        CallRecord leg = s.Calls.Single(call => call.CallId == "leg");
        (leg.TransferredFrom, leg.Transfer).ShouldBe((First, TransferEvidence.Refer));
        (s.Totals.Attempts, s.Totals.Answered, s.Totals.HumanCalls).ShouldBe((2, 2, 2));
    }

    [Fact]
    public void Blind_APhoneAsksInsideItsOwnLeg_LinksTheAttemptOnTheTrunk()
    {
        Scenario s = new Scenario().NewCall(callId: First, from: "<sip:21@pbx.test>").Between(Hosts.Phone, Hosts.Pbx)
            .Invite(at: 0).Response(200, at: 5).Ack().Request("REFER", at: 20, headers: "r: <sip:0699887766@pbx.test>\r\n").Reply(202);
        s.Between(Hosts.Pbx, Hosts.Carrier);
        Blind(s, at: 21);

        s.Calls.Single(call => call.CallId == "leg").TransferredFrom.ShouldBe(First);
        s.Totals.Attempts.ShouldBe(1);
    }

    [Theory]
    [InlineData("+33699887767", 21, true)] // another person than the one named
    [InlineData(Target, 53, true)] // too late
    [InlineData(Target, 21, false)] // refused
    public void Blind_AnotherCall_IsNotLinked(string called, double at, bool isAccepted)
    {
        Scenario s = Up().Request("REFER", at: 20, by: Side.Callee, headers: "Refer-To: <sip:+33699887766@x>\r\n")
            .Reply(isAccepted ? 202 : 603);
        Blind(s, at, called);

        s.Calls.Single(call => call.CallId == "leg").Transfer.ShouldBe(TransferEvidence.None);
        s.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void Blind_ByAnotherHost_IsNotLinked()
    {
        Scenario s = Up().Request("REFER", at: 20, headers: "Refer-To: <sip:+33699887766@x>\r\n").Reply(202);
        Blind(s, at: 21); // the carrier was asked; here the PBX calls

        s.Calls.Single(call => call.CallId == "leg").Transfer.ShouldBe(TransferEvidence.None);
    }

    [Fact]
    public void Attended_TheLegThatTakesOver_IsAnAttemptButNoFurtherHumanCall()
    {
        Scenario s = Consulted()
            .NewCall(callId: First, tag: "a").Request(
                "REFER", at: 40, by: Side.Callee, headers: $"Refer-To: <sip:{Target}@carrier.test?Replaces=consult%40pbx.test%3Bto-tag%3Db%3Bfrom-tag%3Dc>\r\n")
            .Reply(202);
        TakeOver(s);

        CallRecord leg = s.Calls.Single(call => call.CallId == "leg");
        (leg.TransferredFrom, leg.Transfer).ShouldBe((First, TransferEvidence.Refer));
        (s.Totals.Attempts, s.Totals.Answered, s.Totals.HumanCalls).ShouldBe((3, 3, 2));
    }

    [Fact]
    public void Attended_NoReferSeen_LinksToTheCallTakenOver()
    {
        Scenario s = Consulted();
        TakeOver(s);

        CallRecord leg = s.Calls.Single(call => call.CallId == "leg");
        (leg.TransferredFrom, leg.Transfer).ShouldBe(("consult@pbx.test", TransferEvidence.Replaces));
        s.Totals.HumanCalls.ShouldBe(2);
    }

    [Theory]
    [InlineData("unknown@pbx.test", Target)] // no such call
    [InlineData("consult@pbx.test", "+33611111111")] // another person's phone rings
    public void Replaces_OfWhatIsNotUpWithThatPerson_HidesNoHumanCall(string replaced, string called)
    {
        Scenario s = Consulted();
        s.NewCall(callId: "leg", tag: "t", to: $"<sip:{called}@carrier.test>")
            .Invite(at: 41, headers: $"Replaces: {replaced};to-tag=b;from-tag=c\r\n").Response(200).Ack().Finish();

        s.Totals.HumanCalls.ShouldBe(3);
        s.Calls.Single(call => call.CallId == "leg").TransferredFrom.ShouldBe(replaced);
    }

    [Fact]
    public void ReferredBy_Alone_SaysOnlyThatItWasTransferred()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: "b: <sip:21@pbx.test>\r\n").Response(200, at: 1).Ack().Finish();

        (s.Call.TransferredFrom, s.Call.Transfer).ShouldBe((null, TransferEvidence.ReferredBy));
    }

    [Fact]
    public void Transfer_ContinuedAfterAChallenge_StaysOneAttempt()
    {
        Scenario s = Up().Request("REFER", at: 20, by: Side.Callee, headers: "Refer-To: <sip:+33699887766@x>\r\n").Reply(202)
            .NewCall(callId: "leg", tag: "t", to: $"<sip:{Target}@carrier.test>")
            .Invite(at: 21).Response(407).AckRefusal().Invite(at: 21.2).Response(200, at: 22).Ack().Finish();

        s.Totals.Attempts.ShouldBe(2);
        s.Calls.Single(call => call.CallId == "leg").TransferredFrom.ShouldBe(First);
    }

    [Fact]
    public void Transfer_MoreThanAreRemembered_ForgetsTheOldestOnly()
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxTransfers = 2 } });
        s.NewCall(callId: First).Invite(at: 0).Response(200, at: 5).Ack();
        foreach (string target in (string[])["+33699887766", "+33699887767", "+33699887768"])
        {
            s.Request("REFER", at: 20, by: Side.Callee, headers: $"Refer-To: <sip:{target}@x>\r\n").Again();
        }

        s.NewCall(callId: "forgotten", tag: "t1", to: "<sip:+33699887766@x>").Invite(at: 21).Response(486)
            .NewCall(callId: "kept", tag: "t2", to: "<sip:+33699887768@x>").Invite(at: 22).Response(486).Finish();

        s.Calls.Single(call => call.CallId == "forgotten").Transfer.ShouldBe(TransferEvidence.None);
        s.Calls.Single(call => call.CallId == "kept").Transfer.ShouldBe(TransferEvidence.Refer);
        s.Run.Engine.Counters.Quality.Forgotten.ShouldBe(1);
        s.Run.Sealed.Sum(minute => minute.Quality.Forgotten).ShouldBe(1);
    }

    [Fact]
    public void Transfer_LongAfterTheOthers_ForgetsNoneBeforeItsTime()
    {
        Scenario s = new(EngineRun.Settings() with { Calls = new CallLimits { MaxTransfers = 2 } });
        s.NewCall(callId: First).Invite(at: 0).Response(200, at: 5).Ack();
        for (int i = 0; i < 5; i++)
        {
            s.Request("REFER", at: 20 + (20 * i), by: Side.Callee, headers: $"Refer-To: <sip:+3369988776{i}@x>\r\n");
        }

        s.Finish().Run.Engine.Counters.Quality.Forgotten.ShouldBe(0);
    }

    /// <summary>The call inside which a transfer is asked for.</summary>
    private static Scenario Up() => new Scenario().NewCall(callId: First).Invite(at: 0).Response(200, at: 5).Ack();

    private static Scenario Consulted() => Up()
        .NewCall(callId: "consult@pbx.test", tag: "c", to: $"<sip:{Target}@carrier.test>").Invite(at: 30).Response(200, at: 33).Ack();

    private static void Blind(Scenario s, double at, string called = Target) => s
        .NewCall(callId: "leg", tag: "t", from: "<sip:+33162123456@pbx.test>", to: $"<sip:{called}@carrier.test>")
        .Invite(at).Response(200, at + 1).Ack().Finish();

    private static void TakeOver(Scenario s) => s
        .NewCall(callId: "leg", tag: "t", to: $"<sip:{Target}@carrier.test>")
        .Invite(at: 41, headers: "Replaces: consult@pbx.test;to-tag=b;from-tag=c\r\nReferred-By: <sip:21@pbx.test>\r\n")
        .Response(200).Ack().Finish();
}
