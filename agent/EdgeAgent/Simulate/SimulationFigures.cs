using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Simulate;

/// <summary>Gathers verdicts by rule, number and hour, alerts on figures of days, and suspensions. One thread.</summary>
internal sealed class SimulationFigures : IEngineOutput, IVerdictObserver
{
    private readonly Dictionary<(GuardId, NumberKey, long), SimulationRow> _rows = [];
    private readonly List<(NumberKey Number, StandingStep Step)> _steps = [];

    /// <summary>Outbound attempts judged.</summary>
    public long Calls { get; private set; }

    /// <summary>Those that would have been refused.</summary>
    public long Blocked { get; private set; }

    /// <summary>Those let through with an alert.</summary>
    public long Alerted { get; private set; }

    /// <summary>Rows by rule, number and hour.</summary>
    public IEnumerable<SimulationRow> Rows => _rows.Values
        .OrderBy(row => row.Rule).ThenBy(row => row.Number.ToString(), StringComparer.Ordinal).ThenBy(row => row.Hour);

    /// <summary>Numbers taken out of service or put back, in order.</summary>
    public IReadOnlyList<(NumberKey Number, StandingStep Step)> Steps => _steps;

    /// <inheritdoc/>
    public void OnVerdict(in GuardFacts facts, GuardDecision decision)
    {
        Calls++;
        Blocked += decision.IsBlocked ? 1 : 0;
        Alerted += decision.Action == GuardAction.Alert ? 1 : 0;
        bool isDecided = false;
        foreach (ref readonly GuardHit hit in decision.Hits)
        {
            bool isDeciding = !isDecided && hit.Action >= GuardAction.Block;
            isDecided |= isDeciding;
            Row(hit.Rule, facts.Number, facts.At).Take(hit, isDeciding);
        }
    }

    /// <inheritdoc/>
    public void OnEvent(AgentEvent agentEvent)
    {
        if (agentEvent is { Kind: AgentEventKind.Alert, Hit: { } hit, Number: { } number, AlertChange: AlertChange.Raised or AlertChange.Updated }
            && !GuardIds.OfCalls.Contains(hit.Rule)) // those are counted call by call
        {
            Row(hit.Rule, number, agentEvent.At).TakeAlert(hit);
        }

        if (agentEvent is { Kind: AgentEventKind.Standing, Step: { } step, Number: { } concerned }
            && (step.To is Standing.Suspended or Standing.Probation || step.From is Standing.Suspended or Standing.Probation))
        {
            _steps.Add((concerned, step));
        }
    }

    /// <inheritdoc/>
    public void OnSealed(SealedMinute minute)
    {
        // what is asked for here is in no minute: which rule decided
    }

    /// <inheritdoc/>
    public void OnClosed(Call call)
    {
        // judged at its beginning
    }

    private SimulationRow Row(GuardId rule, NumberKey number, DateTimeOffset at)
    {
        long hour = at.UtcTicks / TimeSpan.TicksPerHour;
        (GuardId, NumberKey, long) key = (rule, number, hour);
        if (!_rows.TryGetValue(key, out SimulationRow? row))
        {
            _rows[key] = row = new SimulationRow(rule, number, new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero));
        }

        return row;
    }
}
