using EdgeAgent.Core.Calls;

namespace EdgeAgent.Explain;

/// <summary>A story that is over, ready to be printed.</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="Entries">What happened.</param>
/// <param name="Attempts">The records that came of it; number 1 is the first.</param>
/// <param name="HasRunKey">Pseudonyms match no other run's.</param>
internal sealed record StoryReport(
    string CallId,
    IReadOnlyList<StoryEntry> Entries,
    IReadOnlyList<StoryAttempt> Attempts,
    bool HasRunKey);

/// <summary>One attempt, or a hop of the call beside the trunk.</summary>
/// <param name="Record">What <c>replay --calls</c> lists.</param>
/// <param name="Identity">Header that gave the caller ID.</param>
/// <param name="Attestation">Attestation level of its PASSporT, '\0' for none.</param>
internal sealed record StoryAttempt(CallRecord Record, IdentitySource Identity, char Attestation)
{
    /// <summary>The PASSporT names another number than the caller ID.</summary>
    public bool HasOtherOrigin { get; init; }

    /// <summary>The Identity header cannot be read.</summary>
    public bool HasBadPassport { get; init; }

    /// <summary>Diversion or History-Info says that it was forwarded.</summary>
    public bool IsForwarded { get; init; }
}
