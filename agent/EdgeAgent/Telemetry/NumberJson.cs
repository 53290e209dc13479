using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Telemetry;

/// <summary>
/// The figures of one number as <c>replay --json</c> and <c>numbers --json</c> print them: every counter, zeros too, and ratios, null without
/// denominator (agent/DEFINITIONS.md). Stable: names are never changed, only added. Seconds have six decimals.
/// </summary>
internal static class NumberJson
{
    private static readonly string[] Groups =
        [.. CounterFields.InGroups.Select(field => field.Group).OfType<string>().Distinct().OrderBy(group => group != "dispositions")];

    /// <summary>Writes one row.</summary>
    public static void WriteRow(Utf8JsonWriter writer, string number, NumberCounters counters)
    {
        writer.WriteStartObject();
        writer.WriteString("number", number);
        WriteFields(writer, group: null, counters);
        writer.WriteNumber("open", counters.Attempts - counters.Disposed);
        WriteRatio(writer, "answerRate", counters.AnswerRate());
        WriteRatio(writer, "acdSeconds", counters.AcdSeconds());
        WriteRatio(writer, "pddSeconds", counters.PostDialSeconds());
        writer.WriteStartObject("status");
        foreach ((short code, long count) in counters.Status.Entries)
        {
            writer.WriteNumber(code.ToString(CultureInfo.InvariantCulture), count);
        }

        writer.WriteEndObject();
        foreach (string group in Groups)
        {
            WriteGroup(writer, group, counters);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the counters of one group as an object under its name.</summary>
    public static void WriteGroup(Utf8JsonWriter writer, string group, NumberCounters counters)
    {
        writer.WriteStartObject(group);
        WriteFields(writer, group, counters);
        writer.WriteEndObject();
    }

    /// <summary>Writes a value rounded to six decimals, or null.</summary>
    public static void WriteRatio(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, string? group, NumberCounters counters)
    {
        foreach (CounterField field in CounterFields.All.Where(field => field.Group == group))
        {
            if (field.Unit == CounterUnit.Duration)
            {
                WriteRatio(writer, field.Name, TimeSpan.FromTicks(field.Read(counters)).TotalSeconds);
            }
            else
            {
                writer.WriteNumber(field.Name, field.Read(counters));
            }
        }
    }
}
