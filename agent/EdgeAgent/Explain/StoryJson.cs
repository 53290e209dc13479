using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Calls;
using EdgeAgent.Replay;

namespace EdgeAgent.Explain;

/// <summary>Writes a story as JSON (stable: fields are added, none is renamed).</summary>
internal static class StoryJson
{
    /// <summary>Writes the document and a line end.</summary>
    public static void Write(Stream output, StoryReport report)
    {
        using (Utf8JsonWriter writer = new(output))
        {
            writer.WriteStartObject();
            writer.WriteString("callId", report.CallId);
            writer.WriteString("pseudonymKey", report.HasRunKey ? "run" : "file");
            writer.WriteStartArray("story");
            foreach (StoryEntry entry in report.Entries)
            {
                WriteEntry(writer, entry, report);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("attempts");
            foreach ((int index, StoryAttempt attempt) in report.Attempts.Index())
            {
                WriteAttempt(writer, index + 1, attempt, report);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private static void WriteEntry(Utf8JsonWriter writer, StoryEntry entry, StoryReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("at", Time(entry.At));
        if (entry.Message is { } message)
        {
            writer.WriteString("from", message.Source.ToString());
            writer.WriteString("to", message.Destination.ToString());
            writer.WriteString("method", message.MethodName);
            WriteNumber(writer, "status", message.IsRequest ? null : message.Status);
            writer.WriteNumber("cseq", message.CSeq);
            writer.WriteBoolean("again", entry.IsRepeat);
            writer.WriteString("reason", Words.Of(entry.Note));
        }

        WriteNumber(writer, "attempt", entry.Attempt);
        writer.WriteString("text", StoryText.Of(entry, report));
        writer.WriteStartArray("changes");
        foreach (StoryStep step in entry.Steps)
        {
            writer.WriteStartObject();
            writer.WriteNumber("attempt", step.Attempt);
            writer.WriteString("signal", Words.Of(step.Signal));
            writer.WriteString("before", Words.Of(step.Before));
            writer.WriteString("after", Words.Of(step.After));
            writer.WriteString("report", step.Report == CallReport.None ? null : Words.Of(step.Report));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter writer, int number, StoryAttempt attempt, StoryReport report)
    {
        CallRecord record = attempt.Record;
        writer.WriteStartObject();
        writer.WriteNumber("attempt", number);
        writer.WriteBoolean("counted", attempt.Record.IsCounted);
        writer.WriteString("start", Time(record.Start));
        writer.WriteString("direction", Words.Of(record.Direction));
        writer.WriteString("number", record.Number.ToString());
        writer.WriteString("identity", Words.Of(attempt.Identity));
        writer.WriteString("person", record.Person);
        writer.WriteString("trunk", record.Trunk);
        writer.WriteString("disposition", record.Disposition is { } disposition ? Words.Of(disposition) : null);
        WriteNumber(writer, "status", record.Status);
        writer.WriteString("answeredAt", Time(record.AnsweredAt));
        writer.WriteString("endedAt", Time(record.EndedAt));
        writer.WriteString("endEvidence", Words.Of(record.EndEvidence));
        writer.WriteString("hungUpBy", Words.Of(record.HungUpBy));
        WriteSeconds(writer, "ringSeconds", record.Ring);
        WriteSeconds(writer, "talkSeconds", record.Talk);
        writer.WriteString("transferredFrom", record.TransferredFrom);
        writer.WriteString("transferEvidence", Words.Of(record.Transfer));
        writer.WriteString("forwardedBy", record.ForwardedBy);
        writer.WriteBoolean("forwarded", attempt.IsForwarded);
        writer.WriteString("attestation", attempt.Attestation == '\0' ? null : attempt.Attestation.ToString());
        writer.WriteBoolean("attestationOriginMismatch", attempt.HasOtherOrigin);
        writer.WriteBoolean("attestationMalformed", attempt.HasBadPassport);
        writer.WriteEndObject();
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, TimeSpan? span)
    {
        if (span is { } value)
        {
            writer.WriteNumber(name, Math.Round(value.TotalSeconds, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
