using System.Text.Json;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Forward;

/// <summary>What guards say, as JSON members of a record.</summary>
internal static class GuardJson
{
    /// <summary>Writes those of the members of an event that are a guard's; a fact that is not known is left out.</summary>
    public static void Write(Utf8JsonWriter writer, AgentEvent happened)
    {
        if (happened.AlertChange is AlertChange change)
        {
            writer.WriteString("change", CamelCase.Of(change));
        }

        if (happened.Hit is GuardHit hit)
        {
            WriteHit(writer, hit);
        }

        if (happened.Count is long count)
        {
            writer.WriteNumber("count", count);
        }

        if (happened.Step is StandingStep step)
        {
            WriteStep(writer, step);
        }

        if (happened.Changes is { } changes)
        {
            writer.WriteStartArray("changes");
            foreach (string line in changes)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Writes a hit: rule, reason, action, and the figures behind it.</summary>
    public static void WriteHit(Utf8JsonWriter writer, in GuardHit hit)
    {
        writer.WriteString("rule", GuardIds.NameOf(hit.Rule));
        writer.WriteString("action", CamelCase.Of(hit.Action));
        writer.WriteString("reason", hit.Reason);
        if (hit.IsCritical)
        {
            writer.WriteBoolean("critical", true);
        }

        if (hit.Limit > 0)
        {
            writer.WriteNumber("value", Math.Round(hit.Value, 6));
            writer.WriteNumber("limit", Math.Round(hit.Limit, 6));
        }

        if (hit.Sample > 0)
        {
            writer.WriteNumber("sample", hit.Sample);
        }

        if (hit.AllowedAt is DateTimeOffset allowedAt)
        {
            writer.WriteString("allowedAt", Instant.Seconds(allowedAt));
        }

        if (hit.Reference is not null)
        {
            writer.WriteString("reference", hit.Reference);
        }
    }

    private static void WriteStep(Utf8JsonWriter writer, in StandingStep step)
    {
        writer.WriteString("standing", CamelCase.Of(step.To));
        writer.WriteString("before", CamelCase.Of(step.From));
        if (step.By != SuspendedBy.Nobody)
        {
            writer.WriteString("by", CamelCase.Of(step.By));
        }

        if (step.Until is DateTimeOffset until)
        {
            writer.WriteString("until", Instant.Seconds(until));
        }
    }
}
