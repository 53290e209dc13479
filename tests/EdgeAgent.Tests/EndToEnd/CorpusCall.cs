using System.Globalization;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>A countable call of a corpus truth file.</summary>
/// <param name="CallId">Its Call-ID.</param>
/// <param name="AnsweredAt">First 2xx on any hop, epoch seconds; null when not answered.</param>
/// <param name="DurationSeconds">2xx to BYE; null when the capture ends before a BYE.</param>
/// <param name="Status">The 2xx, else the last final response the caller saw; null when there was none.</param>
internal sealed record CorpusCall(string CallId, double? AnsweredAt, double? DurationSeconds, int? Status)
{
    /// <summary>A proxy on the path delays what its other side shows.</summary>
    private const double ToleranceSecondsPerHop = 0.1;

    /// <summary>Calls of a truth file that a passive agent must report.</summary>
    public static List<CorpusCall> Read(string path) =>
        [.. Csv.Read(path).Where(row => row["count_as_call"] == "yes").Select(Parse)];

    /// <summary>The same view of a leg of our own captures.</summary>
    public static CorpusCall From(AsteriskLeg leg) => new(leg.CallId, leg.AnsweredAt, leg.TalkSeconds, leg.Status);

    /// <summary>Whatever differs between the truth and the agent, in words.</summary>
    public IEnumerable<string> Differences(ReplayCall call, int hops)
    {
        double tolerance = ToleranceSecondsPerHop * hops;
        if (call.Status != Status)
        {
            yield return $"{CallId}: status {call.Status} for {Status}";
        }

        double? answeredAt = (call.AnsweredAt - DateTimeOffset.UnixEpoch)?.TotalSeconds;
        if (Differ(answeredAt, AnsweredAt, tolerance))
        {
            yield return $"{CallId}: answered at {answeredAt} for {AnsweredAt}";
        }

        if (Differ(call.TalkSeconds, DurationSeconds, tolerance))
        {
            yield return $"{CallId}: talk {call.TalkSeconds} s for {DurationSeconds} s ({call.EndEvidence})";
        }
    }

    private static bool Differ(double? actual, double? expected, double tolerance) =>
        actual.HasValue != expected.HasValue || Math.Abs(actual.GetValueOrDefault() - expected.GetValueOrDefault()) > tolerance;

    private static CorpusCall Parse(IReadOnlyDictionary<string, string> row)
    {
        bool answered = row["answered"] == "yes";
        return new CorpusCall(
            row["call_id"],
            answered ? Seconds(row["answer_epoch"]) : null,
            answered && row["end_kind"] == "BYE" ? Seconds(row["duration_s"]) : null,
            row["final_status"].Length == 0 ? null : int.Parse(row["final_status"], CultureInfo.InvariantCulture));
    }

    private static double? Seconds(string text) =>
        text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
