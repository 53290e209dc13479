namespace EdgeAgent.Core;

/// <summary>When each of many keys was noted last, for a short while: bounded in time and in number. Not thread-safe.</summary>
/// <param name="window">How long a key is remembered.</param>
/// <param name="capacity">Notes held at most; past it the oldest is forgotten.</param>
/// <typeparam name="TKey">What is noted.</typeparam>
internal sealed class RecentTimes<TKey>(TimeSpan window, int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, DateTimeOffset> _last = [];
    private readonly Queue<(TKey Key, DateTimeOffset At)> _order = new();

    /// <summary>What is remembered, oldest first, to save it.</summary>
    public IEnumerable<(TKey Key, DateTimeOffset At)> Notes => _order.Where(note => _last.GetValueOrDefault(note.Key) == note.At);

    /// <summary>Keys forgotten within the window because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Notes <paramref name="key"/>, and forgets what is past the bounds.</summary>
    public void Note(TKey key, DateTimeOffset at)
    {
        while (_order.TryPeek(out (TKey Key, DateTimeOffset At) oldest) && (at - oldest.At > window || _order.Count >= capacity))
        {
            _order.Dequeue();
            if (_last.GetValueOrDefault(oldest.Key) == oldest.At)
            {
                _last.Remove(oldest.Key);
                Forgotten += at - oldest.At <= window ? 1 : 0;
            }
        }

        _last[key] = at;
        _order.Enqueue((key, at));
    }

    /// <summary>Whether <paramref name="key"/> was noted at most one window before or after <paramref name="at"/>.</summary>
    public bool IsNear(TKey key, DateTimeOffset at) =>
        _last.TryGetValue(key, out DateTimeOffset noted) && (noted - at).Duration() <= window;

    /// <summary>The same, and forgets it.</summary>
    public bool TakeNear(TKey key, DateTimeOffset at) =>
        _last.Remove(key, out DateTimeOffset noted) && (noted - at).Duration() <= window;
}
