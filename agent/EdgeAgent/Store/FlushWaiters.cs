namespace EdgeAgent.Store;

/// <summary>Those who wait until a batch is on disk. Storage thread only.</summary>
internal sealed class FlushWaiters
{
    private readonly List<(long Submission, TaskCompletionSource Flushed)> _all = [];

    /// <summary>True when somebody waits.</summary>
    public bool Any => _all.Count > 0;

    /// <summary>Adds one who waits for batch number <paramref name="submission"/>.</summary>
    public void Add(long submission, TaskCompletionSource flushed) => _all.Add((submission, flushed));

    /// <summary>All batches up to <paramref name="submission"/> are on disk.</summary>
    public void Complete(long submission)
    {
        foreach ((_, TaskCompletionSource flushed) in _all.Where(flush => flush.Submission <= submission))
        {
            flushed.TrySetResult();
        }

        _all.RemoveAll(flush => flush.Submission <= submission);
    }

    /// <summary>Nothing more will be on disk.</summary>
    public void GiveUp(string reason)
    {
        foreach ((_, TaskCompletionSource flushed) in _all)
        {
            flushed.TrySetException(new StoreUnavailableException($"the store was closed: {reason}"));
        }
    }
}
