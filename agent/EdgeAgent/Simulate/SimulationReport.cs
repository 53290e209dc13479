using EdgeAgent.Core.Guard;
using EdgeAgent.Guards;

namespace EdgeAgent.Simulate;

/// <summary>Outcome of trying a policy on captures.</summary>
/// <param name="Files">Captures, in the order they were read.</param>
/// <param name="PolicyName">The policy as people call it.</param>
/// <param name="Policy">The policy.</param>
/// <param name="ObserveFor">How long rules only observed.</param>
/// <param name="First">Earliest packet.</param>
/// <param name="Last">Latest packet.</param>
/// <param name="Figures">What rules said.</param>
internal sealed record SimulationReport(
    IReadOnlyList<string> Files,
    string PolicyName,
    PolicyResult Policy,
    TimeSpan ObserveFor,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    SimulationFigures Figures)
{
    /// <summary>Sums of each rule that said something, in the order rules are asked.</summary>
    public IEnumerable<RuleSum> Rules => Figures.Rows.GroupBy(row => row.Rule).Select(group => new RuleSum(
        group.Key,
        group.Sum(row => row.Blocked),
        group.Sum(row => row.AlsoBroken),
        group.Sum(row => row.Alerts),
        group.Sum(row => row.Observed),
        group.Select(row => row.Number).Distinct().Count()));
}

/// <summary>What one rule said altogether; the figures are those of <see cref="SimulationRow"/>.</summary>
internal sealed record RuleSum(GuardId Rule, long Blocked, long AlsoBroken, long Alerts, long Observed, int Numbers);
