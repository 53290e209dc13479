using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Tests.Sip;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

public sealed class MessageMaskTests
{
    private const string Head = "INVITE sip:+33612345678@carrier.example SIP/2.0\r\n";
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Replace_FullInvite_LeavesNothingPrivateAndEverythingThatCounts()
    {
        const string invite =
            "INVITE sip:+33612345678@carrier.example:5060;transport=udp SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP 10.20.0.1:5060;rport;branch=z9hG4bKsecretbranch;received=10.20.0.9\r\n"
            + "Max-Forwards: 70\r\n"
            + "From: \"Camille Martin\" <sip:0199000001@pbx.acme.example>;tag=secrettag\r\n"
            + "To: \"06 12 34 56 78\" <tel:+33-6-12-34-56-78;phone-context=+33>\r\n"
            + "Call-ID: secretcall-0612345678@10.20.0.1\r\n"
            + "CSeq: 12570 INVITE\r\n"
            + "Contact: <sip:camille@10.20.0.1:5062;ob>;q=0.5\r\n"
            + "P-Asserted-Identity: <sip:+33199000001@pbx.acme.example>\r\n"
            + "Remote-Party-ID: <sip:0199000001@pbx.acme.example>;party=calling;privacy=full;screen=yes\r\n"
            + "Privacy: id;critical\r\n"
            + "Reason: SIP;cause=603;text=\"v=analytics1;tel=+33612345678\"\r\n"
            + "Session-Expires: 1800;refresher=uac\r\n"
            + "Authorization: Digest username=\"camille\",realm=\"acme.example\",nonce=\"secretnonce\",uri=\"sip:acme.example\"\r\n"
            + "User-Agent: Acme Dialer 7.1\r\n"
            + "X-Acme-Lead: Martin,0612345678\r\n"
            + "Content-Type: application/sdp\r\n"
            + "Content-Length: 97\r\n\r\n"
            + "v=0\r\no=camille 4711 1 IN IP4 10.20.0.1\r\ns=Acme Dialer\r\nc=IN IP4 10.20.0.1\r\nt=0 0\r\nm=audio 5004 RTP/AVP 8\r\n";

        string masked = Mask(invite);

        foreach (string secret in (string[])
            ["12345678", "12 34 56 78", "199000001", "5678", "camille", "martin", "acme", "carrier", "example", "secret", "10.20.0.", "dialer", "4711", "lead"])
        {
            masked.ShouldNotContain(secret, Case.Insensitive);
        }

        masked.Length.ShouldBe(invite.Length);
        foreach (string kept in (string[])
            [
                "INVITE sip:+3361234", ":5060;transport=udp SIP/2.0\r\n", "Via: SIP/2.0/UDP ", ";rport;branch=z9hG4bK", ";received=", "Max-Forwards: 70\r\n",
                "\" <sip:019900", ">;tag=", "CSeq: 12570 INVITE\r\n", ":5062;ob>;q=0.5\r\n", ";party=calling;privacy=full;screen=yes\r\n",
                "Privacy: id;critical\r\n", "Reason: SIP;cause=603;text=\"v=analytics1;", "Session-Expires: 1800;refresher=uac\r\n",
                "Content-Type: application/sdp\r\n", "Content-Length: 97\r\n\r\nv=0\r\no=", " IN IP4 ", "m=audio 5004 RTP/AVP 8\r\n",
            ])
        {
            masked.ShouldContain(kept, Case.Sensitive);
        }
    }

    [Fact]
    public void Replace_OneThingInSeveralPlaces_IsOneThingAfterwards()
    {
        string masked = Mask(
            Head + "From: <sip:0612345678@pbx.example>;tag=abcd\r\nTo: <sip:0033612345678@10.20.0.1>\r\n"
            + "Via: SIP/2.0/UDP 10.20.0.1\r\nCall-ID: abcd@pbx.example\r\nCSeq: 1 INVITE\r\n\r\n");

        ParsedMessage message = ParsedMessage.Of(SipSamples.Bytes(masked));
        string number = ParsedMessage.UserNumber(message.From).ShouldNotBeNull();
        ParsedMessage.UserNumber(message.To).ShouldBe("0033" + number[1..]);
        message.RequestUri.ShouldStartWith("sip:+33" + number[1..] + "@");
        message.CallId.ShouldStartWith(message.FromTag + "@");
        message.From.ShouldContain(message.CallId[4..]);
        string host = message.To[(message.To.IndexOf('@') + 1)..^1];
        masked.ShouldContain($"UDP {host}\r\n");
    }

    [Theory]
    [InlineData("anonymous@anonymous.invalid")]
    [InlineData("Anonymous@anonymous.invalid")]
    [InlineData("unknown@unknown.invalid")]
    public void Replace_CallerWhoHides_StaysHidden(string user) =>
        Mask(Head + $"From: \"Anonymous\" <sip:{user}>;tag=abcd\r\n\r\n").ShouldContain($"From: \"Anonymous\" <sip:{user}>;tag=");

    [Theory]
    [InlineData("+33 (0)6.12-34.56 78")]
    [InlineData("%2b33%20612345678")]
    [InlineData("%30612345678")]
    [InlineData("0612345678;phone-context=+33;npdi")]
    public void Replace_NumberInAnySpelling_KeepsItsSpellingAndBecomesTheSameNumber(string user)
    {
        string masked = Mask(Head + $"From: <sip:{user}@h>;tag=abcd\r\nTo: <sip:0612345678@h>\r\nCSeq: 1 INVITE\r\nCall-ID: 1\r\n\r\n");

        ParsedMessage message = ParsedMessage.Of(SipSamples.Bytes(masked));
        string from = ParsedMessage.UserNumber(message.From).ShouldNotBeNull();
        string to = ParsedMessage.UserNumber(message.To).ShouldNotBeNull();
        new string([.. from.Select(c => char.IsAsciiDigit(c) ? '0' : c)])
            .ShouldBe(new string([.. user.Split(";phone")[0].Select(c => char.IsAsciiDigit(c) ? '0' : c)]));
        NumberNormaliser numbers = new(new NumberSettings());
        numbers.TryCaller(SipSamples.Bytes(from), out E164Number caller).ShouldBeTrue();
        numbers.TryCaller(SipSamples.Bytes(to), out E164Number called).ShouldBeTrue();
        caller.ShouldBe(called);
        caller.ToString().ShouldNotBe("+33612345678");
    }

    [Fact]
    public void Replace_BodyThatIsNoSessionDescription_KeepsItsLengthOnly() =>
        Mask(Head + "Content-Type: text/plain\r\n\r\nCall 0612345678\r\nnow").ShouldEndWith("\r\n\r\nxxxxxxxxxxxxxxx\r\nxxx");

    [Fact]
    public void Replace_EveryTortureMessage_IsReadLikeTheOriginal()
    {
        foreach (string file in Directory.GetFiles(TestFiles.Torture, "*.sip"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            ParsedMessage before = ParsedMessage.Of(bytes);

            ParsedMessage after = ParsedMessage.Of(SipSamples.Bytes(Mask(SipSamples.Text(bytes))));

            after.Rejection.ShouldBe(before.Rejection, file);
            after.Method.ShouldBe(before.Method, file);
            after.StatusCode.ShouldBe(before.StatusCode, file);
            after.CSeq.ShouldBe(before.CSeq, file);
            after.ContentLength.ShouldBe(before.ContentLength, file);
            after.CallId.Length.ShouldBe(before.CallId.Length, file);
            after.FromTag.Length.ShouldBe(before.FromTag.Length, file);
            after.ToTag.Length.ShouldBe(before.ToTag.Length, file);
            after.ViaBranch.Length.ShouldBe(before.ViaBranch.Length, file);
        }
    }

    [Property(MaxTest = 1_000)]
    public void Replace_AnyMutation_KeepsTheLengthAndNeverThrows(byte sample, (ushort Place, byte Value)[] changes)
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.All[sample % SipSamples.All.Length]);
        foreach ((ushort place, byte value) in changes)
        {
            bytes[place % bytes.Length] = value;
        }

        string masked = Mask(SipSamples.Text(bytes));

        masked.Length.ShouldBe(bytes.Length);
        ParsedMessage.Of(SipSamples.Bytes(masked)).Rejection.ShouldBe(ParsedMessage.Of(bytes).Rejection);
    }

    [Fact]
    public void Replace_WithTheSameKey_IsTheSameEveryTime()
    {
        Mask(SipSamples.Invite).ShouldBe(Mask(SipSamples.Invite));
        MessageMask other = new([.. Key.Reverse()]);
        byte[] bytes = SipSamples.Bytes(SipSamples.Invite);
        other.Learn(bytes);
        other.Replace(bytes);
        SipSamples.Text(bytes).ShouldNotBe(Mask(SipSamples.Invite));
    }

    private static string Mask(string message)
    {
        MessageMask mask = new(Key);
        byte[] bytes = SipSamples.Bytes(message);
        mask.Learn(bytes);
        mask.Replace(bytes);
        return SipSamples.Text(bytes);
    }
}
