namespace EdgeAgent.Forward;

/// <summary>
/// Which of two brokers the next connection goes to: the first, unless it has been of no use for some time. Pure: told the time, holds
/// no clock. Without a second broker always the first.
/// </summary>
/// <param name="hasStandby">There is a second broker.</param>
/// <param name="after">How long the first may be of no use.</param>
internal sealed class BrokerChoice(bool hasStandby, TimeSpan after)
{
    private TimeSpan? _uselessSince;

    /// <summary>The second broker is next, or in use.</summary>
    public bool UsesStandby { get; private set; }

    /// <summary>A connection to the first broker ended, or could not be made.</summary>
    /// <param name="wasStable">It had stood for a while: the time begins anew.</param>
    /// <param name="now">When, on a clock that never steps.</param>
    public void FirstFailed(bool wasStable, TimeSpan now)
    {
        _uselessSince = wasStable ? now : _uselessSince ?? now;
        UsesStandby = hasStandby && now - _uselessSince >= after;
    }

    /// <summary>The first broker has its chance: it answers again, or the second has failed too.</summary>
    public void TryFirst() => UsesStandby = false;

    /// <summary>How long until the second broker is to be taken; null when it never is.</summary>
    public TimeSpan? UntilStandby(TimeSpan now) =>
        !hasStandby || _uselessSince is not { } since ? null : since + after > now ? since + after - now : TimeSpan.Zero;
}
