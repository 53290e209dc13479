namespace EdgeAgent.Core.Commands;

/// <summary>Lets so many through in a time: a bucket that fills evenly. Pure but for what it holds; not thread-safe.</summary>
/// <param name="burst">Let through at once after a long rest.</param>
/// <param name="every">Time in which one more is allowed.</param>
public sealed class RateMeter(int burst, TimeSpan every)
{
    private TimeSpan _spent; // time at which the bucket would be full again

    /// <summary>Takes one.</summary>
    /// <param name="elapsed">Time since any fixed moment, by a clock that never goes back.</param>
    /// <returns>False when there have been too many.</returns>
    public bool TryTake(TimeSpan elapsed)
    {
        TimeSpan from = _spent > elapsed ? _spent : elapsed;
        if (from + every - elapsed > burst * every)
        {
            return false;
        }

        _spent = from + every;
        return true;
    }
}
