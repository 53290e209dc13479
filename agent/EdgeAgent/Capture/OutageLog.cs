using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Capture;

/// <summary>The last times in which a source could take nothing. One writer; read from any thread.</summary>
internal sealed class OutageLog
{
    /// <summary>Read once a second, and an outage lasts longer than that; the rest is for a reader that was held up.</summary>
    private const int Kept = 16;

    private volatile Outage[] _all = [];
    private long _number;

    /// <summary>The last outages, oldest first.</summary>
    public IReadOnlyList<Outage> All => _all;

    /// <summary>Nothing was taken after <paramref name="from"/>; without effect while an outage lasts.</summary>
    public void Begin(DateTimeOffset from)
    {
        if (_all is not [.., { To: null }])
        {
            _all = [.. _all.TakeLast(Kept - 1), new Outage(++_number, from, null)];
        }
    }

    /// <summary>All is taken again from <paramref name="to"/> on; without effect where no outage lasts.</summary>
    public void End(DateTimeOffset to)
    {
        if (_all is [.. Outage[] earlier, { To: null } last])
        {
            _all = [.. earlier, last with { To = to > last.From ? to : last.From }];
        }
    }
}
