using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary>What of the journal can be asked over the control socket. Answers are one line per record, as long as the reader reads.</summary>
internal static class RecordEndpoints
{
    /// <summary>Lines of <see cref="Outbox"/> at most in one answer.</summary>
    public const int MaxOutboxLines = 1_000;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary><c>/v1/records?from=SEQ&amp;to=SEQ&amp;since=TIME&amp;until=TIME</c>: the exact bytes of each record and a line feed.</summary>
    public static async Task Records(HttpContext context)
    {
        RecordRange range = new(Seq(context, "from") ?? 1, Seq(context, "to") ?? long.MaxValue, Time(context, "since"), Time(context, "until"));
        if (context.RequestServices.GetService<IJournal>() is not { } journal)
        {
            await RefuseAsync(context).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/jsonl";
        await foreach (JournalRecord record in journal.ExportAsync(range.From, range.To, context.RequestAborted).ConfigureAwait(false))
        {
            if (range.Contains(record))
            {
                await context.Response.Body.WriteAsync(record.Payload, context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.WriteAsync(LineEnd, context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// <c>/v1/outbox?after=SEQ</c>: a line about the journal, then one per record past that number, with its exact bytes as a text. Without
    /// <c>after</c>: what waits, or the last ten when nothing does.
    /// </summary>
    public static async Task Outbox(HttpContext context)
    {
        if (context.RequestServices.GetService<IJournal>() is not { } journal)
        {
            await RefuseAsync(context).ConfigureAwait(false);
            return;
        }

        StoreStatus status = journal.Status;
        string topics = context.RequestServices.GetService<AgentOptions>() is { } options
            ? $"{options.Mqtt.TopicPrefix}/{options.AgentId}/"
            : "";
        long after = Seq(context, "after")
            ?? (status.Depth > 0 ? status.AcknowledgedSeq : Math.Max(0, status.LastSeq - 10));
        context.Response.ContentType = "application/jsonl";
        await WriteLineAsync(context, writer =>
        {
            writer.WriteString("epoch", status.Epoch);
            writer.WriteNumber("oldest", status.OldestSeq);
            writer.WriteNumber("last", status.LastSeq);
            writer.WriteNumber("sentUpTo", status.AcknowledgedSeq);
            writer.WriteNumber("waiting", status.Depth);
        }).ConfigureAwait(false);
        HashSet<long> unsent = [];
        int lines = 0;
        await foreach (JournalRecord record in journal.ExportAsync(after + 1, long.MaxValue, context.RequestAborted).ConfigureAwait(false))
        {
            if (lines++ == MaxOutboxLines)
            {
                break;
            }

            if (unsent.Count == 0 || record.Seq > unsent.Max())
            {
                IReadOnlyList<JournalRecord> waiting =
                    await journal.ReadUnsentAsync(record.Seq - 1, 32, context.RequestAborted).ConfigureAwait(false);
                unsent = [.. waiting.Select(each => each.Seq)];
            }

            bool isSent = !unsent.Contains(record.Seq);
            await WriteLineAsync(context, writer =>
            {
                writer.WriteNumber("seq", record.Seq);
                writer.WriteString("state", isSent ? "sent" : "waiting");
                writer.WriteString("topic", topics + record.TopicSuffix);
                writer.WriteString("storedAt", record.StoredAt.UtcDateTime);
                writer.WriteString("payload", record.Payload.Span);
            }).ConfigureAwait(false);
        }
    }

    private static async Task WriteLineAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> line = new(1_024);
        using (Utf8JsonWriter writer = new(line, Forward.CountersJson.Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        line.Write(LineEnd);
        await context.Response.Body.WriteAsync(line.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static long? Seq(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out long seq) ? seq : null;

    private static DateTimeOffset? Time(HttpContext context, string name) => DateTimeOffset.TryParse(
        context.Request.Query[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static Task RefuseAsync(HttpContext context) =>
        ControlEndpoints.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the journal is not part of this run");
}

/// <summary>Which records are asked for.</summary>
/// <param name="From">First number.</param>
/// <param name="To">Last number.</param>
/// <param name="Since">Stored at this time or later.</param>
/// <param name="Until">Stored before this time.</param>
internal sealed record RecordRange(long From, long To, DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>True for a record wanted.</summary>
    public bool Contains(in JournalRecord record) =>
        record.Seq >= From && record.Seq <= To
        && !(record.StoredAt < Since) && !(record.StoredAt >= Until);

    /// <summary>As a question to the agent.</summary>
    public string Query()
    {
        StringBuilder query = new();
        query.Append(CultureInfo.InvariantCulture, $"from={From}&to={To}");
        foreach ((string name, DateTimeOffset? time) in new[] { ("since", Since), ("until", Until) })
        {
            if (time is DateTimeOffset at)
            {
                query.Append(CultureInfo.InvariantCulture, $"&{name}={Uri.EscapeDataString(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}");
            }
        }

        return query.ToString();
    }
}
