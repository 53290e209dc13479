using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

public class SipParserTests
{
    [Fact]
    public void TryParse_Invite_GivesEveryField()
    {
        SipRejection rejection = SipParser.TryParse(
            SipSamples.Bytes(SipSamples.Invite), SipLimits.Default, out SipMessage message);

        rejection.ShouldBe(SipRejection.None);
        message.IsRequest.ShouldBeTrue();
        message.Method.ShouldBe(SipMethod.Invite);
        SipSamples.Text(message.RequestUri).ShouldBe("sip:+33199000001@carrier.test:5060");
        SipSamples.Text(message.CallId).ShouldBe("0741c7a8-7ce4@pbx.test");
        message.CSeq.ShouldBe(12570u);
        SipSamples.Text(message.From).ShouldBe("\"Service client\" <sip:+33199000002@pbx.test>;tag=6ec9d286");
        SipSamples.Text(message.FromTag).ShouldBe("6ec9d286");
        SipSamples.Text(message.To).ShouldBe("<sip:+33199000001@carrier.test>");
        message.ToTag.IsEmpty.ShouldBeTrue();
        SipSamples.Text(message.ViaBranch).ShouldBe("z9hG4bK-1a2b");
        SipSamples.Text(message.PAssertedIdentity).ShouldBe("<sip:+33199000002@pbx.test>");
        SipSamples.Text(message.PAssertedIdentity2).ShouldBe("<tel:+33199000002>");
        SipSamples.Text(message.PPreferredIdentity).ShouldBe("<sip:+33199000003@pbx.test>");
        SipSamples.Text(message.RemotePartyId)
            .ShouldBe("<sip:+33199000002@pbx.test>;party=calling;screen=yes;privacy=off");
        SipSamples.Text(message.Privacy).ShouldBe("id");
        SipSamples.Text(message.Diversion).ShouldBe("<sip:+33199000004@pbx.test>;reason=unconditional");
        SipSamples.Text(message.SessionExpires).ShouldBe("1800;refresher=uac");
        SipSamples.Text(message.Identity)
            .ShouldBe("eyJhbGciOiJFUzI1NiJ9..c2ln;info=<https://cert.test/a.pem>;alg=ES256");
        message.ContentLength.ShouldBe(5);
    }

    [Fact]
    public void TryParse_Response_TakesTheMethodFromCSeq()
    {
        ParsedMessage message = ParsedMessage.Of(SipSamples.Bytes(SipSamples.Busy));

        message.IsRequest.ShouldBeFalse();
        message.StatusCode.ShouldBe(486);
        message.ReasonPhrase.ShouldBe("Busy Here");
        message.Method.ShouldBe(SipMethod.Invite);
        message.RequestUri.ShouldBe("");
        message.ToTag.ShouldBe("77");
        message.Identities.ShouldContain("Q.850;cause=17");
    }

    [Theory]
    [InlineData("ACK", SipMethod.Ack)]
    [InlineData("BYE", SipMethod.Bye)]
    [InlineData("CANCEL", SipMethod.Cancel)]
    [InlineData("REGISTER", SipMethod.Register)]
    [InlineData("OPTIONS", SipMethod.Options)]
    [InlineData("UPDATE", SipMethod.Update)]
    [InlineData("PRACK", SipMethod.Prack)]
    [InlineData("INFO", SipMethod.Info)]
    [InlineData("REFER", SipMethod.Refer)]
    [InlineData("NOTIFY", SipMethod.Notify)]
    [InlineData("SUBSCRIBE", SipMethod.Subscribe)]
    [InlineData("MESSAGE", SipMethod.Message)]
    [InlineData("PUBLISH", SipMethod.Publish)]
    [InlineData("INVITES", SipMethod.Other)]
    [InlineData("invite", SipMethod.Other)]
    public void TryParse_Method_IsComparedWithRegardToCase(string method, SipMethod expected)
    {
        string text = SipSamples.Invite.Replace("INVITE", method, StringComparison.Ordinal);

        ParsedMessage.Of(SipSamples.Bytes(text)).Method.ShouldBe(expected);
    }

    [Theory]
    [InlineData("f: <sip:x@h>;tag=1", "1")]
    [InlineData("From:<sip:x@h>;tag=1", "1")]
    [InlineData("From : <sip:x@h> ; tag = 1 ", "1")]
    [InlineData("FROM: <sip:x@h>\r\n ;TAG=1", "1")]
    [InlineData("From: sip:x@h;tag=1", "1")]
    [InlineData("From: sip:x@h;tag=1;tag=2", "1")]
    [InlineData("From: <sip:x@h;tag=uri>", "")]
    [InlineData("From: <sip:x@h>;tag=", "")]
    [InlineData("From: <sip:x@h>;tag", "")]
    [InlineData("From: <sip:x@h>;tagged=1", "")]
    [InlineData("From: <sip:x@h>;a=\";tag=no\";tag=1;b", "1")]
    [InlineData("From: \"a\\\";tag=no<\" <sip:x@h>;tag=1", "1")]
    [InlineData("From: <sip:x@h", "")]
    public void TryParse_FromForms_GivesTheTag(string line, string expected)
    {
        ParsedMessage.Of(SipSamples.InviteWith(line)).FromTag.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Via: SIP/2.0/UDP h:5060;branch=b1", "b1")]
    [InlineData("v: SIP/2.0/UDP h;rport;BRANCH = b1 ;x", "b1")]
    [InlineData("Via: SIP/2.0/UDP h;branch=b1,SIP/2.0/UDP i;branch=b2", "b1")]
    [InlineData("Via: SIP/2.0/UDP h, SIP/2.0/UDP i;branch=b2", "")]
    [InlineData("Via: SIP/2.0/UDP h;x=\"a,b;branch=no\";branch=b1", "b1")]
    [InlineData("Via: SIP/2.0/UDP h;received=2001:db8::9:255;branch=b1", "b1")]
    [InlineData("Via: SIP/2.0/UDP h;branch=", "")]
    [InlineData("Via: SIP/2.0/UDP", "")]
    public void TryParse_ViaForms_GivesTheBranchOfTheTopmost(string line, string expected)
    {
        ParsedMessage.Of(SipSamples.InviteWith(line)).ViaBranch.ShouldBe(expected);
    }

    [Theory]
    [InlineData("l: 12", 12)]
    [InlineData("Content-Length: 007", 7)]
    [InlineData("Content-Length: -1", -1)]
    [InlineData("Content-Length: 99999999999", -1)]
    public void TryParse_ContentLengthOfADatagram_NeverRefusesIt(string line, int expected)
    {
        ParsedMessage.Of(SipSamples.InviteWith(line)).ContentLength.ShouldBe(expected);
    }

    [Fact]
    public void TryParse_BytesAfterTheHead_AreNotLookedAt()
    {
        byte[] message = SipSamples.Bytes(SipSamples.Busy);

        ParsedMessage.Of([.. message, 0, 0xff, (byte)'\n', (byte)':']).ShouldBe(ParsedMessage.Of(message));
    }

    [Fact]
    public void TryParse_CutAfterTheLastMandatoryLine_StillCounts()
    {
        string cut = SipSamples.Invite[..(SipSamples.Invite.IndexOf("Privacy", StringComparison.Ordinal) + 10)];

        ParsedMessage message = ParsedMessage.Of(SipSamples.Bytes(cut));

        message.Rejection.ShouldBe(SipRejection.None);
        message.Identities.ShouldNotContain("|i");
    }

    [Fact]
    public void TryParse_EveryCut_NeverGivesHalfAValue()
    {
        ParsedMessage whole = ParsedMessage.Of(SipSamples.Bytes(SipSamples.Busy));
        for (int length = 1; length < SipSamples.Busy.Length; length++)
        {
            ParsedMessage cut = ParsedMessage.Of(SipSamples.Bytes(SipSamples.Busy[..length]));
            bool isWhole = cut with { Identities = "", ContentLength = 0 } == whole with { Identities = "", ContentLength = 0 };
            (isWhole || cut.Rejection == SipRejection.Truncated).ShouldBeTrue($"{length} bytes: {cut}");
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\r\n\r\n", true)]
    [InlineData("\0\0\0\0", true)]
    [InlineData("hello", true)]
    [InlineData("hello there", false)]
    [InlineData("\r\n\r\nBYE", false)]
    [InlineData("INVITE", false)]
    public void IsKeepAlive_Datagram_IsToldFromSip(string bytes, bool expected)
    {
        SipParser.IsKeepAlive(SipSamples.Bytes(bytes)).ShouldBe(expected);
    }

    [Fact]
    public void TryParse_WarmedUp_AllocatesNothing()
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.Invite);
        int checksum = 0;
        for (int i = 0; i < 100; i++)
        {
            checksum += ReadAll(bytes);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int last = ReadAll(bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        checksum.ShouldBe(100 * last);
        allocated.ShouldBe(0);
    }

    /// <summary>The parser and every typed value behind it.</summary>
    private static int ReadAll(byte[] bytes)
    {
        SipParser.TryParse(bytes, SipLimits.Default, out SipMessage message);
        int sum = message.FromTag.Length + message.ViaBranch.Length;
        foreach (NameAddr address in new IdentityHeader(message.PAssertedIdentity))
        {
            sum += SipUri.TryParse(address.Uri, out SipUri uri) ? uri.UserNumber.Length : 0;
        }

        sum += RemotePartyIdHeader.TryParse(message.RemotePartyId, out RemotePartyIdHeader party) && party.IsScreened ? 1 : 0;
        sum += PrivacyHeader.TryParse(message.Privacy, out PrivacyHeader privacy) && privacy.IsWithheld ? 1 : 0;
        sum += SessionExpiresHeader.TryParse(message.SessionExpires, out SessionExpiresHeader expires)
            ? (int)expires.Interval.TotalSeconds
            : 0;
        Span<byte> decoded = stackalloc byte[64];
        sum += PercentEncoding.TryDecode("%2B33"u8, decoded, out int written) ? written : 0;
        return sum + (ReasonHeader.HasNetworkBlock(message.Reason) ? 1 : 0);
    }
}
