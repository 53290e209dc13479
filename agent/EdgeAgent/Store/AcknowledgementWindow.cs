namespace EdgeAgent.Store;

/// <summary>
/// Which records the broker has acknowledged. Live records overtake the backlog, so acknowledgements come out of order: all up to
/// <see cref="Contiguous"/>, and some past it. Those past it are in memory only; after a crash they are sent again, which is harmless.
/// </summary>
internal sealed class AcknowledgementWindow
{
    /// <summary>Acknowledgements remembered past the first gap. Past it they are forgotten and the record is sent twice.</summary>
    internal const int MaxAhead = 65_536;

    private readonly Lock _gate = new();
    private readonly HashSet<long> _ahead = [];
    private long _contiguous;

    /// <summary>Every record up to this one is acknowledged.</summary>
    public long Contiguous
    {
        get
        {
            lock (_gate)
            {
                return _contiguous;
            }
        }
    }

    /// <summary>Records acknowledged past the first gap.</summary>
    public int Ahead
    {
        get
        {
            lock (_gate)
            {
                return _ahead.Count;
            }
        }
    }

    /// <summary>True when <paramref name="seq"/> is acknowledged.</summary>
    public bool Contains(long seq)
    {
        lock (_gate)
        {
            return seq <= _contiguous || _ahead.Contains(seq);
        }
    }

    /// <summary>Notes one acknowledgement.</summary>
    public void Add(long seq)
    {
        lock (_gate)
        {
            if (seq == _contiguous + 1)
            {
                _contiguous = seq;
                Join();
            }
            else if (seq > _contiguous && _ahead.Count < MaxAhead)
            {
                _ahead.Add(seq);
            }
        }
    }

    /// <summary>Moves past records that no longer exist.</summary>
    public void SkipTo(long seq)
    {
        lock (_gate)
        {
            if (seq > _contiguous)
            {
                _contiguous = seq;
                _ahead.RemoveWhere(ahead => ahead <= seq);
                Join();
            }
        }
    }

    /// <summary>Begins anew with a journal whose cursor stands at <paramref name="seq"/>.</summary>
    public void Reset(long seq)
    {
        lock (_gate)
        {
            _contiguous = seq;
            _ahead.Clear();
        }
    }

    private void Join()
    {
        while (_ahead.Remove(_contiguous + 1))
        {
            _contiguous++;
        }
    }
}
