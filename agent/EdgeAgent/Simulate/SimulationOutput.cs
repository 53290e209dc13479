using System.Globalization;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Replay;
using NodaTime;
using Instant = EdgeAgent.Forward.Instant;

namespace EdgeAgent.Simulate;

/// <summary>Prints what a policy would have done.</summary>
internal static class SimulationOutput
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly string[] RuleColumns = ["rule", "blocked", "also", "alerts", "observed", "numbers"];
    private static readonly string[] RowColumns = ["rule", "number", "hour", "blocked", "also", "alerts", "observed", "reasons"];

    /// <summary>For people.</summary>
    public static void WriteTable(SimulationReport report, TextWriter output)
    {
        SimulationFigures figures = report.Figures;
        string period = report is { First: { } first, Last: { } last } ? $"{Instant.Seconds(first)} to {Instant.Seconds(last)}" : "no packets";
        output.WriteLine($"{report.PolicyName}, rules observe for {report.ObserveFor.TotalDays.ToString("0.##", CultureInfo.InvariantCulture)} d; {period}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Calls} outbound attempts judged: {figures.Blocked} would have been blocked, {figures.Alerted} let through with an alert"));
        RuleSum[] rules = [.. report.Rules];
        if (rules.Length == 0)
        {
            output.WriteLine("no rule had anything to say");
            return;
        }

        output.WriteLine();
        Terminal.WriteTable(output, RuleColumns, [.. rules.Select(rule => (string[])
            [GuardIds.NameOf(rule.Rule), Whole(rule.Blocked), Whole(rule.AlsoBroken), Whole(rule.Alerts), Whole(rule.Observed), Whole(rule.Numbers)])]);
        output.WriteLine();
        Terminal.WriteTable(output, RowColumns, [.. figures.Rows.Select(row => Fields(row, Civil(row.Hour)))]);
        if (figures.Steps.Count > 0)
        {
            output.WriteLine();
            foreach ((NumberKey number, StandingStep step) in figures.Steps)
            {
                string until = step.Until is { } end ? $" until {Civil(end)}" : "";
                output.WriteLine(Terminal.Safe($"{Civil(step.At)}  {number}: {CamelCase.Of(step.From)} to {CamelCase.Of(step.To)}{until} ({step.Reason})"));
            }
        }
    }

    /// <summary>For spreadsheets: a line per rule, number and hour.</summary>
    public static void WriteCsv(SimulationReport report, TextWriter output)
    {
        ReplayCsv.WriteLine(output, RowColumns);
        foreach (SimulationRow row in report.Figures.Rows)
        {
            ReplayCsv.WriteLine(output, Fields(row, Instant.Seconds(row.Hour)));
        }
    }

    /// <summary>For programs.</summary>
    public static void WriteJson(SimulationReport report, TextWriter output) => Cli.JsonOutput.Write(output, writer =>
    {
        writer.WriteStartArray("files");
        foreach (string file in report.Files)
        {
            writer.WriteStringValue(file);
        }

        writer.WriteEndArray();
        writer.WriteString("policy", report.PolicyName);
        writer.WriteString("policyHash", report.Policy.Policy!.Hash);
        writer.WriteNumber("observeForSeconds", (long)report.ObserveFor.TotalSeconds);
        writer.WriteString("first", report.First is { } first ? Instant.Microseconds(first) : null);
        writer.WriteString("last", report.Last is { } last ? Instant.Microseconds(last) : null);
        writer.WriteNumber("attempts", report.Figures.Calls);
        writer.WriteNumber("blocked", report.Figures.Blocked);
        writer.WriteNumber("alerted", report.Figures.Alerted);
        writer.WriteStartArray("rules");
        foreach (RuleSum rule in report.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", GuardIds.NameOf(rule.Rule));
            WriteCounts(writer, rule.Blocked, rule.AlsoBroken, rule.Alerts, rule.Observed);
            writer.WriteNumber("numbers", rule.Numbers);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (SimulationRow row in report.Figures.Rows)
        {
            Write(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("standings");
        foreach ((NumberKey number, StandingStep step) in report.Figures.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("number", number.ToString());
            writer.WriteString("at", Instant.Microseconds(step.At));
            writer.WriteString("from", CamelCase.Of(step.From));
            writer.WriteString("to", CamelCase.Of(step.To));
            writer.WriteString("reason", step.Reason);
            writer.WriteString("until", step.Until is { } until ? Instant.Microseconds(until) : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, SimulationRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", GuardIds.NameOf(row.Rule));
        writer.WriteString("number", row.Number.ToString());
        writer.WriteString("hour", Instant.Seconds(row.Hour));
        WriteCounts(writer, row.Blocked, row.AlsoBroken, row.Alerts, row.Observed);
        writer.WriteStartArray("reasons");
        foreach (string reason in row.Reasons)
        {
            writer.WriteStringValue(reason);
        }

        writer.WriteEndArray();
        writer.WriteString("example", GuardWords.Of(row.Example));
        writer.WriteString("reference", row.Example.Reference);
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, long blocked, long also, long alerts, long observed)
    {
        writer.WriteNumber("blocked", blocked);
        writer.WriteNumber("also", also);
        writer.WriteNumber("alerts", alerts);
        writer.WriteNumber("observed", observed);
    }

    private static string[] Fields(SimulationRow row, string hour) =>
    [
        GuardIds.NameOf(row.Rule), row.Number.ToString(), hour, Whole(row.Blocked), Whole(row.AlsoBroken), Whole(row.Alerts), Whole(row.Observed),
        string.Join(' ', row.Reasons),
    ];

    /// <summary>Date and time of day in Paris.</summary>
    private static string Civil(DateTimeOffset at) =>
        OffsetDateTime.FromDateTimeOffset(at).InZone(Paris).LocalDateTime.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);


    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
