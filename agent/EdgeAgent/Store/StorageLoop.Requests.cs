using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Store;

/// <content>What is asked of the open journal.</content>
internal sealed partial class StorageLoop
{
    /// <summary>Runs a request and hands over its answer or its fault.</summary>
    public void Answer<T>(JournalFile? file, Func<JournalFile, T> ask, TaskCompletionSource<T> answer)
    {
        if (file is null)
        {
            answer.TrySetException(new StoreUnavailableException($"the store cannot be read: {_board.Fault}"));
            return;
        }

        try
        {
            answer.TrySetResult(ask(file));
        }
        catch (Exception fault) // LiteDB throws anything on a damaged page; the caller must hear of it and the thread must live
        {
            Fail(fault);
            answer.TrySetException(new StoreUnavailableException($"the store cannot be read: {fault.Message}", fault));
        }
    }

    /// <summary>State as of the last commit.</summary>
    public RestoredState Restore(JournalFile file) => new(
        file.ReadSnapshot(),
        file.Meta.Epoch,
        file.Meta.Begins.Predecessor,
        file.Meta.Boot,
        file.Meta.NextSeq,
        file.Meta.LastSealedTicks == 0 ? null : new DateTimeOffset(file.Meta.LastSealedTicks, TimeSpan.Zero),
        file.Attempts.All(),
        file.Consents.All(),
        _loss);

    /// <summary>Remembers the nonce of a command.</summary>
    public bool Remember(JournalFile file, string nonce, DateTimeOffset until)
    {
        file.Remember(nonce, until, _time.GetUtcNow());
        return true;
    }

    /// <summary>Compares an anchor with the journal and keeps it for the next record; where they contradict each other a new epoch begins.</summary>
    public AnchorOutcome Take(JournalFile file, Anchor anchor)
    {
        AnchorOutcome outcome = file.Compare(anchor);
        if (outcome == AnchorOutcome.RolledBack)
        {
            Replace(file, JournalOpening.RolledBack, file.Meta.LastSeq, anchor);
        }
        else if (outcome == AnchorOutcome.Rewritten)
        {
            Replace(file, JournalOpening.Rewritten, anchor.Seq, anchor);
        }

        _stamp.Anchor = anchor;
        return outcome;
    }

    private void Replace(JournalFile file, string loss, long lossSeq, Anchor anchor)
    {
        DateTimeOffset now = _time.GetUtcNow();
        JournalOpening.Close(file);
        File = null;
        File = _opening.Replace(now, _boot, loss, lossSeq, new EpochLink(anchor.Epoch, anchor.Seq, anchor.Hash));
        Adopt(File, now);
    }
}
