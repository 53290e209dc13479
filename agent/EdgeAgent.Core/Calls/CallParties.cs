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
    /// <summary><see cref="Number"/> is the pseudonym of a number that may be a person's.</summary>
    public bool IsNumberHidden { get; init; }

    /// <summary>Class of a called number that is no E.164 number and dialled as it stands, such as 112; unknown for others.</summary>
    public NumberClass ShortClass { get; init; }

    /// <summary>Attestation level shown in the Identity header: A, B or C; '\0' for none.</summary>
    public char Attestation { get; init; }

    /// <summary>The PASSporT names another originating number than the one counted.</summary>
    public bool HasOtherOrigin { get; init; }

    /// <summary>The Identity header cannot be read.</summary>
    public bool HasBadPassport { get; init; }

    /// <summary>Diversion or History-Info says that the call was forwarded.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>Who forwarded it, last of several; not a number where that could not be read as E.164.</summary>
    public E164Number ForwardedBy { get; init; }

    /// <summary><see cref="Number"/> is the company's number that forwarded the call; shown is the original caller's.</summary>
    public bool IsOnBehalf { get; init; }

    /// <summary>The call that is forwarded was seen coming in a moment before: <see cref="ForwardedBy"/> was called by whom this one shows.</summary>
    public bool IsSentOn { get; init; }

    /// <summary>Who is shown where <see cref="Number"/> forwarded the call; not a number in any other call.</summary>
    public E164Number ShownCaller { get; init; }

    /// <summary>
    /// The same call as one that the company's number forwarded: what is shown as caller ID is the original caller, a person.
    /// </summary>
    public CallParties OnBehalf() => this with { Number = NumberKey.For(ForwardedBy), IsOnBehalf = true, ShownCaller = Number.Number };
}
