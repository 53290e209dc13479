using EdgeAgent.Configuration;

namespace EdgeAgent.Store;

/// <summary>The store's status as it is shown. Written by the storage thread, read by any.</summary>
/// <param name="options">Quota and retention, for how far records reach.</param>
/// <param name="path">The database, whose size is shown.</param>
/// <param name="acknowledged">What the broker has.</param>
/// <param name="time">Wall clock.</param>
internal sealed class StoreBoard(StoreOptions options, string path, AcknowledgementWindow acknowledged, TimeProvider time)
{
    private readonly OldestRecord _oldestUnsent = new();
    private readonly OldestRecord _oldestKept = new();
    private volatile StoreStatus _status = new(0, null, 0, 0, "", 0, 0, 0, 0, 1, null, null);

    /// <summary>As last published.</summary>
    public StoreStatus Last => _status;

    /// <summary>Why the store does not take anything; null when it does. Storage thread.</summary>
    public string? Fault
    {
        get => _status.Fault;
        set => _status = _status with { Fault = value };
    }

    /// <summary>Current status; counts that move without a commit are read now.</summary>
    /// <param name="submittedRows">Rows not yet taken over by the storage thread.</param>
    public StoreStatus Now(int submittedRows)
    {
        StoreStatus last = _status;
        long contiguous = Math.Min(acknowledged.Contiguous, last.LastSeq);
        long depth = Math.Max(0, last.LastSeq - contiguous - acknowledged.Ahead);
        return last with
        {
            Depth = depth,
            OldestUnsentAt = depth == 0 ? null : last.OldestUnsentAt,
            AcknowledgedSeq = contiguous,
            PendingRows = last.PendingRows + submittedRows,
        };
    }

    /// <summary>Publishes what a file says. Storage thread.</summary>
    /// <param name="file">The database; null while it cannot be opened.</param>
    /// <param name="pending">Rows that wait for it.</param>
    /// <param name="lost">Rows given up because too many waited.</param>
    public void Publish(JournalFile? file, int pending, long lost)
    {
        if (file is null)
        {
            _status = _status with { PendingRows = pending, LostRows = lost };
            return;
        }

        JournalMeta meta = file.Meta;
        _oldestUnsent.Look(file, Math.Max(acknowledged.Contiguous + 1, meta.OldestSeq));
        _oldestKept.Look(file, meta.OldestSeq);
        _status = new StoreStatus(
            meta.LastSeq - Math.Min(acknowledged.Contiguous, meta.LastSeq),
            _oldestUnsent.StoredAt,
            FileBytes(),
            meta.RecordBytes,
            meta.Epoch,
            meta.LastSeq,
            acknowledged.Contiguous,
            pending,
            lost,
            meta.OldestSeq,
            RetentionReach.Days(options, meta.RecordBytes, _oldestKept.StoredAt, time.GetUtcNow()),
            _status.Fault);
    }

    /// <summary>Another journal begins. Storage thread.</summary>
    public void Forget()
    {
        _oldestUnsent.Forget();
        _oldestKept.Forget();
    }

    private long FileBytes()
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : 0; // of the database, which the quota bounds
    }
}
