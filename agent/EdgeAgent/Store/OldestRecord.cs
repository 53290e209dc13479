namespace EdgeAgent.Store;

/// <summary>When the oldest record of some kind was stored, for the status: read anew only when it is another. Storage thread only.</summary>
internal sealed class OldestRecord
{
    private long _seq;

    /// <summary>When it was stored; null when there is none, or it cannot be read.</summary>
    public DateTimeOffset? StoredAt { get; private set; }

    /// <summary>Looks at record <paramref name="seq"/>, which need not exist yet.</summary>
    public void Look(JournalFile file, long seq)
    {
        if (_seq != seq || StoredAt is null)
        {
            _seq = seq;
            StoredAt = seq <= file.Meta.LastSeq ? Read(file, seq) : null;
        }
    }

    /// <summary>Forgets it: another journal is in use.</summary>
    public void Forget()
    {
        _seq = 0;
        StoredAt = null;
    }

    private static DateTimeOffset? Read(JournalFile file, long seq)
    {
        try
        {
            return file.ReadStoredAt(seq);
        }
        catch (Exception) // only for show; whoever needs the record meets the fault and reports it
        {
            return null;
        }
    }
}
