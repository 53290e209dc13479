using System.Globalization;
using EdgeAgent.Cli;
using EdgeAgent.Core.Calls;
using EdgeAgent.Replay;

namespace EdgeAgent.Explain;

/// <summary>Prints a story for people: line by line, then the ladder, then the records.</summary>
internal static class StoryPrinter
{
    /// <summary>Writes everything.</summary>
    public static void Write(TextWriter output, StoryReport report)
    {
        output.WriteLine($"Call-ID {Terminal.Safe(report.CallId)}: {Count(report)}");
        output.WriteLine();
        foreach (StoryEntry entry in report.Entries)
        {
            WriteEntry(output, entry, report);
        }

        output.WriteLine();
        StoryLadder.Write(output, report);
        foreach ((int index, StoryAttempt attempt) in report.Attempts.Index())
        {
            output.WriteLine();
            WriteAttempt(output, index + 1, attempt, report);
        }

        if (report.HasRunKey && report.Attempts.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Pseudonyms use a key of this run only and match no other run's (see --key).");
        }
    }

    private static string Count(StoryReport report)
    {
        int messages = report.Entries.Count(entry => entry.Message is not null);
        int counted = report.Attempts.Count(attempt => attempt.Record.IsCounted);
        int beside = report.Attempts.Count - counted;
        return $"{Of(messages, "message")}, {Of(counted, "attempt")}" + (beside == 0 ? "" : $", {Of(beside, "hop")} beside the trunks");
    }

    private static string Of(int count, string what) =>
        count.ToString(CultureInfo.InvariantCulture) + " " + what + (count == 1 ? "" : "s");

    private static void WriteEntry(TextWriter output, StoryEntry entry, StoryReport report)
    {
        string time = entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        output.WriteLine(entry.Message is { } message
            ? $"{time}  {message.Source} -> {message.Destination}  {NameOf(message)}"
            : $"{time}  no message");
        string where = entry.Attempt is { } attempt
            ? (report.Attempts[attempt - 1].Record.IsCounted ? "attempt " : "hop ") + attempt.ToString(CultureInfo.InvariantCulture)
            : "no call";
        string change = StoryText.ChangeOf(entry) is { } states ? $", {states}" : "";
        output.WriteLine($"    {where}{change}: {StoryText.Of(entry, report)}");
    }

    private static string NameOf(StoryMessage message) => message.IsRequest
        ? string.Create(CultureInfo.InvariantCulture, $"{message.MethodName} (CSeq {message.CSeq})")
        : string.Create(CultureInfo.InvariantCulture, $"{message.Status} to {message.MethodName} (CSeq {message.CSeq})");

    private static void WriteAttempt(TextWriter output, int number, StoryAttempt attempt, StoryReport report)
    {
        CallRecord record = attempt.Record;
        bool isCounted = attempt.Record.IsCounted;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(isCounted ? "attempt" : "hop")} {number}"));
        bool isCallerId = record.Direction != CallDirection.Inbound && attempt.Identity != IdentitySource.None;
        Line("number", record.Number.ToString() + (isCallerId ? $" (caller ID read from {Words.Of(attempt.Identity)})" : ""));
        Line("person", record.Person ?? "not readable");
        Line("direction", Words.Of(record.Direction) + (record.Trunk is { } trunk ? $" over {trunk}" : ""));
        Line("start", Time(record.Start));
        Line("disposition", record.Disposition is { } disposition ? Words.Of(disposition) : "open");
        Line("status", record.Status?.ToString(CultureInfo.InvariantCulture) ?? "no final response");
        Line("ring", record.Ring is { } ring ? StoryText.Seconds(ring) : "none");
        Line("talk", record.Talk is { } talk ? StoryText.Seconds(talk) : "none that counts");
        Line("end", record.EndedAt is { } end ? Time(end) : "not seen");
        Line("end evidence", EvidenceOf(record));
        foreach ((string name, string value) in MarksOf(attempt))
        {
            Line(name, value);
        }

        Line("counted", CountedAs(record));

        void Line(string name, string value) => output.WriteLine($"    {name,-13} {Terminal.Safe(value)}");
    }

    /// <summary>What few calls have.</summary>
    private static IEnumerable<(string Name, string Value)> MarksOf(StoryAttempt attempt)
    {
        if (attempt.Record.Transfer != TransferEvidence.None)
        {
            string from = attempt.Record.TransferredFrom is { } callId ? $"from {callId} " : "";
            yield return ("transferred", $"{from}(shown by {Words.Of(attempt.Record.Transfer)})");
        }

        if (attempt.IsForwarded)
        {
            yield return ("forwarded by", attempt.Record.ForwardedBy ?? "not readable");
        }

        if (attempt.Attestation != '\0' || attempt.HasBadPassport)
        {
            string origin = attempt.HasOtherOrigin ? ", for another number than the caller ID" : "";
            yield return ("attestation", attempt.HasBadPassport ? "Identity header not readable" : $"{attempt.Attestation}{origin} (not verified)");
        }
    }

    private static string EvidenceOf(CallRecord record)
    {
        bool isCaller = (record.HungUpBy == CallSide.Number) == (record.Direction != CallDirection.Inbound);
        string side = record.HungUpBy == CallSide.None ? "" : $" by the {Words.Of(record.HungUpBy)}, the {(isCaller ? "caller" : "called")}";
        return (Words.Of(record.EndEvidence) ?? "none") + side;
    }

    private static string CountedAs(CallRecord record) => (record.IsCounted, record.Direction) switch
    {
        (true, CallDirection.Inbound) => "as a call-back (inbound) of the number",
        (true, _) => "as an attempt of the number",
        (false, CallDirection.Internal) => "as an internal call only",
        (false, CallDirection.UnlistedTrunk) => "as a call over an unlisted trunk only",
        _ => "in no figure of a number",
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff' UTC'", CultureInfo.InvariantCulture);
}
