using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Commands;

public sealed class CommandVerifierTests : IDisposable
{
    private readonly SignedCommands _centre = new();

    public void Dispose() => _centre.Dispose();

    [Fact]
    public void Check_GoodCommand_GivesItWithTheKeyThatSigned()
    {
        CommandEnvelope sent = SignedCommands.Command();

        CommandVerdict verdict = _centre.Verifier.Check(CommandNames.Replay, _centre.Sign(sent), SignedCommands.Now);

        verdict.Refusal.ShouldBe(CommandRefusal.None);
        verdict.KeyFingerprint.ShouldBe(_centre.Fingerprint);
        verdict.VoidFrom.ShouldBe(sent.ExpiresAt.AddMinutes(5), "with the tolerance for clocks");
        CommandEnvelope read = verdict.Envelope.ShouldNotBeNull();
        (read.Command, read.Agent, read.Nonce, read.IssuedAt, read.ExpiresAt)
            .ShouldBe((sent.Command, sent.Agent, sent.Nonce, sent.IssuedAt, sent.ExpiresAt));
        Encoding.UTF8.GetString(read.Arguments.Span).ShouldBe("""{"from":1,"to":9}""");
    }

    [Fact]
    public void Check_ForTheFleet_IsForThisAgentToo() =>
        _centre.Check(_centre.Sign(SignedCommands.Command() with { Agent = CommandNames.Fleet })).ShouldBe(CommandRefusal.None);

    [Fact]
    public void Check_ForAnotherAgent_IsWrongAgent() =>
        _centre.Check(_centre.Sign(SignedCommands.Command() with { Agent = "pbx-2" })).ShouldBe(CommandRefusal.WrongAgent);

    [Fact]
    public void Check_SameCommandAgain_IsReplayed()
    {
        byte[] payload = _centre.Sign(SignedCommands.Command());
        _centre.Check(payload).ShouldBe(CommandRefusal.None);

        _centre.Check(payload).ShouldBe(CommandRefusal.Replayed);
        _centre.Check(payload, now: SignedCommands.Now.AddMinutes(9.99)).ShouldBe(CommandRefusal.Replayed);
        _centre.Check(payload, now: SignedCommands.Now.AddMinutes(10)).ShouldBe(CommandRefusal.Expired);
    }

    [Theory]
    [InlineData(-5.01, CommandRefusal.NotYetValid)]
    [InlineData(-5, CommandRefusal.None)]
    [InlineData(9.99, CommandRefusal.None)]
    [InlineData(10, CommandRefusal.Expired)]
    public void Check_AtTheEdgesOfItsValidity_TheToleranceCountsOnBothSides(double minutes, CommandRefusal expected) =>
        _centre.Check(_centre.Sign(SignedCommands.Command()), now: SignedCommands.Now.AddMinutes(minutes)).ShouldBe(expected);

    [Fact]
    public void Check_OtherKey_IsBadSignatureAndTakesNoNonce()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CommandEnvelope command = SignedCommands.Command();

        _centre.Check(CommandWriter.Write(command, other)).ShouldBe(CommandRefusal.BadSignature);

        _centre.Nonces.Count.ShouldBe(0);
        _centre.Check(_centre.Sign(command)).ShouldBe(CommandRefusal.None);
    }

    [Fact]
    public void Check_Unsigned_IsBadSignature() =>
        _centre.Check(CommandWriter.WriteUnsigned(SignedCommands.Command())).ShouldBe(CommandRefusal.BadSignature);

    [Fact]
    public void Check_SecondPinnedKey_IsTakenToo()
    {
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using EvidenceKey first = SignedCommands.Public(_centre.Key);
        using EvidenceKey second = SignedCommands.Public(next);
        CommandVerifier verifier = new(SignedCommands.Agent, [first, second], new CommandLimits(), new NonceMemory(10));

        CommandVerdict verdict = verifier.Check(
            CommandNames.Replay, CommandWriter.Write(SignedCommands.Command(), next), SignedCommands.Now);

        verdict.Refusal.ShouldBe(CommandRefusal.None);
        verdict.KeyFingerprint.ShouldBe(second.Fingerprint);
    }

    [Fact]
    public void Check_NoKey_SaysSo() =>
        new CommandVerifier(SignedCommands.Agent, [], new CommandLimits(), new NonceMemory(10))
            .Check(CommandNames.Replay, _centre.Sign(SignedCommands.Command()), SignedCommands.Now)
            .Refusal.ShouldBe(CommandRefusal.NoKeyPinned);

    [Fact]
    public void Check_TooLong_IsOversizedBeforeAnythingIsRead()
    {
        byte[] payload = new byte[256 * 1024 + 1];

        CommandVerdict verdict = _centre.Verifier.Check("anything", payload, SignedCommands.Now);

        verdict.Refusal.ShouldBe(CommandRefusal.Oversized);
        verdict.Envelope.ShouldBeNull();
        _centre.Check(payload[1..]).ShouldBe(CommandRefusal.Malformed);
        _centre.Check(payload, CommandNames.Policy).ShouldBe(CommandRefusal.Malformed, "policies may be longer");
        _centre.Check(new byte[8 * 1024 * 1024 + 1], CommandNames.Reports).ShouldBe(CommandRefusal.Oversized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("selfdestruct")]
    [InlineData("Ping")]
    public void Check_NameOutsideTheContract_IsUnknown(string name) =>
        _centre.Check(_centre.Sign(SignedCommands.Command()), name).ShouldBe(CommandRefusal.UnknownCommand);

    [Fact]
    public void Check_UnderTheTopicOfAnotherCommand_IsMalformed() =>
        _centre.Check(_centre.Sign(SignedCommands.Command()), CommandNames.Reload).ShouldBe(CommandRefusal.Malformed);

    private const string Head = """{"v":1,"command":"replay","agent":"pbx-1","nonce":"0123456789abcdef","issuedAt":"2026-05-04T08:00:00Z",""";

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("[]", "an array")]
    [InlineData("null", "null")]
    [InlineData("{", "half a document")]
    [InlineData(Head + "}", "no expiry")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T08:05:00\"}", "a time without zone")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T08:05:00+01:00\"}", "a time of another zone")]
    [InlineData(Head + "\"expiresAt\":\"soon\"}", "no time")]
    [InlineData(Head + "\"expiresAt\":5}", "a number for a time")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T07:59:59Z\"}", "ends before it begins")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-11T08:00:01Z\"}", "valid for more than seven days")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T08:05:00Z\",\"agent\":\"pbx-1\"}", "a member twice")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T08:05:00Z\",\"arguments\":[]}", "arguments that are no object")]
    [InlineData(Head + "\"expiresAt\":\"2026-05-04T08:05:00Z\",\"arguments\":{}}{}", "something behind the end")]
    public void Check_DocumentThatCannotBe_IsMalformed(string document, string what)
    {
        _centre.Check(Encoding.UTF8.GetBytes(document)).ShouldBe(CommandRefusal.Malformed, what);
        if (document.EndsWith('}'))
        {
            _centre.Check(_centre.Sign(document)).ShouldBe(CommandRefusal.Malformed, what);
        }
    }

    [Theory]
    [InlineData("nonce", "short")]
    [InlineData("nonce", "0123456789abcde!")]
    [InlineData("agent", "PBX")]
    [InlineData("agent", "")]
    [InlineData("agent", "pbx-1/../pbx-2")]
    [InlineData("command", "replay now")]
    public void Check_MemberOutOfItsAlphabet_IsMalformed(string member, string value)
    {
        Dictionary<string, string> members = new()
        {
            ["command"] = "replay",
            ["agent"] = "pbx-1",
            ["nonce"] = "0123456789abcdef",
            ["issuedAt"] = "2026-05-04T08:00:00Z",
            ["expiresAt"] = "2026-05-04T08:05:00Z",
        };
        string Document() => $"{{\"v\":1,{string.Join(',', members.Select(m => $"\"{m.Key}\":\"{m.Value}\""))}}}";
        _centre.Check(_centre.Sign(Document())).ShouldBe(CommandRefusal.None);

        members[member] = value;

        _centre.Check(_centre.Sign(Document())).ShouldBe(CommandRefusal.Malformed);
    }

    [Fact]
    public void Check_MemberOfALaterVersion_IsPassedOver() =>
        _centre.Check(_centre.Sign(Head + "\"expiresAt\":\"2026-05-04T08:05:00Z\",\"note\":[{\"deep\":1}]}")).ShouldBe(CommandRefusal.None);

    [Fact]
    public void Check_VersionTwo_IsMalformed() =>
        _centre.Check(_centre.Sign(
                (Head + "\"expiresAt\":\"2026-05-04T08:05:00Z\"}").Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal)))
            .ShouldBe(CommandRefusal.Malformed);
}
