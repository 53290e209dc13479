using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Replay;

/// <summary>Sums what the engine seals: sealed minutes are the only source of figures, in a file as on the wire.</summary>
/// <param name="callWriter">Takes calls as they close; null when nobody asked for them.</param>
/// <param name="publishing">Takes minutes and events to be published; null when nobody asked for that.</param>
internal sealed class ReplayFigures(Action<Call>? callWriter, ReplayPublishing? publishing) : IEngineOutput
{
    private readonly Dictionary<NumberKey, NumberCounters> _numbers = [];

    /// <summary>Counters of all numbers together.</summary>
    public NumberCounters Totals { get; } = new();

    /// <summary>Counters that belong to no number.</summary>
    public TrafficCounters Traffic { get; } = new();

    /// <summary>Quality of all minutes together.</summary>
    public CaptureQuality Quality { get; } = new();

    /// <summary>Counters per number: numbers ascending, then what is no number.</summary>
    public IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> Numbers
    {
        get
        {
            KeyValuePair<NumberKey, NumberCounters>[] rows = [.. _numbers];
            Array.Sort(rows, static (left, right) => NumberKey.Compare(left.Key, right.Key));
            return rows;
        }
    }

    /// <inheritdoc/>
    public void OnSealed(SealedMinute minute)
    {
        foreach ((NumberKey key, NumberCounters counters) in minute.Numbers)
        {
            if (!_numbers.TryGetValue(key, out NumberCounters? sum))
            {
                sum = new NumberCounters();
                _numbers.Add(key, sum);
            }

            sum.Add(counters);
            Totals.Add(counters);
        }

        Traffic.Add(minute.Traffic);
        Quality.Add(minute.Quality);
        publishing?.OnSealed(minute);
    }

    /// <inheritdoc/>
    public void OnEvent(AgentEvent agentEvent) => publishing?.OnEvent(agentEvent);

    /// <inheritdoc/>
    public void OnClosed(Call call) => callWriter?.Invoke(call);
}
