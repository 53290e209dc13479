using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using EdgeAgent.Store;

namespace EdgeAgent.Collect;

/// <summary>What the books say: JSON, and a table of it.</summary>
internal static class BooksReport
{
    private const int MaxHoles = 100;

    private static readonly string[] Columns = ["site", "number", "attempts", "answered", "rate", "talk s", "call-backs", "hours", "cap"];

    /// <summary>Writes the report.</summary>
    /// <param name="books">The books.</param>
    /// <param name="days">Civil days; the default for all time.</param>
    /// <param name="silentAfter">An agent of which no record came for so long is silent.</param>
    /// <param name="now">Wall clock.</param>
    public static byte[] Write(Books books, DaySpan days, TimeSpan silentAfter, DateTimeOffset now)
    {
        ArrayBufferWriter<byte> output = new(4_096);
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("at", Instant.Microseconds(now));
        writer.WriteString("from", days.First);
        writer.WriteString("to", days.Last);
        writer.WriteStartArray("sites");
        ILookup<string, CollectedEpoch> epochs = books.Epochs.ToLookup(epoch => epoch.Agent);
        foreach (CollectedAgent agent in books.Agents.OrderBy(agent => agent.Id, StringComparer.Ordinal))
        {
            WriteSite(writer, books, agent, epochs[agent.Id], days, now - agent.LastRecordAt > silentAfter || agent.LastRecordAt is null);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("findings");
        foreach (Finding finding in books.Findings())
        {
            writer.WriteStartObject();
            writer.WriteString("kind", CamelCase.Of(finding.Kind));
            writer.WriteString("site", finding.Agent);
            writer.WriteString("epoch", finding.Epoch);
            writer.WriteNumber("seq", finding.Seq);
            writer.WriteString("text", finding.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the report beside the books: while a collector runs nobody else may open them.</summary>
    public static void WriteBeside(string books, byte[] report) => DurableFile.Write(PathBeside(books), report, overwrite: true);

    /// <summary>Where a running collector keeps its report.</summary>
    public static string PathBeside(string books) => books + ".report.json";

    /// <summary>Prints a report for people.</summary>
    public static void Print(JsonElement report, TextWriter output)
    {
        List<string[]> rows = [];
        foreach (JsonElement site in report.GetProperty("sites").EnumerateArray())
        {
            string name = site.GetProperty("site").GetString()!;
            rows.AddRange(site.GetProperty("numbers").EnumerateArray().Select(number => Row(name, number.GetProperty("number").GetString()!, number)));
            rows.Add(Row(name, "total", site.GetProperty("total")));
            if (site.TryGetProperty("days", out JsonElement days))
            {
                rows.AddRange(days.EnumerateArray().Select(day => Row(name, day.GetProperty("day").GetString()!, day)));
            }
        }

        if (rows.Count > 0)
        {
            Terminal.WriteTable(output, Columns, rows);
        }

        foreach (JsonElement site in report.GetProperty("sites").EnumerateArray())
        {
            PrintState(site, output);
        }

        foreach (JsonElement finding in report.GetProperty("findings").EnumerateArray())
        {
            output.WriteLine($"{finding.GetProperty("kind").GetString()}: {Terminal.Safe(finding.GetProperty("text").GetString()!)}");
        }
    }

    /// <summary>True when nothing is missing, silent or wrong.</summary>
    public static bool IsGood(JsonElement report) =>
        report.GetProperty("findings").GetArrayLength() == 0
        && report.GetProperty("sites").EnumerateArray().All(site =>
            !site.GetProperty("silent").GetBoolean() && site.GetProperty("missing").GetInt64() == 0);

    private static void WriteSite(
        Utf8JsonWriter writer, Books books, CollectedAgent agent, IEnumerable<CollectedEpoch> epochs, DaySpan days, bool isSilent)
    {
        CollectedEpoch[] all = [.. epochs.OrderBy(epoch => epoch.Name, StringComparer.Ordinal)];
        writer.WriteStartObject();
        writer.WriteString("site", agent.Id);
        writer.WriteString("state", agent.State.Length > 0 ? agent.State : "unknown");
        writer.WriteBoolean("silent", isSilent);
        writer.WriteString("lastRecordAt", agent.LastRecordAt is { } at ? Instant.Microseconds(at) : null);
        writer.WriteString("key", agent.Keys.Count > 0 ? agent.Keys[^1].Fingerprint : null);
        writer.WriteString("epoch", agent.Epoch);
        writer.WriteNumber("lastSeq", Array.Find(all, epoch => epoch.Name == agent.Epoch)?.Accounted.Last ?? 0);
        writer.WriteNumber("records", agent.Records);
        writer.WriteNumber("duplicates", agent.Duplicates);
        writer.WriteNumber("refused", agent.Refused);
        writer.WriteNumber("explained", all.Sum(epoch => epoch.Explained.All.Sum(range => range.Last - range.First + 1)));
        writer.WriteNumber("missing", all.Sum(epoch => epoch.Accounted.Holes().Sum(hole => hole.Last - hole.First + 1)));
        writer.WriteStartArray("holes");
        foreach ((CollectedEpoch epoch, (long first, long last)) in all.SelectMany(epoch => epoch.Accounted.Holes().Select(hole => (epoch, hole))).Take(MaxHoles))
        {
            writer.WriteStartObject();
            writer.WriteString("epoch", epoch.Name);
            writer.WriteNumber("from", first);
            writer.WriteNumber("to", last);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (days.IsAllTime)
        {
            WriteNumbers(writer, books.Sums.Read(agent.Id));
        }
        else
        {
            WriteDays(writer, books.Sums, agent.Id, days);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, IEnumerable<KeyValuePair<NumberKey, NumberCounters>> numbers)
    {
        NumberCounters total = new();
        writer.WriteStartArray("numbers");
        foreach ((NumberKey key, NumberCounters counters) in numbers)
        {
            CountersJson.WriteRow(writer, key, counters);
            total.Add(counters);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("total");
        CountersJson.WriteRow(writer, new NumberKey(default, "total"), total);
    }

    /// <summary>Numbers over all the days, each day over all numbers, and what tombstones sum up of no single day, which is in neither.</summary>
    private static void WriteDays(Utf8JsonWriter writer, BookSums sums, string agent, DaySpan days)
    {
        SortedDictionary<string, NumberCounters> byDay = new(StringComparer.Ordinal);
        Dictionary<NumberKey, NumberCounters> byNumber = [];
        foreach ((string day, NumberKey key, NumberCounters counters) in sums.ReadDays(agent, days))
        {
            Sum(byDay, day).Add(counters);
            Sum(byNumber, key).Add(counters);
        }

        WriteNumbers(writer, byNumber.OrderBy(row => CountersJson.NameOf(row.Key), StringComparer.Ordinal));
        writer.WriteStartArray("days");
        foreach ((string day, NumberCounters counters) in byDay)
        {
            CountersJson.WriteRow(writer, "day", day, counters);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("undated");
        CountersJson.WriteRow(writer, "day", BookSums.Undated, sums.ReadUndated(agent));
    }

    private static NumberCounters Sum<TKey>(IDictionary<TKey, NumberCounters> sums, TKey key)
    {
        if (!sums.TryGetValue(key, out NumberCounters? sum))
        {
            sums.Add(key, sum = new NumberCounters());
        }

        return sum;
    }

    private static void PrintState(JsonElement site, TextWriter output)
    {
        string name = site.GetProperty("site").GetString()!;
        if (site.GetProperty("silent").GetBoolean())
        {
            output.WriteLine($"silent: {name} ({site.GetProperty("state").GetString()}), last record {site.GetProperty("lastRecordAt").GetString() ?? "never"}");
        }

        if (site.TryGetProperty("undated", out JsonElement undated) && Whole(undated, "attempts") is long attempts and > 0)
        {
            output.WriteLine($"undated: {attempts} attempts of {name} are summed up over several days and in none of these");
        }

        foreach (JsonElement hole in site.GetProperty("holes").EnumerateArray())
        {
            output.WriteLine($"missing: records {hole.GetProperty("from").GetInt64()} to {hole.GetProperty("to").GetInt64()} of epoch {hole.GetProperty("epoch").GetString()} of {name}; nothing explains it");
        }
    }

    private static string[] Row(string site, string number, JsonElement row)
    {
        long attempts = Whole(row, "attempts");
        long answered = Whole(row, "answered");
        string rate = attempts == 0 ? "-" : ((double)answered / attempts).ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
        return
        [
            site,
            number,
            Text(attempts),
            Text(answered),
            rate,
            row.TryGetProperty("talkSeconds", out JsonElement talk) ? talk.GetDecimal().ToString("F0", CultureInfo.InvariantCulture) : "0",
            Text(Whole(row, "attempts", "inbound")),
            Text(Whole(row, "hours", "guards")),
            Text(Whole(row, "dailyCap", "guards")),
        ];
    }

    private static long Whole(JsonElement row, string name, string? group = null) =>
        (group is null || row.TryGetProperty(group, out row)) && row.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
