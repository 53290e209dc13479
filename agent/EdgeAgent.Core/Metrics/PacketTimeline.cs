namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Brings stamps of the wall clock to a time that runs on evenly when that clock is set. For some seconds after a step, packets stamped before
/// it are still on their way: which clock a stamp is of is told by which of the two it is nearer to. Pure; one thread.
/// </summary>
public sealed class PacketTimeline
{
    /// <summary>Further than this from the last look a stamp is a reason to look at the clocks again.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(2);

    /// <summary>No packet waits longer in ring and queue.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10);

    private DateTimeOffset _lastLook;
    private TimeSpan _step;
    private DateTimeOffset _seam;
    private DateTimeOffset _seamEnds;

    /// <summary>Begins with what an earlier run knew.</summary>
    /// <param name="offset">The wall clock minus the even time.</param>
    public PacketTimeline(TimeSpan offset) => Offset = offset;

    /// <summary>The wall clock minus the even time.</summary>
    public TimeSpan Offset { get; private set; }

    /// <summary>The clocks were looked at.</summary>
    /// <param name="wall">What the wall clock shows.</param>
    /// <param name="step">By how much it was set since the look before.</param>
    public void OnLook(DateTimeOffset wall, TimeSpan step)
    {
        Offset += step;
        _lastLook = wall;
        DateTimeOffset now = wall - Offset;
        if (step != TimeSpan.Zero)
        {
            _step = step;
            _seam = wall - (step / 2);
            TimeSpan half = step.Duration() / 2;
            _seamEnds = now + (half < OnTheWay ? half : OnTheWay);
        }
        else if (now >= _seamEnds)
        {
            _step = TimeSpan.Zero;
        }
    }

    /// <summary>A stamp that fits the last look; another one may be of a clock that has been set since.</summary>
    public bool IsNear(DateTimeOffset stamp) => (stamp - _lastLook).Duration() <= Near;

    /// <summary>The even time of a stamp.</summary>
    public DateTimeOffset Of(DateTimeOffset stamp)
    {
        bool isOfOldClock = (_step > TimeSpan.Zero && stamp < _seam) || (_step < TimeSpan.Zero && stamp > _seam);
        return isOfOldClock ? stamp - (Offset - _step) : stamp - Offset;
    }
}
