namespace EdgeAgent.Telemetry;

/// <summary>Tells whether every watched loop has advanced since the service manager was last told so.</summary>
public sealed class LoopWatch(IEnumerable<IHeartbeat> heartbeats)
{
    private readonly IHeartbeat[] _heartbeats = [.. heartbeats];
    private readonly Dictionary<string, long> _lastTold = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _lagging = [];

    /// <summary>Names of the loops that had not advanced at the last look.</summary>
    public IReadOnlyList<string> Lagging => _lagging;

    /// <summary>All watched loops.</summary>
    public IReadOnlyList<IHeartbeat> Loops => _heartbeats;

    /// <summary>Looks once. One thread only.</summary>
    /// <returns>True when all loops advanced since the last time it was true; then, and only then, the counts are taken anew.</returns>
    public bool HaveAllAdvanced()
    {
        (string Name, long Beats)[] now = [.. _heartbeats.Select(h => (h.Name, h.Beats))];
        string[] lagging = [.. now.Where(h => _lastTold.TryGetValue(h.Name, out long told) && h.Beats == told).Select(h => h.Name)];
        _lagging = lagging;
        if (lagging.Length > 0)
        {
            return false;
        }

        foreach ((string name, long beats) in now)
        {
            _lastTold[name] = beats;
        }

        return true;
    }
}
