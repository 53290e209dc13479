using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Core.Commands;

/// <summary>Outcome of looking at a payload.</summary>
/// <param name="Refusal">Why it is refused; <see cref="CommandRefusal.None"/> when it is to be carried out.</param>
/// <param name="Envelope">What it says, where it could be read. Of a refused one nothing but the nonce is worth repeating.</param>
/// <param name="KeyFingerprint">Key that signed it, null where none of ours did.</param>
public sealed record CommandVerdict(CommandRefusal Refusal, CommandEnvelope? Envelope, string? KeyFingerprint)
{
    /// <summary>From when on its nonce need not be remembered.</summary>
    public DateTimeOffset VoidFrom { get; init; }
}

/// <summary>
/// Decides whether a command is to be believed: of the right size, well formed, known, signed by a pinned key, for this agent, valid now, and
/// not taken before; checked in that order. Pure but for the nonces it remembers; not thread-safe.
/// </summary>
/// <param name="agentId">This agent.</param>
/// <param name="keys">Keys of the centre; any of them may sign.</param>
/// <param name="limits">Sizes and times.</param>
/// <param name="nonces">Nonces taken before, those of earlier runs included.</param>
public sealed class CommandVerifier(string agentId, IReadOnlyList<EvidenceKey> keys, CommandLimits limits, NonceMemory nonces)
{
    /// <summary>Looks at what came under the topic of <paramref name="name"/>.</summary>
    /// <param name="name">Last level of the topic.</param>
    /// <param name="payload">The exact bytes.</param>
    /// <param name="now">Wall clock.</param>
    public CommandVerdict Check(string name, ReadOnlyMemory<byte> payload, DateTimeOffset now)
    {
        if (payload.Length > limits.MaxBytesOf(name))
        {
            return new CommandVerdict(CommandRefusal.Oversized, null, null);
        }

        if (!CommandNames.IsKnown(name))
        {
            return new CommandVerdict(CommandRefusal.UnknownCommand, null, null);
        }

        CommandEnvelope? command = CommandReader.Read(payload);
        TimeSpan validity = command is null ? TimeSpan.Zero : command.ExpiresAt - command.IssuedAt;
        if (command is null || command.Command != name || validity < TimeSpan.Zero || validity > limits.MaxValidity)
        {
            return new CommandVerdict(CommandRefusal.Malformed, command, null);
        }

        string? signer = keys.FirstOrDefault(key => !command.Signature.IsEmpty && key.Fits(command.Hash, command.Signature.Span))?.Fingerprint;
        DateTimeOffset voidFrom = Later(command.ExpiresAt, limits.ClockSkew);
        CommandRefusal refusal =
            keys.Count == 0 ? CommandRefusal.NoKeyPinned
            : signer is null ? CommandRefusal.BadSignature
            : !command.IsForFleet && command.Agent != agentId ? CommandRefusal.WrongAgent
            : command.IssuedAt > Later(now, limits.ClockSkew) ? CommandRefusal.NotYetValid
            : now >= voidFrom ? CommandRefusal.Expired
            : nonces.Take(command.Nonce, voidFrom, now);
        return new CommandVerdict(refusal, command, signer) { VoidFrom = voidFrom };
    }

    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan by) =>
        at <= DateTimeOffset.MaxValue - by ? at + by : DateTimeOffset.MaxValue;
}
