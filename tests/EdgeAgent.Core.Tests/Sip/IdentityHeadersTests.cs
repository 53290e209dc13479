using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Calls whose INVITE carries several PASSporTs (RFC 8224, RFC 8588, RFC 8946).</summary>
public sealed class IdentityHeadersTests
{
    private const string Shaken = "{\"attest\":\"A\",\"dest\":{\"tn\":[\"33612345678\"]},\"orig\":{\"tn\":\"33162123456\"}}";
    private const string Diverted = "{\"dest\":{\"tn\":[\"33612345678\"]},\"div\":{\"tn\":\"33199000001\"},\"orig\":{\"tn\":\"33170000009\"}}";
    private const string DivertedAgain = "{\"dest\":{\"tn\":[\"33612345678\"]},\"div\":{\"tn\":\"33199000002\"},\"orig\":{\"tn\":\"33170000009\"}}";
    private const string Other = "{\"attest\":\"C\",\"orig\":{\"tn\":\"33170000008\"}}";

    private static readonly string[] OfTwo = [IdentityBytes.Of(Diverted, "div"), IdentityBytes.Of(Shaken, "shaken")];

    public static TheoryData<string> Forms =>
    [
        $"Identity: {OfTwo[0]}\r\nIdentity: {OfTwo[1]}\r\n",
        $"Identity: {OfTwo[1]}\r\nIdentity: {OfTwo[0]}\r\n",
        $"Identity: {OfTwo[0]}\r\nX-Between: 1\r\ny:\r\n {OfTwo[1]}\r\n",
        $"Identity: {OfTwo[0]}, {OfTwo[1]}\r\n",
        $"y: {IdentityBytes.Of(Diverted, "div", hasParameter: false)}\r\nIdentity: {IdentityBytes.Of(Shaken, "shaken", hasParameter: false)}\r\n",
        $"Identity: {IdentityBytes.Of(Other, "rph")}\r\nIdentity: {OfTwo[0]}\r\nIdentity: no dots\r\nIdentity: {OfTwo[1]}\r\n",
        $"Identity: ..c2ln;info=<https://c.example>;ppt=shaken\r\nIdentity: {OfTwo[0]}\r\nIdentity: {OfTwo[1]}\r\n",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Invite_WithShakenAndDiv_IsAttestedByTheOneAndForwardedByTheOther(string headers)
    {
        Scenario s = Invite(headers);

        (s.Totals.AttestationA, s.Totals.AttestationB, s.Totals.AttestationC).ShouldBe((1, 0, 0));
        (s.Totals.AttestationOriginMismatch, s.Totals.AttestationMalformed, s.Totals.Forwarded).ShouldBe((0, 0, 1));
    }

    [Fact]
    public void Invite_ForwardedTwice_IsForwardedByTheLast()
    {
        EngineSettings settings = EngineRun.Settings() with { OwnNumbers = new HashSet<E164Number> { new(33_199_000_002), new(33_162_123_456) } };
        Scenario s = Invite($"Identity: {OfTwo[0]}\r\nIdentity: {IdentityBytes.Of(DivertedAgain, "div")}\r\n", settings);

        s.Call.ForwardedBy.ShouldBe("+33199000002");
        s.Totals.Forwarded.ShouldBe(1);
        s.Totals.AttestationOriginMismatch.ShouldBe(0); // a div names the first caller, who need not be the one shown
    }

    [Fact]
    public void Invite_InboundThatWasForwarded_SaysWhoForwardedIt()
    {
        EngineSettings settings = EngineRun.Settings() with { OwnNumbers = new HashSet<E164Number> { new(33_199_000_001) } };
        Scenario s = new Scenario(settings).Between(Hosts.Carrier, Hosts.Pbx).NewCall(from: "<sip:+33612345678@c>", to: "<sip:+33162123456@h>")
            .Invite(at: 0, headers: $"Identity: {OfTwo[1]}\r\nIdentity: {OfTwo[0]}\r\n").Response(486, at: 1).AckRefusal().Finish();

        s.Totals.InboundForwarded.ShouldBe(1);
        s.Call.ForwardedBy.ShouldBe("+33199000001");
    }

    [Fact]
    public void Invite_WithDiversionToo_IsForwardedByWhomItNames()
    {
        EngineSettings settings = EngineRun.Settings() with { OwnNumbers = new HashSet<E164Number> { new(33_199_000_003), new(33_162_123_456) } };
        Scenario s = Invite($"Diversion: <sip:+33199000003@h>\r\nIdentity: {OfTwo[0]}\r\n", settings);

        s.Call.ForwardedBy.ShouldBe("+33199000003");
    }

    [Theory]
    [InlineData("{\"attest\":\"A\",", "shaken", 1, 0)]
    [InlineData("{\"div\":", "div", 0, 1)] // it says that it was forwarded, whoever by
    public void Invite_WhoseOnlyPassportCannotBeRead_CountsItByItsKind(string payload, string kind, long malformed, long forwarded)
    {
        Scenario s = Invite($"Identity: {IdentityBytes.Of(payload, kind)}\r\n");

        (s.Totals.AttestationMalformed, s.Totals.Forwarded).ShouldBe((malformed, forwarded));
        s.Call.ForwardedBy.ShouldBeNull();
    }

    [Fact]
    public void Invite_WithoutShaken_IsAttestedByTheFirstOfAnotherKind()
    {
        Scenario s = Invite($"Identity: {IdentityBytes.Of(Other, "rph")}\r\nIdentity: {IdentityBytes.Of("{\"attest\":\"B\"}", "rcd")}\r\n");

        (s.Totals.AttestationC, s.Totals.AttestationB, s.Totals.AttestationOriginMismatch).ShouldBe((1, 0, 1));
    }

    private static Scenario Invite(string headers, EngineSettings? settings = null) =>
        new Scenario(settings).Invite(at: 0, headers: headers).Response(486, at: 1).AckRefusal().Finish();
}
