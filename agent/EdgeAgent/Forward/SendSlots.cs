namespace EdgeAgent.Forward;

/// <summary>Places for messages that are sent and not yet acknowledged: as many as the broker and we allow.</summary>
internal sealed class SendSlots(int count, ForwardBoard board) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for a place.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        board.Sending();
    }

    /// <summary>Gives a place back; last of all, since an empty flight means that everything is settled.</summary>
    public void Free()
    {
        board.Settled();
        _free.Release();
    }

    /// <summary>Waits until nothing is in flight, at most <paramref name="limit"/> for each message.</summary>
    public async Task SettleAsync(TimeSpan limit)
    {
        int taken = 0;
        while (taken < count && await _free.WaitAsync(limit).ConfigureAwait(false))
        {
            taken++;
        }

        if (taken > 0)
        {
            _free.Release(taken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
