using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Forward;

/// <summary>
/// The sum of records that have to go before the broker took them: it becomes a tombstone, so that a hole in the sequence is always
/// explained and no call is lost from the sums.
/// </summary>
internal sealed class UndeliveredSum
{
    private readonly Dictionary<NumberKey, NumberCounters> _numbers = [];

    /// <summary>First sequence number missing.</summary>
    public long From { get; private set; }

    /// <summary>Last sequence number missing.</summary>
    public long To { get; private set; }

    /// <summary>Records summed up.</summary>
    public long Records { get; private set; }

    /// <summary>Events among them; their details are lost.</summary>
    public long Events { get; private set; }

    /// <summary>Start of the first minute in it.</summary>
    public string? FirstStart { get; private set; }

    /// <summary>Start of the last minute in it.</summary>
    public string? LastStart { get; private set; }

    /// <summary>Traffic of its minutes.</summary>
    public TrafficCounters Traffic { get; } = new();

    /// <summary>Quality of its minutes.</summary>
    public CaptureQuality Quality { get; } = new();

    /// <summary>Sums per number, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> Numbers =>
        [.. _numbers.OrderBy(row => CountersJson.NameOf(row.Key), StringComparer.Ordinal)];

    /// <summary>Adds the record that was stored as <paramref name="payload"/>, an earlier tombstone included.</summary>
    public void Add(long seq, ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement record = document.RootElement;
        string? kind = record.GetProperty("kind").GetString();
        From = From == 0 ? seq : From;
        To = seq;
        if (kind == "event")
        {
            Records++;
            Events++;
            return;
        }

        bool isTombstone = kind == "tombstone";
        if (isTombstone)
        {
            From = Math.Min(From, record.GetProperty("from").GetInt64());
        }

        Records += isTombstone ? Optional(record, "records") + 1 : 1;
        Events += Optional(record, "events");
        FirstStart ??= Text(record, isTombstone ? "firstStart" : "start");
        LastStart = Text(record, isTombstone ? "lastStart" : "start") ?? LastStart;
        IntervalJson.AddTraffic(Traffic, record);
        IntervalJson.AddQuality(Quality, record);
        AddRows(record.GetProperty("numbers"));
    }

    private void AddRows(JsonElement rows)
    {
        foreach (JsonElement row in rows.EnumerateArray())
        {
            NumberKey key = CountersJson.KeyOf(row.GetProperty("number").GetString()!);
            if (!_numbers.TryGetValue(key, out NumberCounters? counters))
            {
                counters = new NumberCounters();
                _numbers.Add(key, counters);
            }

            CountersJson.AddRow(counters, row);
        }
    }

    private static long Optional(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
