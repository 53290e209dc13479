using System.Text.Json;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Forward;

/// <summary>
/// The sum of records that have to go before the broker took them: it becomes a tombstone, so that a hole in the sequence is always
/// explained and no call is lost from the sums.
/// </summary>
internal sealed class UndeliveredSum
{
    /// <summary>Holes one tombstone explains at most: past them another one begins.</summary>
    internal const int MaxHoles = 48;

    private readonly Dictionary<NumberKey, NumberCounters> _numbers = [];
    private readonly List<Hole> _holes = [];

    /// <summary>First sequence number missing.</summary>
    public long From => _holes[0].From;

    /// <summary>Last sequence number missing.</summary>
    public long To => _holes[^1].To;

    /// <summary>What is missing, in order; records between two holes were delivered.</summary>
    public IReadOnlyList<Hole> Holes => _holes;

    /// <summary>Set when the epoch's first record is among them: how the epoch begins.</summary>
    public EpochLink? Begins { get; private set; }

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
    /// <returns>False when there would be too many holes for one tombstone: nothing is added. The first record is always taken.</returns>
    public bool TryAdd(long seq, ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement record = document.RootElement;
        string? kind = record.GetProperty("kind").GetString();
        List<Hole> holes = HolesOf(seq, payload.Span, record);
        if (_holes.Count > 0 && _holes.Count + holes.Count > MaxHoles)
        {
            return false;
        }

        holes.ForEach(AddHole);
        Begins ??= ProvenanceJson.ReadBeginning(record);
        if (kind == "event")
        {
            Records++;
            Events++;
            return true;
        }

        bool isTombstone = kind == "tombstone";
        Records += isTombstone ? Optional(record, "records") + 1 : 1;
        Events += Optional(record, "events");
        FirstStart ??= Text(record, isTombstone ? "firstStart" : "start");
        LastStart = Text(record, isTombstone ? "lastStart" : "start") ?? LastStart;
        IntervalJson.AddTraffic(Traffic, record);
        IntervalJson.AddQuality(Quality, record);
        AddRows(record.GetProperty("numbers"));
        return true;
    }

    /// <summary>What is missing with a record: itself, and what it explains when it is a tombstone.</summary>
    private static List<Hole> HolesOf(long seq, ReadOnlySpan<byte> payload, JsonElement record)
    {
        Span<byte> signature = stackalloc byte[RecordSeal.SignatureBytes];
        if (!RecordSeal.TrySplit(payload, out ReadOnlySpan<byte> content, signature))
        {
            throw new InvalidDataException($"record {seq} is damaged");
        }

        List<Hole> holes = [];
        if (record.TryGetProperty("holes", out JsonElement explained))
        {
            holes.AddRange(explained.EnumerateArray().Select(hole => new Hole(
                hole.GetProperty("from").GetInt64(), hole.GetProperty("to").GetInt64(), HashIn(hole, "prev"), HashIn(hole, "hash"))));
        }

        holes.Add(new Hole(seq, seq, HashIn(record, "prev"), RecordHash.Of(content)));
        return holes;
    }

    private void AddHole(Hole added)
    {
        int at = _holes.FindIndex(hole => hole.From > added.From);
        at = at < 0 ? _holes.Count : at;
        _holes.Insert(at, added);
        for (int i = Math.Max(1, at); i < _holes.Count && i <= at + 1; i++)
        {
            if (_holes[i - 1].To + 1 == _holes[i].From)
            {
                _holes[i - 1] = _holes[i - 1] with { To = _holes[i].To, Hash = _holes[i].Hash };
                _holes.RemoveAt(i);
                i--;
                at--;
            }
        }
    }

    private static RecordHash HashIn(JsonElement holder, string name) =>
        RecordHash.TryParse(holder.GetProperty(name).GetString(), out RecordHash hash)
            ? hash
            : throw new InvalidDataException("a record to be summed up is damaged");

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
