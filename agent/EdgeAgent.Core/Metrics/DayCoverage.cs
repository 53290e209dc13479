namespace EdgeAgent.Core.Metrics;

/// <summary>How much of the legal calling time of one civil day (Europe/Paris) was observed: observed + lost = legal time so far.</summary>
/// <param name="Day">The day.</param>
/// <param name="Legal">Legal calling time of the whole day; zero on a day that is closed.</param>
/// <param name="Observed">Legal time observed.</param>
/// <param name="Lost">Legal time not observed, by cause; zeros are left out.</param>
public sealed record DayCoverage(
    DateOnly Day, TimeSpan Legal, TimeSpan Observed, IReadOnlyList<KeyValuePair<ObservationCause, TimeSpan>> Lost)
{
    /// <summary>Legal time that has passed: all of it at the end of the day.</summary>
    public TimeSpan Elapsed => Lost.Aggregate(Observed, static (sum, each) => sum + each.Value);

    /// <summary>Observed ÷ elapsed; null while no legal time has passed.</summary>
    public double? Ratio => Elapsed > TimeSpan.Zero ? Observed / Elapsed : null;
}
