using System.Globalization;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>One attempt as sipp saw it (tests/traffic/truth.awk).</summary>
/// <param name="CallId">Call-ID; an attempt that failed over stands once per trunk.</param>
/// <param name="Inbound">True for a call-back.</param>
/// <param name="Number">The company's side in E.164.</param>
/// <param name="Trunk">Trunk name.</param>
/// <param name="Disposition">Null where no final response was given.</param>
/// <param name="Status">Final status, null where there was none.</param>
/// <param name="Start">INVITE, epoch seconds.</param>
/// <param name="AnsweredAt">200, epoch seconds.</param>
/// <param name="EndedAt">BYE, epoch seconds.</param>
internal sealed record TrafficAttempt(
    string CallId,
    bool Inbound,
    string Number,
    string Trunk,
    string? Disposition,
    int? Status,
    double Start,
    double? AnsweredAt,
    double? EndedAt)
{
    /// <summary>200 to BYE in seconds.</summary>
    public double? TalkSeconds => EndedAt - AnsweredAt;

    /// <summary>Last thing that happened to it.</summary>
    public double Last => EndedAt ?? AnsweredAt ?? Start;
}

/// <summary>Reads <c>truth.csv</c> of the traffic rig and sums it as the agent should.</summary>
internal static class TrafficTruth
{
    /// <summary>Every attempt.</summary>
    public static IReadOnlyList<TrafficAttempt> Read(string path) => [.. Csv.Read(path).Select(Parse)];

    /// <summary>Sums per number.</summary>
    public static Dictionary<string, NumberSums> Sums(IEnumerable<TrafficAttempt> attempts)
    {
        Dictionary<string, NumberSums> sums = new(StringComparer.Ordinal);
        foreach (TrafficAttempt attempt in attempts)
        {
            if (!sums.TryGetValue(attempt.Number, out NumberSums? sum))
            {
                sums.Add(attempt.Number, sum = new NumberSums());
            }

            if (attempt.Inbound)
            {
                sum.InboundAttempts++;
                sum.InboundAnswered += attempt.AnsweredAt is null ? 0 : 1;
                continue;
            }

            sum.Attempts++;
            sum.Answered += attempt.AnsweredAt is null ? 0 : 1;
            sum.AnsweredEnded += attempt.TalkSeconds is null ? 0 : 1;
            sum.TalkSeconds += attempt.TalkSeconds ?? 0;
            if (attempt.Disposition is string disposition)
            {
                sum.Count(disposition);
            }
        }

        return sums;
    }

    private static TrafficAttempt Parse(IReadOnlyDictionary<string, string> row) => new(
        row["callId"],
        row["direction"] == "inbound",
        row["number"],
        row["trunk"],
        row["disposition"].Length == 0 ? null : row["disposition"],
        row["status"].Length == 0 ? null : int.Parse(row["status"], CultureInfo.InvariantCulture),
        Seconds(row["start"]).ShouldNotBeNull(),
        Seconds(row["answeredAt"]),
        Seconds(row["endedAt"]));

    private static double? Seconds(string text) =>
        text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
