using EdgeAgent.Configuration;
using EdgeAgent.Forward;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Keeps the journal within its quota and retention, oldest records first. Those the broker has are simply removed; those it has not are
/// summed into a tombstone that is appended in the same transaction. It takes a tenth at a time so that tombstones stay rare.
/// </summary>
internal sealed class JournalTrimmer(ILiteCollection<BsonDocument> records, StoreOptions options)
{
    /// <summary>Records removed in one transaction at most; the next one goes on.</summary>
    internal const int MaxAtOnce = 1_024;

    private const int RecordsShare = 2; // records take at most 1/2 of the quota

    /// <summary>Bytes of records past which the oldest go.</summary>
    public static long RecordQuota(StoreOptions options) => options.QuotaBytes / RecordsShare;

    /// <summary>True when something has to go.</summary>
    public bool IsDue(JournalMeta meta, DateTimeOffset now, bool isOverLimit) =>
        isOverLimit || meta.RecordBytes > RecordQuota(options) || IsAged(meta, now);

    /// <summary>Removes what has to go, once that is due.</summary>
    /// <param name="meta">Changed accordingly.</param>
    /// <param name="acknowledged">What the broker has; moved past what was removed only when the caller has committed.</param>
    /// <param name="now">Wall clock: retention counts from the moment a record was stored.</param>
    /// <param name="isOverLimit">The database refused to grow: remove half whatever the count says.</param>
    /// <param name="appendTombstone">Stores the sum of undelivered records with its reason.</param>
    public void Trim(
        JournalMeta meta,
        AcknowledgementWindow acknowledged,
        DateTimeOffset now,
        bool isOverLimit,
        Action<UndeliveredSum, string> appendTombstone)
    {
        long limit = RecordQuota(options);
        DateTimeOffset oldestKept = now - TimeSpan.FromDays(options.RetentionDays);
        bool isOverQuota = isOverLimit || meta.RecordBytes > limit;
        long target = isOverLimit ? meta.RecordBytes / 2 : limit / 10 * 9;
        long end = meta.NextSeq; // the tombstone itself stays
        string reason = isOverQuota ? "quota" : "retention";
        UndeliveredSum sum = new();
        for (int i = 0; i < MaxAtOnce && meta.OldestSeq < end; i++)
        {
            BsonDocument record = records.FindById(meta.OldestSeq);
            bool mustGo = (isOverQuota && meta.RecordBytes > target) || JournalFile.StoredAt(record) < oldestKept;
            if (!mustGo)
            {
                break;
            }

            if (!acknowledged.Contains(meta.OldestSeq))
            {
                byte[] payload = PayloadPacking.Take(record);
                if (!sum.TryAdd(meta.OldestSeq, payload))
                {
                    appendTombstone(sum, reason);
                    sum = new UndeliveredSum();
                    sum.TryAdd(meta.OldestSeq, payload);
                }
            }

            records.Delete(meta.OldestSeq);
            meta.RecordBytes -= PayloadPacking.StoredBytes(record);
            meta.OldestSeq++;
        }

        meta.Acknowledged = Math.Max(meta.Acknowledged, meta.OldestSeq - 1);
        if (sum.Records > 0)
        {
            appendTombstone(sum, reason);
        }
    }

    /// <summary>True when the oldest record is a day past its retention.</summary>
    public bool IsAged(JournalMeta meta, DateTimeOffset now) =>
        meta.OldestSeq < meta.NextSeq
        && JournalFile.StoredAt(records.FindById(meta.OldestSeq)) < now - TimeSpan.FromDays(options.RetentionDays + 1);
}
