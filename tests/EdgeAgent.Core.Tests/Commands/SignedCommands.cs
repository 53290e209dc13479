using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using Shouldly;

namespace EdgeAgent.Core.Tests.Commands;

/// <summary>A centre with a key, and an agent that knows it.</summary>
internal sealed class SignedCommands : IDisposable
{
    public const string Agent = "pbx-1";

    public static readonly DateTimeOffset Now = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    private readonly EvidenceKey _pinned;

    public SignedCommands()
    {
        _pinned = Public(Key);
        Verifier = new CommandVerifier(Agent, [_pinned], new CommandLimits(), Nonces);
    }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public NonceMemory Nonces { get; } = new(1_000);

    public CommandVerifier Verifier { get; }

    public string Fingerprint => _pinned.Fingerprint;

    public static CommandEnvelope Command(string name = CommandNames.Replay, string arguments = """{"from":1,"to":9}""") => new()
    {
        Command = name,
        Agent = Agent,
        Nonce = CommandWriter.NewNonce(),
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(5),
        Arguments = Encoding.UTF8.GetBytes(arguments),
    };

    public byte[] Sign(CommandEnvelope command) => CommandWriter.Write(command, Key);

    /// <summary>Signs any text that ends in a closing bracket.</summary>
    public byte[] Sign(string document)
    {
        byte[] signed = Encoding.UTF8.GetBytes(document[..^1]);
        System.Buffers.ArrayBufferWriter<byte> whole = new();
        System.Buffers.BuffersExtensions.Write(whole, signed);
        RecordSeal.Append(whole, Key, RecordHash.Of(signed));
        return whole.WrittenSpan.ToArray();
    }

    public CommandRefusal Check(byte[] payload, string name = CommandNames.Replay, DateTimeOffset? now = null) =>
        Verifier.Check(name, payload, now ?? Now).Refusal;

    public static EvidenceKey Public(ECDsa key)
    {
        EvidenceKey.TryRead(key.ExportSubjectPublicKeyInfoPem(), out EvidenceKey? read).ShouldBeTrue();
        return read!;
    }

    public void Dispose()
    {
        _pinned.Dispose();
        Key.Dispose();
    }
}
