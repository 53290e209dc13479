using EdgeAgent.Configuration;
using System.Threading.Channels;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Store;

/// <summary>The durable journal. Every member may be called from any thread; the work is done by the storage thread.</summary>
public interface IJournal
{
    /// <summary>Identity of the journal and this run.</summary>
    JournalIdentity Identity { get; }

    /// <summary>How the store does.</summary>
    StoreStatus Status { get; }

    /// <summary>Gives the last sequence number after each commit that added records; at most one waits.</summary>
    ChannelReader<long> Appended { get; }

    /// <summary>
    /// Takes a batch to be committed as a whole. Never blocks: while the disk refuses, batches join in memory (the newest snapshot counts,
    /// minutes and events are kept up to <see cref="StoreOptions.PendingRows"/>).
    /// </summary>
    void Submit(JournalBatch batch);

    /// <summary>Takes an event that comes from outside the signalling loop. Never blocks; bounded like a batch.</summary>
    void Record(AgentEvent happened);

    /// <summary>Nonces of commands that are still to be remembered, with the time until when.</summary>
    Task<IReadOnlyList<KeyValuePair<string, DateTimeOffset>>> ReadNoncesAsync(CancellationToken cancellationToken);

    /// <summary>Remembers the nonce of a command; on disk when it completes. Those whose time is over are forgotten.</summary>
    Task RememberNonceAsync(string nonce, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Completes when everything submitted before is on disk, acknowledgements included.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>State as of the last commit, to begin from.</summary>
    Task<RestoredState> RestoreAsync(CancellationToken cancellationToken);

    /// <summary>Reads records that are not acknowledged, in order.</summary>
    /// <param name="afterSeq">Only records past this one.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<JournalRecord>> ReadUnsentAsync(long afterSeq, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Reads records of the running epoch that are still here, acknowledged or not, in order: what left the retention window is missing.
    /// </summary>
    /// <param name="from">First one wanted.</param>
    /// <param name="to">Last one wanted.</param>
    /// <param name="max">At most so many; ask again past the last one for more.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<JournalRecord>> ReadRangeAsync(long from, long to, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what a collector says it has; the caller has checked that it is the collector. The next record contains it, of several the
    /// last. An agent that finds itself behind it, or with another history, begins a new epoch and reports the loss.
    /// </summary>
    Task<AnchorOutcome> AnchorAsync(Anchor anchor, CancellationToken cancellationToken);

    /// <summary>Notes that the broker has acknowledged a record, in any order. Written to disk within <see cref="StoreOptions.AcknowledgeInterval"/>.</summary>
    void Acknowledge(in JournalRecord record);

    /// <summary>Totals per number of a civil day in Europe/Paris, ordered by key; sealed minutes only.</summary>
    Task<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(DateOnly day, CancellationToken cancellationToken);

    /// <summary>Takes retained totals that changed since they were last taken; whoever takes them must send them or return them.</summary>
    Task<IReadOnlyList<NumberTotal>> TakeChangedTotalsAsync(int max, CancellationToken cancellationToken);

    /// <summary>Marks the retained totals of the latest day as changed: a broker may have missed or forgotten them.</summary>
    Task MarkTotalsAsync(CancellationToken cancellationToken);

    /// <summary>Tells what became of totals taken: sent (a cleared topic is then forgotten) or to be sent again.</summary>
    Task SettleTotalAsync(NumberTotal total, bool isSent, CancellationToken cancellationToken);
}

/// <summary>What every record says about its origin.</summary>
/// <param name="Agent">Agent id.</param>
/// <param name="Epoch">Identity of the journal.</param>
/// <param name="Boot">Identity of this run.</param>
/// <param name="Predecessor">Epoch of the journal before, null for the first.</param>
/// <param name="PublicKey">Key its records are signed with: SubjectPublicKeyInfo in base64.</param>
/// <param name="KeyFingerprint">Short name of that key.</param>
public sealed record JournalIdentity(
    string Agent, string Epoch, string Boot, string? Predecessor, string PublicKey, string KeyFingerprint)
{
    /// <summary>The word of the key before for <c>PublicKey</c>; null when there is none.</summary>
    public KeySuccession? Succeeds { get; init; }
}
