using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Store;

/// <summary>A minute or an event waiting to be journalled.</summary>
internal readonly record struct PendingEntry(SealedMinute? Minute, AgentEvent? Event, RecordOrigin? Origin)
{
    /// <summary>Its share of the memory bound.</summary>
    public int Rows => 1 + (Minute?.Numbers.Count ?? 0);

    /// <summary>When it happened.</summary>
    public DateTimeOffset At => Minute?.Start ?? Event!.At;
}

/// <summary>
/// What was submitted and is not yet on disk, joined into one transaction: entries in order, and the newest snapshot. Bounded: while the
/// disk refuses, the oldest entries go first and are themselves reported. Not thread-safe: the store guards it.
/// </summary>
/// <param name="maxRows">Bound on rows held.</param>
internal sealed class PendingBatch(int maxRows)
{
    /// <summary>Minutes of attempts to persons held at most: a week.</summary>
    private const int MaxAttemptDocuments = 10_080;

    private readonly LinkedList<PendingEntry> _entries = new();
    private readonly List<AttemptDocument> _attempts = [];
    private readonly List<ConsentDocument> _consents = [];
    private DateTimeOffset _lossFrom;
    private DateTimeOffset _lossTo;

    /// <summary>Entries in the order they came.</summary>
    public IReadOnlyCollection<PendingEntry> Entries => _entries;

    /// <summary>Attempts to persons, oldest minute first.</summary>
    public IReadOnlyList<AttemptDocument> Attempts => _attempts;

    /// <summary>What persons told clients; nothing stands before a document that is whole.</summary>
    public IReadOnlyList<ConsentDocument> Consents => _consents;

    /// <summary>State after all entries; null when none was submitted.</summary>
    public AgentSnapshot? Snapshot { get; private set; }

    /// <summary>Rows held.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows given up and not yet reported by a committed <see cref="LossEvent"/>.</summary>
    public long LostRows { get; private set; }

    /// <summary>Number of the last batch joined in.</summary>
    public long LastSubmission { get; private set; }

    /// <summary>True when there is nothing to commit.</summary>
    public bool IsEmpty => _entries.Count == 0 && Snapshot is null && _attempts.Count == 0 && _consents.Count == 0;

    /// <summary>True when nothing in it becomes a record or document.</summary>
    public bool HasNoRecord => _entries.Count == 0 && _attempts.Count == 0 && _consents.Count == 0 && LostRows == 0;

    /// <summary>Joins <paramref name="batch"/> in.</summary>
    public void Add(JournalBatch batch, long submission)
    {
        foreach (SealedMinute minute in batch.Minutes)
        {
            Append(new PendingEntry(minute, null, batch.Origin));
        }

        foreach (AgentEvent happened in batch.Events)
        {
            Append(new PendingEntry(null, happened, batch.Origin));
        }

        Append(batch.Attempts);
        Append(batch.Consents);
        Snapshot = batch.Snapshot ?? Snapshot;
        LastSubmission = submission;
    }

    /// <summary>Joins one event in; the snapshot stays as it is.</summary>
    public void Add(AgentEvent happened, long submission)
    {
        Append(new PendingEntry(null, happened, null));
        LastSubmission = submission;
    }

    /// <summary>Joins a <paramref name="newer"/> batch behind this one, whose commit failed.</summary>
    public void Add(PendingBatch newer)
    {
        foreach (PendingEntry entry in newer._entries)
        {
            Append(entry);
        }

        Append(newer._attempts);
        Append(newer._consents);
        Snapshot = newer.Snapshot ?? Snapshot;
        LastSubmission = Math.Max(LastSubmission, newer.LastSubmission);
        if (newer.LostRows > 0)
        {
            _lossFrom = LostRows == 0 ? newer._lossFrom : _lossFrom;
            _lossTo = newer._lossTo;
            LostRows += newer.LostRows;
        }
    }

    /// <summary>Puts an event before everything else.</summary>
    public void AddFirst(AgentEvent happened)
    {
        _entries.AddFirst(new PendingEntry(null, happened, null));
        Rows++;
    }

    /// <summary>The event that reports what was given up, null when nothing was.</summary>
    public AgentEvent? LossEvent(DateTimeOffset now) => LostRows == 0 ? null : new AgentEvent
    {
        Kind = AgentEventKind.StoreLoss,
        At = now,
        Reason = "diskRefused",
        Value = LostRows,
        From = _lossFrom,
        To = _lossTo,
    };

    private void Append(IReadOnlyList<AttemptDocument> attempts)
    {
        _attempts.AddRange(attempts);
        _attempts.RemoveRange(0, Math.Max(0, _attempts.Count - MaxAttemptDocuments));
    }

    private void Append(IReadOnlyList<ConsentDocument> consents)
    {
        foreach (ConsentDocument document in consents)
        {
            if (document.IsWhole)
            {
                _consents.Clear();
            }

            _consents.Add(document);
        }
    }

    private void Append(PendingEntry entry)
    {
        _entries.AddLast(entry);
        Rows += entry.Rows;
        while (Rows > maxRows && _entries.Count > 1)
        {
            PendingEntry oldest = _entries.First!.Value;
            _entries.RemoveFirst();
            Rows -= oldest.Rows;
            _lossFrom = LostRows == 0 ? oldest.At : _lossFrom;
            _lossTo = oldest.At;
            LostRows += oldest.Rows;
        }
    }
}
