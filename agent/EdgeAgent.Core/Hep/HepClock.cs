namespace EdgeAgent.Core.Hep;

/// <summary>
/// Brings the clock of a HEP sender to the agent's own: its stamps give the time between messages, the receive time gives the minute.
/// A sender up to 2 s off is taken at its word.
/// </summary>
internal sealed class HepClock
{
    /// <summary>Difference up to which a sender's clock is the agent's.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private TimeSpan _correction;
    private TimeSpan? _widest;

    /// <summary>Packets of this sender.</summary>
    public long Packets { get; private set; }

    /// <summary>Last receive time minus sender's time: network, queue and clock error together.</summary>
    public TimeSpan Offset { get; private set; }

    /// <summary>The offset farthest from 0 since it was taken last; null without a stamp since.</summary>
    public TimeSpan? TakeWidestOffset()
    {
        TimeSpan? widest = _widest;
        _widest = null;
        return widest;
    }

    /// <summary>Time of a message on the agent's clock.</summary>
    /// <param name="stamp">The sender's time; null when the packet has none.</param>
    /// <param name="receivedAt">When the packet came.</param>
    /// <param name="followsSteps">The sender's clock may be set while it runs; false where receive times are not to be trusted beyond the first.</param>
    public DateTimeOffset Correct(DateTimeOffset? stamp, DateTimeOffset receivedAt, bool followsSteps)
    {
        bool isFirst = Packets++ == 0;
        if (stamp is not { } sent)
        {
            return receivedAt;
        }

        Offset = receivedAt - sent;
        _widest = _widest is { } widest && widest.Duration() >= Offset.Duration() ? widest : Offset;
        bool isOff = (Offset - _correction).Duration() > Tolerance;
        if (isOff && (isFirst || followsSteps))
        {
            _correction = Offset.Duration() > Tolerance ? Offset : TimeSpan.Zero;
        }

        return sent + _correction;
    }
}
