using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Telemetry;

/// <summary>Tells in <c>health</c> how well was observed: coverage of legal calling time, and what is not observed now.</summary>
/// <param name="signalling">Gives the last picture.</param>
internal sealed class CoverageHealth(ISignallingStatusSource signalling) : IHealthSource
{
    /// <inheritdoc/>
    public void WriteHealth(Utf8JsonWriter writer)
    {
        SignallingStatus? picture = signalling.Current;
        writer.WriteStartObject("observation");
        Write(writer, "coverage", picture?.Coverage);
        Write(writer, "coverageBefore", picture?.CoverageBefore);
        writer.WriteStartArray("unobserved");
        foreach (UnobservedPeriod open in picture?.Unobserved ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("source", open.Source);
            writer.WriteString("cause", ObservationCauses.NameOf(open.Cause));
            writer.WriteBoolean("blind", open.IsBlind);
            writer.WriteString("from", Instant.Microseconds(open.From));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, DayCoverage? coverage)
    {
        if (coverage is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        IntervalJson.WriteCoverage(writer, coverage);
        writer.WriteEndObject();
    }
}
