using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using LiteDB;

namespace EdgeAgent.Collect;

/// <summary>
/// Sums per agent and number, of all time and of each civil day, changed in the transaction of the records they come from. What one batch
/// changes is added up in memory first, so that a row is written once a batch. Books thread only.
/// </summary>
internal sealed class BookSums(LiteDatabase database)
{
    /// <summary>In place of a day: sums of tombstones over more than one.</summary>
    public const string Undated = "undated";

    private const int DayLength = 10; // YYYY-MM-DD

    private readonly ILiteCollection<BsonDocument> _totals = database.GetCollection("totals");
    private readonly ILiteCollection<BsonDocument> _days = database.GetCollection("days");
    private readonly Dictionary<string, NumberCounters> _changedTotals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NumberCounters> _changedDays = new(StringComparer.Ordinal);

    /// <summary>Adds the rows of a minute or a tombstone, or takes them back.</summary>
    public void Add(string agent, JsonElement record, bool isTakenBack)
    {
        if (!record.TryGetProperty("numbers", out JsonElement rows))
        {
            return;
        }

        string day = DayOf(record);
        foreach (JsonElement row in rows.EnumerateArray())
        {
            NumberCounters counters = new();
            string name = CountersJson.NameOf(CountersJson.AddRow(counters, row));
            Add(_changedTotals, _totals, $"{agent}/{name}", counters, isTakenBack);
            Add(_changedDays, _days, $"{agent}/{day}/{name}", counters, isTakenBack);
        }
    }

    /// <summary>Writes what changed.</summary>
    public void Write()
    {
        Write(_totals, _changedTotals);
        Write(_days, _changedDays);
    }

    /// <summary>Forgets changes that were not committed.</summary>
    public void Clear()
    {
        _changedTotals.Clear();
        _changedDays.Clear();
    }

    /// <summary>Sums of an agent of all time, ordered by number.</summary>
    public IEnumerable<KeyValuePair<NumberKey, NumberCounters>> Read(string agent)
    {
        string prefix = $"{agent}/";
        foreach (BsonDocument document in _totals.Find(Query.StartsWith("_id", prefix)))
        {
            yield return KeyValuePair.Create(CountersJson.KeyOf(document["_id"].AsString[prefix.Length..]), CountersOf(document));
        }
    }

    /// <summary>Sums of an agent per day and number, in this order; what is undated is no day's.</summary>
    public IEnumerable<(string Day, NumberKey Key, NumberCounters Counters)> ReadDays(string agent, DaySpan days)
    {
        string first = $"{agent}/{days.First ?? "0"}";
        string past = $"{agent}/{days.Last ?? "9999-99-99"}0"; // the sign after the slash that follows a day
        int at = agent.Length + 1;
        foreach (BsonDocument document in _days.Find(Query.Between("_id", first, past)))
        {
            string id = document["_id"].AsString;
            yield return (id.Substring(at, DayLength), CountersJson.KeyOf(id[(at + DayLength + 1)..]), CountersOf(document));
        }
    }

    /// <summary>Sum over an agent's numbers of what belongs to no single day.</summary>
    public NumberCounters ReadUndated(string agent)
    {
        NumberCounters sum = new();
        foreach (BsonDocument document in _days.Find(Query.StartsWith("_id", $"{agent}/{Undated}/")))
        {
            CounterPacking.AddTo(sum, document["c"].AsBinary);
        }

        return sum;
    }

    private static NumberCounters CountersOf(BsonDocument document)
    {
        NumberCounters counters = new();
        CounterPacking.AddTo(counters, document["c"].AsBinary);
        return counters;
    }

    private static string DayOf(JsonElement record)
    {
        string? first = Start(record, "start") ?? Start(record, "firstStart");
        string? last = Start(record, "start") ?? Start(record, "lastStart");
        return first is not null && first == last ? first : Undated;
    }

    private static string? Start(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) && value.TryGetDateTimeOffset(out DateTimeOffset at)
            ? new ParisDay().Of(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    private static void Add(
        Dictionary<string, NumberCounters> changed, ILiteCollection<BsonDocument> collection, string id, NumberCounters counters, bool isTakenBack)
    {
        if (!changed.TryGetValue(id, out NumberCounters? sum))
        {
            sum = new NumberCounters();
            if (collection.FindById(id) is BsonDocument document)
            {
                CounterPacking.AddTo(sum, document["c"].AsBinary);
            }

            changed.Add(id, sum);
        }

        int sign = isTakenBack ? -1 : 1;
        foreach (CounterField field in CounterFields.All)
        {
            long before = field.Read(sum);
            long value = field.Read(counters);
            field.Write(sum, field.Merge != CounterMerge.Highest ? before + (sign * value) : isTakenBack ? before : Math.Max(before, value));
        }

        foreach ((short code, long count) in counters.Status.Entries)
        {
            sum.Status.Add(code, sign * count);
        }
    }

    private static void Write(ILiteCollection<BsonDocument> collection, Dictionary<string, NumberCounters> changed)
    {
        foreach ((string id, NumberCounters counters) in changed)
        {
            collection.Upsert(new BsonDocument { ["_id"] = id, ["c"] = CounterPacking.Pack(counters) });
        }
    }
}
