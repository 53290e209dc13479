namespace EdgeAgent.Telemetry;

/// <summary>
/// Of the answer to <c>GET /v1/numbers?day=YYYY-MM-DD&amp;number=+33…</c> what the table of <c>edge-agent numbers</c> shows. The answer
/// itself, with every counter, is written by <see cref="NumberJson"/>.
/// </summary>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="Numbers">Rows, most attempts first.</param>
public sealed record NumbersDocument(DateOnly Day, IReadOnlyList<NumberDocument> Numbers);

/// <summary>Figures of one number (agent/DEFINITIONS.md); a ratio without denominator is null.</summary>
public sealed record NumberDocument(
    string Number,
    long Attempts,
    long Answered,
    long Open,
    double? AnswerRate,
    double TalkSeconds,
    double? AcdSeconds,
    InboundDocument Inbound,
    IReadOnlyDictionary<string, long> Guards);

/// <summary>Call-backs to the number.</summary>
public sealed record InboundDocument(long Attempts);
