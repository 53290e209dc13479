namespace EdgeAgent.Forward;

/// <summary>
/// The order in which one connection sends: the newest record first and then each new one as it comes, so that dashboards are current;
/// between them the backlog, oldest first. Pure: holds positions only.
/// </summary>
internal sealed class SendPlan
{
    private readonly long _backlogEnd;
    private long _backlogNext;
    private long _liveNext;
    private long _last;

    /// <param name="acknowledged">Every record up to this one is done.</param>
    /// <param name="last">Newest record at the time of connecting.</param>
    public SendPlan(long acknowledged, long last)
    {
        _backlogNext = acknowledged + 1;
        _backlogEnd = last - 1;
        _liveNext = Math.Max(last, acknowledged + 1);
        _last = last;
    }

    /// <summary>Notes that records up to <paramref name="last"/> exist now.</summary>
    public void Extend(long last) => _last = Math.Max(_last, last);

    /// <summary>The next records to send; an empty range when all have been.</summary>
    public SendRange Next() =>
        _liveNext <= _last ? new SendRange(_liveNext, _last, IsLive: true)
        : _backlogNext <= _backlogEnd ? new SendRange(_backlogNext, _backlogEnd, IsLive: false)
        : default;

    /// <summary>Notes that <paramref name="range"/> has been dealt with up to <paramref name="seq"/>.</summary>
    public void Advance(SendRange range, long seq)
    {
        if (range.IsLive)
        {
            _liveNext = seq + 1;
        }
        else
        {
            _backlogNext = seq + 1;
        }
    }
}

/// <summary>Sequence numbers to send, both ends included.</summary>
internal readonly record struct SendRange(long First, long Last, bool IsLive)
{
    /// <summary>True when there is nothing to send.</summary>
    public bool IsEmpty => First == 0;
}
