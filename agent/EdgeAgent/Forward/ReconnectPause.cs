namespace EdgeAgent.Forward;

/// <summary>Pauses between connections: decorrelated jitter, so that a fleet does not come back in step after a broker's restart.</summary>
/// <param name="shortest">First pause, and the one after a connection that was stable.</param>
/// <param name="longest">Bound.</param>
/// <param name="random">Source of chance.</param>
internal sealed class ReconnectPause(TimeSpan shortest, TimeSpan longest, Random random)
{
    private TimeSpan? _last;

    /// <summary>The next pause: between the shortest and three times the last one.</summary>
    public TimeSpan Next()
    {
        double spread = ((_last ?? shortest) * 3 - shortest).TotalMilliseconds;
        TimeSpan next = shortest + TimeSpan.FromMilliseconds(random.NextDouble() * spread);
        next = next < longest ? next : longest;
        _last = next;
        return next;
    }

    /// <summary>Begins again with short pauses.</summary>
    public void Reset() => _last = null;
}
