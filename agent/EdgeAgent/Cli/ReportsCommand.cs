using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Imports;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent reports</c>: reports of spam that others have of the company's numbers.</summary>
internal static class ReportsCommand
{
    public static Command Create() => new("reports", "Import reports of spam for the rules that weigh them.") { Import() };

    /// <summary>Lines of one number, day and source are added up: some files have a line for each report.</summary>
    private static IEnumerable<ReportLine> Summed(IEnumerable<ReportLine> lines) => lines
        .GroupBy(line => (line.Number, line.Day, line.Source))
        .Select(same => same.First() with { Count = (uint)Math.Min(uint.MaxValue, same.Sum(line => (long)line.Count)) });

    private static ExampleCommand Import()
    {
        Argument<string> file = new("FILE")
        {
            Description = "CSV with a header and the columns number, day, count, and perhaps source; - for standard input",
        };
        Option<string> source = new("--source")
        {
            Description = "Who has the reports, for lines without a source", HelpName = "NAME", DefaultValueFactory = _ => "import",
        };
        Option<bool> json = CommonOptions.Json();
        Option<string> socket = CommonOptions.Socket();
        ExampleCommand command = new(
            "import",
            "Import how many reports of spam a source has of a number on a day. The counts of a day are added up and are all of that day: importing a file twice changes nothing.",
            "edge-agent reports import reports.csv --source 33700")
        {
            file, source, json, socket,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using ControlClient control = new(parse.GetRequiredValue(socket));
            string path = parse.GetRequiredValue(file);
            string usual = parse.GetRequiredValue(source);
            List<ImportFault> faults = [];
            List<ReportLine> lines = [];
            ImportFile.Read(path, ["number", "day", "count"], (line, value) =>
            {
                if (!ImportTime.TryDay(value("day"), out DateOnly day))
                {
                    faults.Add(new ImportFault(line, "day is no date"));
                }
                else if (!uint.TryParse(value("count"), NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
                {
                    faults.Add(new ImportFault(line, "count is no whole number"));
                }
                else
                {
                    lines.Add(new ReportLine(line, value("number"), day, value("source") is { Length: > 0 } named ? named : usual, count));
                }
            });

            long added = 0;
            foreach (ReportLine[] part in Summed(lines).Chunk(ReportImport.MaxLines))
            {
                ReportOutcome outcome = await control.PostAsync(
                    "v1/reports", new ReportLines(part), TelemetryJson.Plain.ReportLines, TelemetryJson.Plain.ReportOutcome, cancellationToken).ConfigureAwait(false);
                added += outcome.Added;
                faults.AddRange(outcome.Faults);
            }

            ReportOutcome all = new(added, [.. faults.OrderBy(fault => fault.Line)]);
            if (parse.GetValue(json))
            {
                parse.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(all, TelemetryJson.Plain.ReportOutcome));
            }
            else
            {
                parse.InvocationConfiguration.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{added} new reports, {all.Faults.Count} lines could not be used"));
                ImportReport.WriteFaults(path, all.Faults, parse.InvocationConfiguration.Error);
            }

            return all.Faults.Count == 0 ? ExitCode.Ok : ExitCode.BadInput;
        });
        return command;
    }
}
