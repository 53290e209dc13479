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
        Passport.Attestation(Header(payload)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("no dots at all")]
    [InlineData("..c2lnbmF0dXJl;info=<https://cert.example>;ppt=shaken")] // compact form
    [InlineData("e30.!!!!.e30;info=<https://cert.example>")]
    public void Attestation_OfWhatIsNoPassport_IsNone(string header) =>
        Passport.Attestation(Encoding.ASCII.GetBytes(header)).ShouldBe('\0');

    [Fact]
    public void Attestation_OfAnEndlessPayload_IsNone() =>
        Passport.Attestation(Header($"{{\"attest\":\"A\",\"x\":\"{new string('x', 5_000)}\"}}")).ShouldBe('\0');

    [Property]
    public void Attestation_AnyBytes_NeverThrows(byte[] bytes) => Should.NotThrow(() => Passport.Attestation(bytes));

    [Property]
    public void Attestation_AnyPayload_NeverThrows(string? payload) => Should.NotThrow(() => Passport.Attestation(Header(payload ?? "")));

    [Fact]
    public void Invite_WithIdentity_CountsItsLevel()
    {
        string identity = $"Identity: {Encoding.ASCII.GetString(Header("{\"attest\":\"B\"}"))}\r\n";
        Scenario s = new Scenario().Invite(at: 0, headers: identity).Response(200, at: 5).Ack();

        (s.Totals.AttestationA, s.Totals.AttestationB, s.Totals.AttestationC).ShouldBe((0, 1, 0));
    }

    private static byte[] Header(string payload) => Encoding.ASCII.GetBytes(
        $"eyJhbGciOiJFUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln;info=<https://cert.example/a.pem>;alg=ES256;ppt=shaken");
}
