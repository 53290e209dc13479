using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Store;

/// <summary>
/// What the signalling loop hands to the store: everything in it is committed in one transaction or not at all, so that after a crash
/// the snapshot never contradicts the minutes and events already journalled.
/// </summary>
/// <param name="Minutes">Minutes sealed since the last batch, oldest first.</param>
/// <param name="Events">Events since the last batch, in order.</param>
/// <param name="Snapshot">State after those minutes and events; null leaves the last one, for events that are not the signalling loop's.</param>
public sealed record JournalBatch(
    IReadOnlyList<SealedMinute> Minutes,
    IReadOnlyList<AgentEvent> Events,
    AgentSnapshot? Snapshot)
{
    /// <summary>Attempts to persons in minutes that are over; the state no longer holds them.</summary>
    public IReadOnlyList<AttemptDocument> Attempts { get; init; } = [];

    /// <summary>What persons told clients, as far as it changed.</summary>
    public IReadOnlyList<ConsentDocument> Consents { get; init; } = [];

    /// <summary>Conditions under which they were made; null when they are as before.</summary>
    public RecordOrigin? Origin { get; init; }
}

/// <summary>Open calls and open minutes, as bytes only the signalling engine reads.</summary>
/// <param name="Watermark">Time of the last packet in it: what came later is lost with a crash, and a blind period begins here.</param>
/// <param name="State">Engine state, which nobody changes any more. Holds no person's number in clear.</param>
public sealed record AgentSnapshot(DateTimeOffset Watermark, ReadOnlyMemory<byte> State);
