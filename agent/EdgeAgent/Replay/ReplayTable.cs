using System.Globalization;
using EdgeAgent.Cli;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Replay;

/// <summary>Prints a replay for people: a table per number, the totals, what was assumed, how well the capture could be read.</summary>
internal static class ReplayTable
{
    private static readonly string[] Columns =
        ["Number", "Attempts", "Answered", "Answer rate", "Talk", "ACD", "Call-backs", "Off hours", "Over cap", "Other rules"];

    private static readonly string[] CallColumns =
        ["Start (UTC)", "Direction", "Number", "Person", "Trunk", "Disposition", "Status", "Ring", "Talk", "Ended by"];

    /// <summary>Writes the whole report.</summary>
    public static void Write(TextWriter output, ReplayReport report, IReadOnlyList<CallRecord>? calls)
    {
        if (calls is not null)
        {
            Terminal.WriteTable(output, CallColumns, [.. calls.Select(CallRow)]);
            output.WriteLine();
        }

        List<IReadOnlyList<string>> rows = [];
        foreach ((NumberKey key, NumberCounters counters) in report.Figures.Numbers)
        {
            if (report.Number is null || report.Number == key.ToString())
            {
                rows.Add(Row(key.ToString(), counters));
            }
        }

        rows.Add(Row("Total", report.Figures.Totals));
        Terminal.WriteTable(output, Columns, rows);
        output.WriteLine();
        WriteTotals(output, report);
        WriteAssumed(output, report.Assumed);
        WriteQuality(output, report);
    }

    private static string[] Row(string name, NumberCounters counters) =>
    [
        name,
        Count(counters.Attempts),
        Count(counters.Answered),
        counters.AnswerRate() is { } rate ? (rate * 100).ToString("F1", CultureInfo.InvariantCulture) + " %" : "-",
        Duration(counters.Talk),
        counters.AcdSeconds() is { } acd ? acd.ToString("F1", CultureInfo.InvariantCulture) + " s" : "-",
        counters.InboundAttempts == 0 ? "-" : $"{Count(counters.InboundAnswered)}/{Count(counters.InboundAttempts)}",
        Count(counters.Guards.Of(GuardId.Hours).Violations),
        Count(counters.Guards.Of(GuardId.DailyCap).Violations),
        Count(counters.Guards.Violations - counters.Guards.Of(GuardId.Hours).Violations - counters.Guards.Of(GuardId.DailyCap).Violations),
    ];

    private static string[] CallRow(CallRecord call) =>
    [
        call.Start.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
        Words.Of(call.Direction),
        call.Number.ToString(),
        call.Person is { } person ? person[..8] : "-",
        call.Trunk ?? "-",
        call.Disposition is { } disposition ? Words.Of(disposition) : "open",
        call.Status is { } status ? status.ToString(CultureInfo.InvariantCulture) : "-",
        call.Ring is { } ring ? Duration(ring) : "-",
        call.Talk is { } talk ? Duration(talk) : "-",
        Words.Of(call.EndEvidence) ?? "-",
    ];

    private static void WriteTotals(TextWriter output, ReplayReport report)
    {
        NumberCounters totals = report.Figures.Totals;
        IEnumerable<string> dispositions = Enum.GetValues<Disposition>()
            .Where(disposition => totals[disposition] > 0)
            .Select(disposition => $"{Words.Of(disposition)} {Count(totals[disposition])}");
        output.WriteLine($"Outcomes: {Join(dispositions)}; open {Count(totals.Attempts - totals.Disposed)}; "
            + $"answered without a seen end {Count(totals.UnknownEnd)}.");
        if (totals.HumanCalls != totals.Attempts)
        {
            output.WriteLine($"Attempts of one call that failed over count once as {Count(totals.HumanCalls)} human calls.");
        }

        output.WriteLine($"Beside them: {Count(report.Figures.Traffic.Internal)} internal calls, "
            + $"{Count(report.Figures.Traffic.UnlistedTrunk)} over unlisted trunks, "
            + $"{Count(report.Figures.Traffic.OtherCalls)} others.");
    }

    private static void WriteAssumed(TextWriter output, ReplayAssumptions assumed)
    {
        output.WriteLine(assumed.Trunks.Count > 0
            ? $"Assumed: trunks {string.Join(", ", assumed.Trunks)}."
            : "Assumed: no trunks are known, so every dialog counts once under its caller (see --trunk).");
        if (assumed.OwnHosts.Count > 0)
        {
            output.WriteLine($"         {string.Join(", ", assumed.OwnHosts)}, inside a trunk's range, taken for this PBX.");
        }

        output.WriteLine($"         caller ID from {Join(assumed.IdentityOrder.Select(Words.Of<IdentitySource>))}; "
            + $"numbers without country code are {assumed.DefaultRegion}.");
        if (assumed.HasRunKey)
        {
            output.WriteLine("         pseudonyms use a key of this run only and match no other run's (see --key).");
        }
    }

    private static void WriteQuality(TextWriter output, ReplayReport report)
    {
        CaptureQuality quality = report.Figures.Quality;
        output.WriteLine($"Capture: {Count(report.Counters.Packets)} packets, {Count(report.Counters.SipMessages)} SIP messages "
            + $"({Count(report.Counters.Retransmissions)} repeated), {Period(report)}.");
        IEnumerable<string> rejected = report.Counters.Rejected.Select(cause => $"{cause.Key} {Count(cause.Value)}");
        output.WriteLine($"Quality: {Words.Of(quality.Confidence)}"
            + (quality.Cause is null ? "" : $" ({quality.Cause})")
            + $"; refused: {Join(rejected)}; of calls whose INVITE was not seen: "
            + $"responses {Count(quality.OrphanResponses)}, BYEs {Count(quality.OrphanByes)}.");
    }

    private static string Period(ReplayReport report) => report is { First: { } first, Last: { } last }
        ? string.Create(CultureInfo.InvariantCulture, $"{first.UtcDateTime:yyyy-MM-dd HH:mm:ss} to {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
        : "empty";

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? text : "none";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}.{span.Milliseconds / 100}");
}
