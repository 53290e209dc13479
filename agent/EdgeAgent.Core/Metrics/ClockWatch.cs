namespace EdgeAgent.Core.Metrics;

/// <summary>The three clocks at one instant.</summary>
/// <param name="Wall">CLOCK_REALTIME: what packets are stamped with. Can be set.</param>
/// <param name="Monotonic">CLOCK_MONOTONIC: runs evenly, stands while the machine sleeps.</param>
/// <param name="Boot">CLOCK_BOOTTIME: as the monotonic one, and runs on while the machine sleeps.</param>
public readonly record struct ClockReading(DateTimeOffset Wall, TimeSpan Monotonic, TimeSpan Boot);

/// <summary>What became of the clocks between two looks.</summary>
/// <param name="Step">By how much the wall clock was set: above zero forward, below back.</param>
/// <param name="Suspended">For how long the machine slept.</param>
public readonly record struct ClockChange(TimeSpan Step, TimeSpan Suspended)
{
    /// <summary>Neither happened.</summary>
    public bool IsNone => Step == TimeSpan.Zero && Suspended == TimeSpan.Zero;
}

/// <summary>
/// Pairs the wall clock with the monotonic one. NTP slews both alike, so a difference is a step: the clock was set. Summer time is none, for
/// the wall clock counts UTC. Pure; one thread.
/// </summary>
public sealed class ClockWatch
{
    /// <summary>Smaller differences come from reading two clocks one after the other; they add up until they are one.</summary>
    private static readonly TimeSpan SmallestStep = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromSeconds(1);

    private ClockReading? _anchor;
    private ClockReading _last;

    /// <summary>Takes a look; the first one finds nothing.</summary>
    public ClockChange Look(ClockReading now)
    {
        if (_anchor is not { } anchor)
        {
            _anchor = now;
            _last = now;
            return default;
        }

        TimeSpan slept = now.Boot - _last.Boot - (now.Monotonic - _last.Monotonic);
        TimeSpan step = now.Wall - anchor.Wall - (now.Boot - anchor.Boot);
        _last = now;
        if (step.Duration() >= SmallestStep)
        {
            _anchor = now;
        }
        else
        {
            step = TimeSpan.Zero;
        }

        return new ClockChange(step, slept >= ShortestSleep ? slept : TimeSpan.Zero);
    }
}
