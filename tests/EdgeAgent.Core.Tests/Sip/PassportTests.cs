using System.Buffers.Text;
using System.Text;
using EdgeAgent.Core.Sip;
using EdgeAgent.Core.Tests.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

public sealed class PassportTests
{
    [Theory]
    [InlineData("{\"attest\":\"A\",\"dest\":{\"tn\":[\"33612345678\"]},\"orig\":{\"tn\":\"33162123456\"}}", 'A')]
    [InlineData("{\"dest\":{\"attest\":\"A\"},\"attest\":\"B\"}", 'B')]
    [InlineData("{ \"iat\" : 1471375418 , \"attest\" : \"C\" }", 'C')]
    [InlineData("{\"attest\":\"D\"}", '\0')]
    [InlineData("{\"attest\":\"AA\"}", '\0')]
    [InlineData("{\"attest\":1}", '\0')]
    [InlineData("{\"attest\":", '\0')]
    [InlineData("no JSON", '\0')]
    [InlineData("", '\0')]
    public void Attestation_OfAPayload_IsItsLevel(string payload, char expected) =>
        Read(Header(payload)).Attestation.ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("no dots at all")]
    [InlineData("..c2lnbmF0dXJl;info=<https://cert.example>;ppt=shaken")] // compact form
    [InlineData("e30.!!!!.e30;info=<https://cert.example>")]
    public void Attestation_OfWhatIsNoPassport_IsNone(string header) =>
        Read(Encoding.ASCII.GetBytes(header)).Attestation.ShouldBe('\0');

    [Fact]
    public void Read_AnEndlessPayload_IsMalformed() =>
        Read(Header($"{{\"attest\":\"A\",\"x\":\"{new string('x', 5_000)}\"}}")).ShouldBe(new Passport('\0', 0, true) { Kind = PassportKind.Shaken });

    [Theory]
    [InlineData("no dots at all", true)]
    [InlineData("e30.e30", true)]
    [InlineData("e30..e30", true)]
    [InlineData("e30.!!!!.e30;info=<https://cert.example>", true)]
    [InlineData("", false)]
    [InlineData("..c2lnbmF0dXJl;info=<https://cert.example>;ppt=shaken", false)]
    public void Read_AHeader_SaysWhetherItIsMalformed(string header, bool expected) =>
        Read(Encoding.ASCII.GetBytes(header)).IsMalformed.ShouldBe(expected);

    [Theory]
    [InlineData("{\"attest\":\"A\",", true)]
    [InlineData("[]", true)]
    [InlineData("{\"attest\":\"A\"} {}", true)]
    [InlineData("{}", false)]
    [InlineData("{\"orig\":\"33162123456\"}", false)]
    [InlineData("{\"attest\":\"D\"}", false)]
    public void Read_APayload_SaysWhetherItIsMalformed(string payload, bool expected) =>
        Read(Header(payload)).IsMalformed.ShouldBe(expected);

    [Theory]
    [InlineData("{\"attest\":\"A\",\"dest\":{\"tn\":[\"33612345678\"]},\"orig\":{\"tn\":\"33162123456\"}}", "33162123456")]
    [InlineData("{\"orig\":{\"uri\":\"sip:+33162123456@pbx.test\"}}", "sip:+33162123456@pbx.test")]
    [InlineData("{\"dest\":{\"tn\":\"33612345678\"}}", "")]
    [InlineData("{\"orig\":{\"x\":1},\"dest\":{\"tn\":\"33612345678\"}}", "")]
    [InlineData("{\"orig\":{\"tn\":33162123456}}", "")]
    public void Read_APayload_GivesItsOrigin(string payload, string expected)
    {
        byte[] origin = new byte[64];

        Passport passport = Passport.Read(Header(payload), origin);

        Encoding.ASCII.GetString(origin, 0, passport.OriginBytes).ShouldBe(expected);
    }

    [Fact]
    public void Read_AnOriginLongerThanItsBuffer_IsNone() =>
        Read(Header($"{{\"orig\":{{\"tn\":\"{new string('1', 65)}\"}}}}")).OriginBytes.ShouldBe(0);

    [Property]
    public void Read_AnyBytes_NeverThrows(byte[] bytes) => Should.NotThrow(() => Read(bytes));

    [Property]
    public void Read_AnyPayload_NeverThrows(string? payload) => Should.NotThrow(() => Read(Header(payload ?? "")));

    [Theory]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"tn\":\"33162123456\"}}", 0)]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"tn\":\"+33162123456\"}}", 0)]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"tn\":\"0162123456\"}}", 0)]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"uri\":\"tel:+33162123456\"}}", 0)]
    [InlineData("{\"attest\":\"A\"}", 0)]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"tn\":\"33162123457\"}}", 1)]
    [InlineData("{\"attest\":\"A\",\"orig\":{\"uri\":\"sip:+33162123457@x\"}}", 1)]
    public void Invite_WithAnotherOrigin_CountsTheMismatch(string payload, long expected)
    {
        Scenario s = new Scenario().Invite(at: 0, headers: IdentityOf(payload)).Response(407).AckRefusal()
            .Invite(at: 1, headers: IdentityOf(payload)).Response(200, at: 5).Ack();

        s.Totals.AttestationA.ShouldBe(1);
        s.Totals.AttestationOriginMismatch.ShouldBe(expected);
        s.Totals.AttestationMalformed.ShouldBe(0);
    }

    [Fact]
    public void Invite_WithAnOriginButNoCallerId_IsNoMismatch()
    {
        Scenario s = new Scenario().NewCall(from: "<sip:anonymous@anonymous.invalid>")
            .Invite(at: 0, headers: IdentityOf("{\"orig\":{\"tn\":\"33162123457\"}}"));

        s.Totals.AttestationOriginMismatch.ShouldBe(0);
    }

    [Fact]
    public void Invite_WithAPassportThatCannotBeRead_CountsIt()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: IdentityOf("{\"attest\":\"A\","));

        (s.Totals.AttestationMalformed, s.Totals.AttestationA).ShouldBe((1, 0));
    }

    [Fact]
    public void Invite_WithIdentity_CountsItsLevel()
    {
        Scenario s = new Scenario().Invite(at: 0, headers: IdentityOf("{\"attest\":\"B\"}")).Response(200, at: 5).Ack();

        (s.Totals.AttestationA, s.Totals.AttestationB, s.Totals.AttestationC).ShouldBe((0, 1, 0));
    }

    private static Passport Read(byte[] header) => Passport.Read(header, new byte[64]);

    private static string IdentityOf(string payload) => $"Identity: {Encoding.ASCII.GetString(Header(payload))}\r\n";

    private static byte[] Header(string payload) => Encoding.ASCII.GetBytes(
        $"eyJhbGciOiJFUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln;info=<https://cert.example/a.pem>;alg=ES256;ppt=shaken");
}
