using System.Globalization;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Forward;

namespace EdgeAgent.Reconcile;

/// <summary>Prints the outcome of a comparison.</summary>
internal sealed class ReconcileOutput(
    string path, string hash, CdrFile file, JournalFigures journal, Reconciliation outcome, double maxDifference, bool isRecorded)
{
    private const int NamedFaults = 10;

    private static readonly string[] Columns =
        ["number", "day", "listed", "matched", "missing", "extra", "blind", "answered", "journal", "seconds", "journal"];

    /// <summary>For people: what differs, then the sums.</summary>
    public void WriteTable(TextWriter output, bool isAll)
    {
        DayReconciliation[] days = [.. outcome.Days.Where(day => isAll || !day.Agrees)];
        if (days.Length > 0)
        {
            Terminal.WriteTable(output, Columns, [.. days.Select(Row)]);
            output.WriteLine();
        }

        output.WriteLine(Text($"{path}: {file.Rows} rows, {file.Count} calls, {file.PassedOver} on other channels, {file.Unreadable} not readable; SHA-256 {hash}"));
        foreach (CdrFault fault in file.Faults.Take(NamedFaults))
        {
            output.WriteLine(Text($"  line {fault.Line}: {fault.Cause}"));
        }

        output.WriteLine(Text($"compared {Instant.Seconds(outcome.From)} to {Instant.Seconds(outcome.To)}; {outcome.Outside} calls lie outside"));
        output.WriteLine(Text(
            $"{outcome.Listed} calls listed: {outcome.Matched} matched, {outcome.Missing} missing in the journal, {outcome.Blind} while the agent was blind; {outcome.Extra} extra in the journal"));
        output.WriteLine(Text(
            $"difference {outcome.Share:0.00 %}, {(outcome.Share <= maxDifference ? "within" : "above")} {maxDifference:0.## %}{(isRecorded ? "; recorded in the journal" : "")}"));
    }

    /// <summary>For programs: every day.</summary>
    public void WriteJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteString("file", path);
        writer.WriteString("fileHash", hash);
        writer.WriteNumber("rows", file.Rows);
        writer.WriteNumber("otherChannels", file.PassedOver);
        writer.WriteNumber("unreadable", file.Unreadable);
        writer.WriteStartArray("faults");
        foreach (CdrFault fault in file.Faults)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", fault.Line);
            writer.WriteString("cause", fault.Cause);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("from", Instant.Microseconds(outcome.From));
        writer.WriteString("to", Instant.Microseconds(outcome.To));
        writer.WriteString("journalFrom", journal.From is { } from ? Instant.Microseconds(from) : null);
        writer.WriteString("journalTo", journal.To is { } to ? Instant.Microseconds(to) : null);
        writer.WriteNumber("outside", outcome.Outside);
        writer.WriteNumber("calls", outcome.Listed);
        writer.WriteNumber("matched", outcome.Matched);
        writer.WriteNumber("missing", outcome.Missing);
        writer.WriteNumber("extra", outcome.Extra);
        writer.WriteNumber("blind", outcome.Blind);
        writer.WriteNumber("share", decimal.Round((decimal)outcome.Share, 6));
        writer.WriteNumber("maxDifference", maxDifference);
        writer.WriteBoolean("isWithin", outcome.Share <= maxDifference);
        writer.WriteBoolean("isRecorded", isRecorded);
        writer.WriteStartArray("days");
        foreach (DayReconciliation day in outcome.Days)
        {
            Write(writer, day);
        }

        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, DayReconciliation day)
    {
        writer.WriteStartObject();
        writer.WriteString("number", day.Number);
        writer.WriteString("day", day.Day.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteNumber("calls", day.Listed);
        writer.WriteNumber("matched", day.Matched);
        writer.WriteNumber("missing", day.Missing);
        writer.WriteNumber("extra", day.Extra);
        writer.WriteNumber("blind", day.Blind);
        writer.WriteNumber("answered", day.ListedAnswered);
        writer.WriteNumber("journalAnswered", day.JournalAnswered);
        writer.WriteNumber("seconds", decimal.Round((decimal)day.ListedSeconds, 3));
        writer.WriteNumber("journalSeconds", decimal.Round((decimal)day.JournalSeconds, 3));
        writer.WriteEndObject();
    }

    private static string[] Row(DayReconciliation day) =>
    [
        day.Number,
        day.Day.ToString("O", CultureInfo.InvariantCulture),
        Whole(day.Listed),
        Whole(day.Matched),
        Whole(day.Missing),
        Whole(day.Extra),
        Whole(day.Blind),
        Whole(day.ListedAnswered),
        Whole(day.JournalAnswered),
        day.ListedSeconds.ToString("F0", CultureInfo.InvariantCulture),
        day.JournalSeconds.ToString("F0", CultureInfo.InvariantCulture),
    ];

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
