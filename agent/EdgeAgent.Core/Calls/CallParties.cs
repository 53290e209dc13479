using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>Header that gave the caller ID.</summary>
public enum IdentitySource
{
    /// <summary>No header held a number.</summary>
    None = 0,
    /// <summary>P-Asserted-Identity (RFC 3325).</summary>
    PAssertedIdentity,
    /// <summary>Remote-Party-ID (draft-ietf-sip-privacy-04).</summary>
    RemotePartyId,
    /// <summary>P-Preferred-Identity (RFC 3325).</summary>
    PPreferredIdentity,
    /// <summary>From.</summary>
    From,
}

/// <summary>The two sides of a call as read from its first INVITE.</summary>
/// <param name="Number">The company's side (agent/DEFINITIONS.md, "Number and person").</param>
/// <param name="Person">The far end; not a number where it could not be read as E.164.</param>
/// <param name="PersonText">The far end's user part where it is no number; in memory only.</param>
/// <param name="Source">Header that gave the caller ID.</param>
/// <param name="IsWithheld">Privacy was asked for and a number asserted all the same.</param>
/// <param name="HasIdentityConflict">Two headers hold different valid numbers.</param>
public readonly record struct CallParties(
    NumberKey Number,
    E164Number Person,
    byte[]? PersonText,
    IdentitySource Source,
    bool IsWithheld,
    bool HasIdentityConflict)
{
    /// <summary>Attestation level shown in the Identity header: A, B or C; '\0' for none.</summary>
    public char Attestation { get; init; }
}
