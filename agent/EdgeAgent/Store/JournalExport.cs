using System.Runtime.CompilerServices;

namespace EdgeAgent.Store;

/// <summary>Reads many records without holding them all.</summary>
public static class JournalExport
{
    private const int RecordsAtOnce = 32; // of at most 128 KiB each

    /// <summary>Every record of the running epoch from <paramref name="from"/> to <paramref name="to"/> that is still here, in order.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async IAsyncEnumerable<JournalRecord> ExportAsync(
        this IJournal journal, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        string epoch = journal.Identity.Epoch;
        long next = from;
        while (next <= to)
        {
            IReadOnlyList<JournalRecord> records =
                await journal.ReadRangeAsync(next, to, RecordsAtOnce, cancellationToken).ConfigureAwait(false);
            if (records.Count == 0 || records[0].Epoch != epoch)
            {
                yield break; // all are read, or a new epoch began meanwhile
            }

            foreach (JournalRecord record in records)
            {
                yield return record;
            }

            next = records[^1].Seq + 1;
        }
    }
}
