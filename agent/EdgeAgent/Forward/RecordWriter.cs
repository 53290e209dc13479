using System.Buffers;
using System.Text.Json;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;

namespace EdgeAgent.Forward;

/// <summary>
/// Makes the exact bytes of sequenced records (topics <c>minute</c> and <c>event/&lt;kind&gt;</c>). Each ends in
/// <c>,"prev":"…","sig":"…"}</c>: the hash of the record before, and a signature over everything before <c>,"sig"</c>.
/// </summary>
/// <param name="identity">Origin written into every record.</param>
/// <param name="key">Signs.</param>
/// <param name="maxBytes">Longest record in bytes; what is longer is split at row boundaries.</param>
internal sealed class RecordWriter(JournalIdentity identity, SigningKey key, int maxBytes)
{
    /// <summary>Topic level of minutes.</summary>
    public const string MinuteTopic = "minute";

    /// <summary>Topic of tombstones.</summary>
    public const string TombstoneTopic = "event/tombstone";

    private const int EnvelopeBytes = 4_096; // everything but the rows: fixed names, an agent id of 40, counters of 20 digits, hashes, key, anchor

    private const int HoleBytes = 256; // two hashes, two numbers of 19 digits

    /// <summary>Writes a minute as one record or, when it is too long, several parts with a sequence number each.</summary>
    /// <param name="cursor">Where the first part goes; moved past the last.</param>
    /// <param name="minute">The minute.</param>
    /// <param name="perpetual">Totals since the epoch began, given once an hour; empty otherwise.</param>
    public IReadOnlyList<byte[]> WriteMinute(
        RecordCursor cursor, SealedMinute minute, IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> perpetual)
    {
        List<RowPart> parts = RowPart.Split(minute.Numbers, perpetual, maxBytes - EnvelopeBytes);
        byte[][] records = new byte[parts.Count][];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = Write(cursor, "minute", writer =>
            {
                writer.WriteString("start", Instant.Seconds(minute.Start));
                WriteParts(writer, parts, i);
                if (i == 0) // every figure stands in exactly one part, so that parts add up
                {
                    IntervalJson.WriteTraffic(writer, minute.Traffic);
                    IntervalJson.WriteQuality(writer, minute.Quality);
                }
            });
        }

        return records;
    }

    /// <summary>Writes an event.</summary>
    public byte[] WriteEvent(RecordCursor cursor, AgentEvent happened) => Write(cursor, "event", writer =>
    {
        writer.WriteString("event", NameOf(happened.Kind));
        writer.WriteString("at", Instant.Microseconds(happened.At));
        WriteText(writer, "number", happened.Number is NumberKey number ? CountersJson.NameOf(number) : null);
        WriteText(writer, "person", happened.Person);
        GuardJson.Write(writer, happened);
        WriteText(writer, "command", happened.Command);
        WriteText(writer, "outcome", happened.CommandOutcome);
        WriteText(writer, "reason", happened.Reason);
        if (happened.Value is long value)
        {
            writer.WriteNumber("value", value);
        }

        WriteText(writer, "trunk", happened.Trunk);
        WriteText(writer, "nonce", happened.Nonce);
        WriteText(writer, "key", happened.Key);
        WriteText(writer, "from", happened.From is null ? null : Instant.Microseconds(happened.From.Value));
        WriteText(writer, "to", happened.To is null ? null : Instant.Microseconds(happened.To.Value));
        WriteText(writer, "source", happened.Source);
        if (happened.IsLasting)
        {
            writer.WriteBoolean("lasting", true);
        }

        if (happened.Coverage is DayCoverage coverage)
        {
            IntervalJson.WriteCoverage(writer, coverage);
        }

        if (happened.Reconciliation is ReconciledCalls calls)
        {
            IntervalJson.WriteReconciliation(writer, calls);
        }
    });

    /// <summary>Topic below the agent's for an event.</summary>
    public static string TopicOf(AgentEventKind kind) => $"event/{NameOf(kind)}";

    /// <summary>Writes what stands for records that were never delivered, as one record or several parts.</summary>
    public IReadOnlyList<byte[]> WriteTombstone(RecordCursor cursor, UndeliveredSum sum, string reason)
    {
        List<RowPart> parts = RowPart.Split(sum.Numbers, [], maxBytes - EnvelopeBytes - (sum.Holes.Count * HoleBytes));
        cursor.Begins ??= sum.Begins;
        cursor.StatesKey |= sum.Begins is not null;
        byte[][] records = new byte[parts.Count][];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = Write(cursor, "tombstone", writer =>
            {
                writer.WriteString("reason", reason);
                writer.WriteNumber("from", sum.From);
                writer.WriteNumber("to", sum.To);
                WriteText(writer, "firstStart", sum.FirstStart);
                WriteText(writer, "lastStart", sum.LastStart);
                WriteParts(writer, parts, i);
                if (i == 0)
                {
                    writer.WriteNumber("records", sum.Records);
                    writer.WriteNumber("events", sum.Events);
                    WriteHoles(writer, sum.Holes);
                    IntervalJson.WriteTraffic(writer, sum.Traffic);
                    IntervalJson.WriteQuality(writer, sum.Quality);
                }
            });
        }

        return records;
    }

    private byte[] Write(RecordCursor cursor, string kind, Action<Utf8JsonWriter> writeBody)
    {
        ArrayBufferWriter<byte> output = new(1_024);
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("agent", identity.Agent);
        writer.WriteString("epoch", identity.Epoch);
        writer.WriteNumber("seq", cursor.Seq);
        writer.WriteString("boot", identity.Boot);
        writer.WriteString("kind", kind);
        writeBody(writer);
        ProvenanceJson.Write(writer, cursor, key);
        writer.Flush();
        RecordHash hash = RecordHash.Of(output.WrittenSpan);
        RecordSeal.Append(output, key.Key, hash);
        cursor.MoveOn(hash);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteHoles(Utf8JsonWriter writer, IReadOnlyList<Hole> holes)
    {
        writer.WriteStartArray("holes");
        foreach (Hole hole in holes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("from", hole.From);
            writer.WriteNumber("to", hole.To);
            writer.WriteString("prev", hole.Prev.ToString());
            writer.WriteString("hash", hole.Hash.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter writer, List<RowPart> parts, int index)
    {
        writer.WriteNumber("part", index + 1);
        writer.WriteNumber("parts", parts.Count);
        WriteRows(writer, "numbers", parts[index].Numbers);
        if (parts[index].Perpetual.Count > 0)
        {
            WriteRows(writer, "perpetual", parts[index].Perpetual);
        }
    }

    private static void WriteRows(Utf8JsonWriter writer, string name, List<byte[]> rows)
    {
        writer.WriteStartArray(name);
        foreach (byte[] row in rows)
        {
            writer.WriteRawValue(row, skipInputValidation: true); // our own writer made it a moment ago
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string NameOf(AgentEventKind kind) => CamelCase.Of(kind);
}
