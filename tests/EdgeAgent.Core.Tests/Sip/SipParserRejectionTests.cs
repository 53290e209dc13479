using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

public class SipParserRejectionTests
{
    [Theory]
    [InlineData("Call-ID: 0741c7a8-7ce4@pbx.test\r\n", "", SipRejection.NoCallId)]
    [InlineData("CSeq: 12570 INVITE\r\n", "", SipRejection.BadCSeq)]
    [InlineData("CSeq: 12570 INVITE", "CSeq: 2147483648 INVITE", SipRejection.BadCSeq)]
    [InlineData("CSeq: 12570 INVITE", "CSeq: 12570", SipRejection.BadCSeq)]
    [InlineData("CSeq: 12570 INVITE", "CSeq: INVITE", SipRejection.BadCSeq)]
    [InlineData("CSeq: 12570 INVITE", "CSeq: 12570 IN VITE", SipRejection.BadCSeq)]
    [InlineData("CSeq: 12570 INVITE", "CSeq: 12570 BYE", SipRejection.CSeqMethodMismatch)]
    [InlineData("From: \"Service client\" <", "From: \"Service client <", SipRejection.NoFrom)]
    [InlineData("To: <sip:+33199000001@carrier.test>", "To: nobody", SipRejection.NoTo)]
    [InlineData("To: <sip:+33199000001@carrier.test>", "To: <>;tag=1", SipRejection.NoTo)]
    [InlineData("User-Agent: sample", "User-Agent sample", SipRejection.MalformedHeader)]
    [InlineData("User-Agent: sample", ":sample", SipRejection.MalformedHeader)]
    [InlineData("User-Agent: sample", "BYE sip:a@h SIP/2.0", SipRejection.MalformedHeader)]
    [InlineData("INVITE sip", "INVITE@ sip", SipRejection.NotSip)]
    [InlineData(" SIP/2.0", " SIP/3.0", SipRejection.NotSip)]
    public void TryParse_DamagedInvite_IsRejectedByName(string original, string damaged, SipRejection expected)
    {
        string text = SipSamples.Invite.Replace(original, damaged, StringComparison.Ordinal);

        text.ShouldNotBe(SipSamples.Invite);
        ParsedMessage.Of(SipSamples.Bytes(text)).Rejection.ShouldBe(expected);
    }

    [Theory]
    [InlineData("SIP/2.0 99 Low")]
    [InlineData("SIP/2.0 700 High")]
    [InlineData("SIP/2.0 2000 Long")]
    [InlineData("SIP/2.0 20x Letter")]
    [InlineData("SIP/2.0200 Glued")]
    public void TryParse_StatusCodeOutsideTheClasses_IsNotSip(string statusLine)
    {
        string text = SipSamples.Busy.Replace("SIP/2.0 486 Busy Here", statusLine, StringComparison.Ordinal);

        ParsedMessage.Of(SipSamples.Bytes(text)).Rejection.ShouldBe(SipRejection.NotSip);
    }

    [Fact]
    public void TryParse_OneHeaderLineTooMany_IsRejected()
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.Bye);

        ParsedMessage.Of(bytes, new SipLimits(MaxHeaderLines: 6)).Rejection.ShouldBe(SipRejection.None);
        ParsedMessage.Of(bytes, new SipLimits(MaxHeaderLines: 5)).Rejection.ShouldBe(SipRejection.TooManyHeaders);
    }

    [Fact]
    public void TryParse_HeadPastItsLimit_IsRejected()
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.Bye);

        ParsedMessage.Of(bytes, new SipLimits(bytes.Length)).Rejection.ShouldBe(SipRejection.None);
        ParsedMessage.Of(bytes, new SipLimits(bytes.Length - 1)).Rejection.ShouldBe(SipRejection.HeadTooLarge);
        ParsedMessage.Of(bytes, new SipLimits(10)).Rejection.ShouldBe(SipRejection.HeadTooLarge);
    }

    [Fact]
    public void TryParse_BodyPastTheHeadLimit_DoesNotMatter()
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.Bye + new string('x', 1_000));

        ParsedMessage.Of(bytes, new SipLimits(SipSamples.Bye.Length)).Rejection.ShouldBe(SipRejection.None);
    }
}
