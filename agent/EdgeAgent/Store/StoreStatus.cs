namespace EdgeAgent.Store;

/// <summary>A still picture of the store; safe to read from any thread.</summary>
/// <param name="Depth">Records the broker has not acknowledged.</param>
/// <param name="OldestUnsentAt">When the oldest of them was stored, null when there is none.</param>
/// <param name="FileBytes">Size of the journal on disk.</param>
/// <param name="RecordBytes">Part of it taken by records.</param>
/// <param name="Epoch">Identity of this journal.</param>
/// <param name="LastSeq">Sequence number of the newest record, 0 before the first.</param>
/// <param name="AcknowledgedSeq">Every record up to this one was acknowledged.</param>
/// <param name="PendingRows">Rows that wait in memory for the disk.</param>
/// <param name="LostRows">Rows given up since start because the disk refused for too long.</param>
/// <param name="OldestSeq">Oldest record still here.</param>
/// <param name="ReachedDays">Days of records the quota holds, as far as can be judged; null while that is too early.</param>
/// <param name="Fault">Why nothing can be written now, null when all is well.</param>
public sealed record StoreStatus(
    long Depth,
    DateTimeOffset? OldestUnsentAt,
    long FileBytes,
    long RecordBytes,
    string Epoch,
    long LastSeq,
    long AcknowledgedSeq,
    int PendingRows,
    long LostRows,
    long OldestSeq,
    int? ReachedDays,
    string? Fault);
