using System.Globalization;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Telemetry;

/// <summary>
/// Answer to <c>GET /v1/numbers?day=YYYY-MM-DD&amp;number=+33…</c>, also printed by <c>edge-agent numbers --json</c>. Stable: names are
/// never changed, only added; each row has the fields of a row of <c>replay --json</c>.
/// </summary>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="Numbers">Rows, most attempts first.</param>
public sealed record NumbersDocument(DateOnly Day, IReadOnlyList<NumberDocument> Numbers);

/// <summary>Counters of one number. Seconds with milliseconds; a ratio without denominator is null (agent/DEFINITIONS.md).</summary>
public sealed record NumberDocument(
    string Number,
    long Attempts,
    long Answered,
    long AnsweredEnded,
    long UnknownEnd,
    long Open,
    double? AnswerRate,
    double TalkSeconds,
    double? AcdSeconds,
    double RingSeconds,
    double? PddSeconds,
    long Withheld,
    long IdentityConflict,
    DispositionsDocument Dispositions,
    IReadOnlyDictionary<string, long> Status,
    InboundDocument Inbound,
    IReadOnlyDictionary<string, long> Guards,
    long UnlistedTrunk)
{
    /// <summary>The counters as they are shown.</summary>
    public static NumberDocument From(NumberKey key, NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        SortedDictionary<string, long> status = new(StringComparer.Ordinal);
        foreach ((short code, long count) in counters.Status.Entries)
        {
            status[code.ToString(CultureInfo.InvariantCulture)] = count;
        }

        return new NumberDocument(
            key.ToString(),
            counters.Attempts,
            counters.Answered,
            counters.AnsweredEnded,
            counters.UnknownEnd,
            counters.Attempts - counters.Disposed,
            counters.AnswerRate(),
            Round(counters.Talk.TotalSeconds),
            Round(counters.AcdSeconds()),
            Round(counters.Ring.TotalSeconds),
            Round(counters.PostDialSeconds()),
            counters.Withheld,
            counters.IdentityConflict,
            DispositionsDocument.From(counters),
            status,
            new InboundDocument(counters.InboundAttempts, counters.InboundAnswered),
            GuardHits.Of(counters.Guards),
            counters.UnlistedTrunk);
    }

    private static double Round(double seconds) => Math.Round(seconds, 6);

    private static double? Round(double? seconds) => seconds is double value ? Round(value) : null;
}

/// <summary>Attempts per disposition.</summary>
public sealed record DispositionsDocument(
    long Answered, long Busy, long NoAnswer, long Cancelled, long Rejected, long Unwanted, long InvalidNumber, long Failed)
{
    /// <summary>The dispositions in <paramref name="counters"/>.</summary>
    public static DispositionsDocument From(NumberCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return new DispositionsDocument(
            counters[Disposition.Answered],
            counters[Disposition.Busy],
            counters[Disposition.NoAnswer],
            counters[Disposition.Cancelled],
            counters[Disposition.Rejected],
            counters[Disposition.Unwanted],
            counters[Disposition.InvalidNumber],
            counters[Disposition.Failed]);
    }
}

/// <summary>Call-backs to the number.</summary>
public sealed record InboundDocument(long Attempts, long Answered);
