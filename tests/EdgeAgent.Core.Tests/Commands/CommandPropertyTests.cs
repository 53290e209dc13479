using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using FsCheck.Xunit;
using Shouldly;

namespace EdgeAgent.Core.Tests.Commands;

public sealed class CommandPropertyTests : IDisposable
{
    private readonly SignedCommands _centre = new();

    public void Dispose() => _centre.Dispose();

    [Property(MaxTest = 300)]
    public void Write_AnyCommand_IsReadBackAsItWas(int seed)
    {
        CommandEnvelope sent = Any(new Random(seed));

        CommandVerdict verdict = _centre.Verifier.Check(sent.Command, _centre.Sign(sent), sent.IssuedAt);

        verdict.Refusal.ShouldBe(CommandRefusal.None);
        CommandEnvelope read = verdict.Envelope!;
        (read.Command, read.Agent, read.Nonce, read.IssuedAt, read.ExpiresAt)
            .ShouldBe((sent.Command, sent.Agent, sent.Nonce, sent.IssuedAt, sent.ExpiresAt));
        read.Arguments.ToArray().ShouldBe(sent.Arguments.ToArray());
    }

    /// <summary>A bit changed, a byte dropped or put in, anywhere: never carried out, never an exception.</summary>
    [Property(MaxTest = 3_000)]
    public void Check_SignedCommandWithAnythingChanged_IsRefused(int seed)
    {
        Random random = new(seed);
        CommandEnvelope sent = Any(random);
        List<byte> payload = [.. _centre.Sign(sent)];
        int at = random.Next(payload.Count);
        switch (random.Next(4))
        {
            case 0:
                payload[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                payload.RemoveAt(at);
                break;
            case 2:
                payload.Insert(at, (byte)random.Next(256));
                break;
            default:
                payload.RemoveRange(at, payload.Count - at);
                break;
        }

        _centre.Verifier.Check(sent.Command, payload.ToArray(), sent.IssuedAt).Refusal.ShouldBeOneOf(
            CommandRefusal.Malformed, CommandRefusal.BadSignature);
        _centre.Nonces.Count.ShouldBe(0);
    }

    [Property(MaxTest = 2_000)]
    public void Check_AnyBytes_AreRefusedWithoutAnException(int seed)
    {
        Random random = new(seed);
        string[] pieces = ["{", "}", "\"v\":1", ",", "\"nonce\":", "\"\\ud800\"", "null", "[[[[", "\"sig\":\"", "\u0000", "1e999", "\"command\":\"replay\""];
        string text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));

        _centre.Check(Encoding.UTF8.GetBytes(text)).ShouldBeOneOf(CommandRefusal.Malformed, CommandRefusal.BadSignature);
    }

    private static CommandEnvelope Any(Random random)
    {
        DateTimeOffset issued = SignedCommands.Now.AddTicks(random.NextInt64(TimeSpan.TicksPerDay) / 10 * 10);
        Dictionary<string, string> arguments = Enumerable.Range(0, random.Next(4))
            .ToDictionary(i => $"argument{i}", _ => new string((char)random.Next(32, 0xD7FF), random.Next(20)));
        return new CommandEnvelope
        {
            Command = CommandNames.All[random.Next(CommandNames.All.Count)],
            Agent = random.Next(2) == 0 ? SignedCommands.Agent : CommandNames.Fleet,
            Nonce = CommandWriter.NewNonce(),
            IssuedAt = issued,
            ExpiresAt = issued.AddMinutes(random.Next(10_000)),
            Arguments = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(arguments)),
        };
    }
}
