using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Core.Commands;

/// <summary>A command as it was written; whether to believe it is the verifier's business.</summary>
public sealed record CommandEnvelope
{
    /// <summary>Which command, one of <see cref="CommandNames"/> if it is known.</summary>
    public required string Command { get; init; }

    /// <summary>For whom: an agent id, or <see cref="CommandNames.Fleet"/>.</summary>
    public required string Agent { get; init; }

    /// <summary>Chosen at random by the sender, used once: 16 to 64 characters out of A-Z, a-z, 0-9, - and _.</summary>
    public required string Nonce { get; init; }

    /// <summary>The sender's clock.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on it is void.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>One JSON object, exactly as written.</summary>
    public required ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>Meant for every agent.</summary>
    public bool IsForFleet => Agent == CommandNames.Fleet;

    /// <summary>SHA-256 of what is signed.</summary>
    internal RecordHash Hash { get; init; }

    /// <summary>The signature; empty where there is none.</summary>
    internal ReadOnlyMemory<byte> Signature { get; init; }
}
