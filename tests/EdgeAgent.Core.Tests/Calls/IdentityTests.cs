using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class IdentityTests
{
    private const string Asserted = "+33199000001";

    [Theory]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>")]
    [InlineData("<sip:anonymous@pbx.test>")]
    public void Anonymous_WithAssertedNumber_CountsUnderItAsWithheld(string from)
    {
        Scenario s = new Scenario().NewCall(from: from)
            .Invite(at: 0, headers: $"P-Asserted-Identity: <sip:{Asserted}@pbx.test>\r\nPrivacy: id\r\n").Response(486).AckRefusal();

        Only(s).ShouldBe(Asserted);
        s.Totals.Withheld.ShouldBe(1);
        s.Totals.IdentityConflict.ShouldBe(0);
    }

    [Theory]
    [InlineData("<sip:anonymous@anonymous.invalid>", "anonymous")]
    [InlineData("<sip:Anonymous@pbx.test>", "anonymous")]
    [InlineData("<sip:restricted@pbx.test>", "anonymous")]
    [InlineData("<sip:unknown@pbx.test>", "unknown")]
    [InlineData("<sip:Unavailable@pbx.test>", "unknown")]
    [InlineData("<sip:pbx.test>", "none")]
    [InlineData("<sip:account-7@pbx.test>", "account-7")]
    [InlineData("<sip:15@pbx.test>", "15")]
    public void Caller_WhoIsNoNumber_HasABucketOfItsOwn(string from, string bucket)
    {
        Scenario s = new Scenario().NewCall(from: from).Answered();

        Only(s).ShouldBe(bucket);
        s.Totals.Attempts.ShouldBe(1);
        s.Totals.AnsweredEnded.ShouldBe(1);
        s.Totals.Withheld.ShouldBe(0);
    }

    [Theory]
    [InlineData("<sip:0162123456@pbx.test>")]
    [InlineData("<sip:33162123456@pbx.test>")]
    [InlineData("<sip:0033162123456@pbx.test>")]
    [InlineData("<sip:+33162123456@pbx.test;user=phone>")]
    [InlineData("<tel:+33-1-62-12-34-56>")]
    [InlineData("\"0987654321\" <sip:+33162123456@pbx.test:5080>")]
    [InlineData("sip:+33162123456@pbx.test")]
    public void Number_HoweverWritten_IsOneKey(string from)
    {
        Scenario s = new Scenario().Refused(486).NewCall(callId: "call-2", tag: "a2", from: from).Refused(486, at: 2);

        Only(s).ShouldBe("+33162123456");
        s.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void Headers_CompactFoldedAndJoined_AreReadAlike()
    {
        string invite = "INVITE sip:0612345678@h SIP/2.0\r\nv: SIP/2.0/UDP h\r\n ;branch=z9hG4bK1, SIP/2.0/UDP i;branch=z9hG4bK0\r\n"
            + "f: \"A, B\"\r\n\t<sip:account@h>\r\n ;tag=a\r\nt: <tel:0612345678>\r\ni: compact\r\nCSeq: 7\r\n INVITE\r\n"
            + $"P-Asserted-Identity: \"x\" <sip:account@h>, <tel:{Asserted}>\r\nl: 0\r\n\r\n";
        string busy = "SIP/2.0 486 Busy\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: <sip:account@h>;tag=a\r\nt: <tel:0612345678>;tag=b\r\n"
            + "i: compact\r\nCSeq: 7 INVITE\r\nl: 0\r\n\r\n";

        Scenario s = new Scenario().Datagram(invite, at: 0).Between(Hosts.Carrier, Hosts.Pbx).Datagram(busy, at: 1).Finish();

        Only(s).ShouldBe(Asserted);
        s.Totals[Disposition.Busy].ShouldBe(1);
    }

    [Fact]
    public void AssertedIdentity_OnlyInResponses_IsNotTheCaller()
    {
        string headers = $"P-Asserted-Identity: <sip:{Asserted}@carrier.test>\r\n";
        Scenario s = new Scenario()
            .Invite(at: 0).Response(180, at: 1, headers: headers).Response(200, at: 5, headers: headers).Ack().Bye(at: 15).Ok();

        Only(s).ShouldBe("+33162123456");
        s.Totals.IdentityConflict.ShouldBe(0);
    }

    [Fact]
    public void Headers_WithDifferentNumbers_CountUnderTheFirstAndAsConflict()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: $"P-Asserted-Identity: <sip:{Asserted}@pbx.test>\r\n");

        Only(s).ShouldBe(Asserted);
        s.Totals.IdentityConflict.ShouldBe(1);
        s.Totals.Withheld.ShouldBe(0);
    }

    [Fact]
    public void Trunk_WithAnOrderOfItsOwn_IsReadInThatOrder()
    {
        // On some trunks P-Asserted-Identity is the account's number.
        TrunkTable trunks = new([new Trunk("carrier", [Hosts.Range("192.0.2.10/32")], [IdentitySource.From])]);
        Scenario s = new Scenario(EngineRun.Settings(trunks)).Invite(at: 0, headers: $"P-Asserted-Identity: <sip:{Asserted}@pbx.test>\r\n");

        Only(s).ShouldBe("+33162123456");
        s.Totals.IdentityConflict.ShouldBe(0);
    }

    [Fact]
    public void Inbound_CallBack_CountsUnderTheCalledNumber()
    {
        Scenario s = new Scenario().Between(Hosts.Carrier, Hosts.Pbx)
            .NewCall(from: "<sip:+33612345678@carrier.test>", to: "<sip:0162123456@pbx.test>").Answered(talk: 20).Finish();

        Only(s).ShouldBe("+33162123456");
        s.Totals.InboundAttempts.ShouldBe(1);
        s.Totals.InboundAnswered.ShouldBe(1);
        s.Totals.InboundAnsweredEnded.ShouldBe(1);
        s.Totals.InboundTalk.ShouldBe(TimeSpan.FromSeconds(20));
        s.Totals.Attempts.ShouldBe(0);
        s.Totals.Answered.ShouldBe(0);
        s.Totals.Disposed.ShouldBe(0);
        s.Totals.Talk.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Numbers_PastTheLimit_ShareOneRow()
    {
        EngineSettings settings = EngineRun.Settings() with { MaxNumbers = 2 };
        Scenario s = new(settings);
        for (int i = 0; i < 5; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"a{i}", from: $"<sip:+3316212345{i}@pbx.test>").Refused(486, at: i);
        }

        s.Run.Numbers.Keys.Select(key => key.ToString()).ShouldBe(["+33162123450", "+33162123451", "other"], ignoreOrder: true);
        s.Run.Numbers[NumberKey.Other].Attempts.ShouldBe(3);
        s.Totals.Attempts.ShouldBe(5);
    }

    private static string Only(Scenario s) => s.Run.Numbers.Keys.ShouldHaveSingleItem().ToString();
}
