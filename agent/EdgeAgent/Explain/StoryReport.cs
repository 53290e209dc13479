using EdgeAgent.Core.Calls;

namespace EdgeAgent.Explain;

/// <summary>A story that is over, ready to be printed.</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="Entries">What happened.</param>
/// <param name="Attempts">The records that came of it; number 1 is the first.</param>
/// <param name="HasTrunks">Trunks are known: only what passes over one of them moves figures.</param>
/// <param name="HasRunKey">Pseudonyms match no other run's.</param>
internal sealed record StoryReport(
    string CallId,
    IReadOnlyList<StoryEntry> Entries,
    IReadOnlyList<StoryAttempt> Attempts,
    bool HasTrunks,
    bool HasRunKey);

/// <summary>One attempt, or a hop of the call beside the trunk.</summary>
/// <param name="Record">What <c>replay --calls</c> lists.</param>
/// <param name="Identity">Header that gave the caller ID.</param>
internal sealed record StoryAttempt(CallRecord Record, IdentitySource Identity)
{
    /// <summary>Moves the figures of its number.</summary>
    public bool IsCounted(bool hasTrunks) => Record.Trunk is not null || !hasTrunks;
}
