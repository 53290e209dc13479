using System.Globalization;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Replay;

/// <summary>Prints a replay as CSV (RFC 4180): one line per number, or per call. Fields never need quoting but for account names.</summary>
internal static class ReplayCsv
{
    private static readonly string NumberHeader =
        "number,attempts,answered,answeredEnded,unknownEnd,open,answerRate,talkSeconds,acdSeconds,ringSeconds,pddSeconds,"
        + "withheld,identityConflict,busy,noAnswer,cancelled,rejected,unwanted,invalidNumber,failed,"
        + "inboundAttempts,inboundAnswered,"
        + string.Join(',', GuardIds.OfCalls.Select(rule => $"guard{char.ToUpperInvariant(GuardIds.NameOf(rule)[0])}{GuardIds.NameOf(rule)[1..]}"));

    private const string CallHeader =
        "callId,start,direction,number,person,trunk,disposition,status,answeredAt,endedAt,endEvidence,ringSeconds,talkSeconds,"
        + "hungUpBy,transferredFrom,transferEvidence,forwardedBy";

    /// <summary>Writes the line of column names for calls.</summary>
    public static void WriteCallHeader(TextWriter output) => output.Write(CallHeader + "\r\n");

    /// <summary>Writes one call.</summary>
    public static void WriteCall(TextWriter output, CallRecord call) => WriteLine(
        output,
        call.CallId,
        Time(call.Start),
        Words.Of(call.Direction),
        call.Number.ToString(),
        call.Person ?? "",
        call.Trunk ?? "",
        call.Disposition is { } disposition ? Words.Of(disposition) : "",
        call.Status?.ToString(CultureInfo.InvariantCulture) ?? "",
        Time(call.AnsweredAt),
        Time(call.EndedAt),
        Words.Of(call.EndEvidence) ?? "",
        Seconds(call.Ring?.TotalSeconds),
        Seconds(call.Talk?.TotalSeconds),
        Words.Of(call.HungUpBy) ?? "",
        call.TransferredFrom ?? "",
        Words.Of(call.Transfer) ?? "",
        call.ForwardedBy ?? "");

    /// <summary>Writes a line per number.</summary>
    public static void WriteNumbers(TextWriter output, ReplayReport report)
    {
        output.Write(NumberHeader + "\r\n");
        foreach ((NumberKey key, NumberCounters counters) in report.Figures.Numbers)
        {
            if (report.Number is null || report.Number == key.ToString())
            {
                WriteNumber(output, key.ToString(), counters);
            }
        }
    }

    private static void WriteNumber(TextWriter output, string number, NumberCounters counters) => WriteLine(
        output,
        [
            number,
            .. new[]
            {
                counters.Attempts, counters.Answered, counters.AnsweredEnded, counters.UnknownEnd,
                counters.Attempts - counters.Disposed,
            }.Select(Count),
            Seconds(counters.AnswerRate()),
            Seconds(counters.Talk.TotalSeconds),
            Seconds(counters.AcdSeconds()),
            Seconds(counters.Ring.TotalSeconds),
            Seconds(counters.PostDialSeconds()),
            Count(counters.Withheld),
            Count(counters.IdentityConflict),
            .. Enum.GetValues<Disposition>().Skip(1).Select(disposition => Count(counters[disposition])),
            Count(counters.InboundAttempts),
            Count(counters.InboundAnswered),
            .. GuardIds.OfCalls.Select(rule => Count(counters.Guards.Of(rule).Violations)),
        ]);

    /// <summary>Writes a line of fields.</summary>
    public static void WriteLine(TextWriter output, params IReadOnlyList<string> fields) =>
        output.Write(string.Join(',', fields.Select(Quote)) + "\r\n");

    /// <summary>A field from the wire that a spreadsheet would run as a formula is quoted with an apostrophe before it; a number keeps its plus.</summary>
    private static string Quote(string field)
    {
        bool isFormula = field.Length > 0 && field[0] is '=' or '@' or '\t';
        string safe = isFormula ? "'" + field : field;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double? value) => value is { } number ? number.ToString("0.######", CultureInfo.InvariantCulture) : "";

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) ?? "";
}
