using System.Globalization;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Guard;
using EdgeAgent.Imports;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Forward;

/// <summary><c>reports {reports: [{number, at, source, count}]}</c>: how many reports of spam sources have by now, by number and day.</summary>
internal sealed class ReportsHandler(GuardDesk desk, Func<AgentOptions> options) : ICommandHandler
{
    private const int MaxReports = 50_000;

    /// <inheritdoc/>
    public string Name => CommandNames.Reports;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using JsonDocument arguments = CommandArguments.Open(command.Arguments);
        if (!arguments.RootElement.TryGetProperty("reports", out JsonElement reports) || reports.ValueKind != JsonValueKind.Array
            || reports.GetArrayLength() > MaxReports)
        {
            return CommandOutcome.Failed("badReports");
        }

        List<ReportLine> lines = [];
        foreach (JsonElement report in reports.EnumerateArray())
        {
            if (LineOf(report, lines.Count + 1) is not { } line)
            {
                return CommandOutcome.Failed("badReports", writer => writer.WriteNumber("report", lines.Count + 1));
            }

            lines.Add(line);
        }

        long added = 0;
        long unused = 0;
        foreach (ReportLine[] part in lines.Chunk(ReportImport.MaxLines))
        {
            ReportOutcome outcome = await desk.OrderAsync(
                (book, now) => ReportImport.Take(book, now, part, options()), cancellationToken).ConfigureAwait(false);
            (added, unused) = (added + outcome.Added, unused + outcome.Faults.Count);
        }

        return CommandOutcome.Done(writer =>
        {
            writer.WriteNumber("added", added);
            writer.WriteNumber("unused", unused);
        });
    }

    private static ReportLine? LineOf(JsonElement report, int place) =>
        report.ValueKind == JsonValueKind.Object
        && report.TryGetProperty("number", out JsonElement number) && number.ValueKind == JsonValueKind.String
        && report.TryGetProperty("at", out JsonElement at) && at.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParseExact(
            at.GetString(), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        && report.TryGetProperty("source", out JsonElement source) && source.ValueKind == JsonValueKind.String
        && report.TryGetProperty("count", out JsonElement count) && count.ValueKind == JsonValueKind.Number && count.TryGetUInt32(out uint reported)
            ? new ReportLine(place, number.GetString()!, new ParisDay().Of(time), source.GetString()!, reported)
            : null;
}
