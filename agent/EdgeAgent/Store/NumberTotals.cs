using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Sums kept beside the records: per number and civil day, per number since the epoch began, and per retained topic. Written in the
/// transaction of the minute they come from, or some minutes later (<see cref="PendingTotals"/>), and always equal to the sum of the
/// records. Storage thread only.
/// </summary>
internal sealed class NumberTotals(LiteDatabase database, int maxDayTopics, HashSet<string> changedTopics)
{
    /// <summary>Days without a call after which a retained topic is cleared.</summary>
    internal const int IdleDays = 7;

    private const string OtherTopic = "other";
    private const string NoneTopic = "none";

    private readonly ParisDay _paris = new();
    private const string AllTime = "all";

    private readonly TotalRows _days = new(database, "days");
    private readonly TotalRows _perpetual = new(database, "perpetual");
    private readonly ILiteCollection<BsonDocument> _topics = database.GetCollection("topics");
    private readonly PendingTotals _pending = new();
    private readonly TotalRows _shared = new(database, "sharedTopics");

    /// <summary>Adds a minute to every sum it belongs to.</summary>
    public void Add(JournalMeta meta, SealedMinute minute, int retentionDays)
    {
        DateOnly day = _paris.Of(minute.Start);
        if (day.DayNumber > meta.Day)
        {
            meta.Day = day.DayNumber;
            meta.DayTopics = 0;
            Forget(day.AddDays(-retentionDays));
            MarkIdle(day);
        }

        List<(string, NumberCounters)> rows = [.. minute.Numbers.Select(row => (CountersJson.NameOf(row.Key), row.Value))];
        _pending.Add(ScopeOf(day), rows);
        List<(string, NumberCounters)> shared = [];
        foreach ((NumberKey key, NumberCounters counters) in minute.Numbers)
        {
            string topic = TopicOf(meta, key, day);
            if (topic is OtherTopic or NoneTopic)
            {
                shared.Add((topic, counters));
            }

            changedTopics.Add(topic);
        }

        _shared.Add(ScopeOf(day), shared);
    }

    /// <summary>True when the sums on disk are to be brought up to date.</summary>
    public bool IsDue => _pending.IsFull;

    /// <summary>Brings the sums on disk up to date.</summary>
    public void Store()
    {
        foreach ((string day, Dictionary<string, NumberCounters> sums) in _pending.Days)
        {
            List<(string, NumberCounters)> rows = [.. sums.Select(row => (row.Key, row.Value))];
            _days.Add(day, rows);
            _perpetual.Add(AllTime, rows);
        }

        _pending.Clear();
    }

    /// <summary>Adds the rows of a minute's record that the sums on disk do not contain.</summary>
    public void Restore(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument record = JsonDocument.Parse(payload);
        List<(string, NumberCounters)> rows = [];
        foreach (JsonElement row in record.RootElement.GetProperty("numbers").EnumerateArray())
        {
            NumberCounters counters = new();
            rows.Add((CountersJson.NameOf(CountersJson.AddRow(counters, row)), counters));
        }

        _pending.Add(ScopeOf(_paris.Of(record.RootElement.GetProperty("start").GetDateTimeOffset())), rows);
    }

    /// <summary>Totals of a civil day, ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> Day(DateOnly day) =>
        Rows(_pending.With(_days.All(ScopeOf(day)), pending => pending == ScopeOf(day)));

    /// <summary>Totals since the epoch began.</summary>
    public IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> Perpetual() => Rows(_pending.With(_perpetual.All(AllTime), _ => true));

    /// <summary>Takes up to <paramref name="max"/> of the retained totals that changed.</summary>
    public List<NumberTotal> TakeChanged(JournalMeta meta, int max)
    {
        List<NumberTotal> totals = [];
        foreach (string topic in changedTopics.Take(max).ToList())
        {
            changedTopics.Remove(topic);
            if (_topics.FindById(topic) is BsonDocument document)
            {
                totals.Add(Total(topic, DateOnly.FromDayNumber(document["d"].AsInt32), meta));
            }
        }

        return totals;
    }

    /// <summary>Forgets a cleared topic, or marks one to be sent again.</summary>
    public void Settle(NumberTotal total, bool isSent)
    {
        if (!isSent)
        {
            changedTopics.Add(total.Topic);
        }
        else if (total.Counters is null && !changedTopics.Contains(total.Topic))
        {
            _topics.Delete(total.Topic);
        }
    }

    /// <summary>Marks the topics of the latest day, which a broker may have missed or forgotten, and the idle ones.</summary>
    public void MarkAfterOpening(JournalMeta meta)
    {
        DateOnly day = DateOnly.FromDayNumber(meta.Day);
        foreach (BsonDocument document in _topics.FindAll().ToList())
        {
            if (document["d"].AsInt32 == meta.Day || IsIdle(document["d"].AsInt32, day))
            {
                changedTopics.Add(document["_id"].AsString);
            }
        }
    }

    private NumberTotal Total(string topic, DateOnly day, JournalMeta meta)
    {
        if (IsIdle(day.DayNumber, DateOnly.FromDayNumber(meta.Day)))
        {
            return new NumberTotal(topic, day, null);
        }

        bool isShared = topic is OtherTopic or NoneTopic;
        NumberCounters sum = (isShared ? _shared : _days).Find(ScopeOf(day), isShared ? topic : "+" + topic);
        if (!isShared && _pending.Find(ScopeOf(day), "+" + topic) is NumberCounters pending)
        {
            sum.Add(pending);
        }

        return new NumberTotal(topic, day, sum);
    }

    /// <summary>A number keeps the topic it got first that day; past the limit, and for what is no number, topics are shared.</summary>
    private string TopicOf(JournalMeta meta, NumberKey key, DateOnly day)
    {
        string shared = key.Bucket is null || key == NumberKey.Other ? OtherTopic : NoneTopic;
        string topic = key.Bucket is null ? key.Number.Digits.ToString(CultureInfo.InvariantCulture) : shared;
        bool isToday = _topics.FindById(topic) is BsonDocument document && document["d"].AsInt32 == day.DayNumber;
        if (isToday)
        {
            return topic;
        }

        if (key.Bucket is null && (meta.DayTopics >= maxDayTopics || day.DayNumber < meta.Day))
        {
            topic = shared;
        }

        meta.DayTopics += topic is OtherTopic or NoneTopic ? 0 : 1;
        _topics.Upsert(new BsonDocument { ["_id"] = topic, ["d"] = day.DayNumber });
        return topic;
    }

    private void Forget(DateOnly first)
    {
        _days.ForgetBefore(ScopeOf(first));
        _shared.ForgetBefore(ScopeOf(first));
    }

    private void MarkIdle(DateOnly day)
    {
        foreach (BsonDocument document in _topics.FindAll().ToList())
        {
            if (IsIdle(document["d"].AsInt32, day))
            {
                changedTopics.Add(document["_id"].AsString);
            }
        }
    }

    private static bool IsIdle(int lastDay, DateOnly day) => day.DayNumber - lastDay > IdleDays;

    private static string ScopeOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static List<KeyValuePair<NumberKey, NumberCounters>> Rows(IEnumerable<KeyValuePair<string, NumberCounters>> rows) =>
        [.. rows.Select(row => KeyValuePair.Create(CountersJson.KeyOf(row.Key), row.Value))];
}
