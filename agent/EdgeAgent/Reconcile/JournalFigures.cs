using System.Buffers;
using System.Text.Json;

namespace EdgeAgent.Reconcile;

/// <summary>What the journal says of outbound calls, by number and minute.</summary>
internal sealed class JournalFigures
{
    private readonly HashSet<(string Epoch, long Seq)> _seen = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _blind = [];

    /// <summary>Figures by number.</summary>
    public Dictionary<string, NumberJournal> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>Beginning of the first minute; null without one.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>End of the last minute.</summary>
    public DateTimeOffset? To { get; private set; }

    /// <summary>Lines that are no records.</summary>
    public long Foreign { get; private set; }

    /// <summary>Times in which nothing was observed.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Blind => _blind;

    /// <summary>Takes a record, alone or behind its topic; one that came before is passed over.</summary>
    public void Add(ReadOnlySequence<byte> line)
    {
        byte[] bytes = line.ToArray();
        int begin = bytes.AsSpan().IndexOf((byte)'{');
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes.AsMemory(Math.Max(begin, 0)));
            Add(json.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Foreign++;
        }
    }

    /// <summary>True when the agent saw nothing at some instant of the span.</summary>
    public bool IsBlind(DateTimeOffset from, DateTimeOffset to) => _blind.Exists(period => period.From <= to && from <= period.To);

    private void Add(JsonElement record)
    {
        if (!record.TryGetProperty("kind", out JsonElement kind) || !_seen.Add((record.GetProperty("epoch").GetString()!, record.GetProperty("seq").GetInt64())))
        {
            return;
        }

        switch (kind.GetString())
        {
            case "minute":
                AddMinute(record);
                break;
            case "tombstone" when record.TryGetProperty("firstStart", out JsonElement first):
                AddSum(record, first.GetDateTimeOffset(), record.GetProperty("lastStart").GetDateTimeOffset().AddMinutes(1));
                break;
            case "event" when record.GetProperty("event").GetString() == "blind":
                _blind.Add((record.GetProperty("from").GetDateTimeOffset(), record.GetProperty("to").GetDateTimeOffset()));
                break;
        }
    }

    private void AddMinute(JsonElement record)
    {
        DateTimeOffset start = record.GetProperty("start").GetDateTimeOffset();
        Reach(start, start.AddMinutes(1));
        long minute = CallMatching.MinuteOf(start);
        foreach (JsonElement row in record.GetProperty("numbers").EnumerateArray())
        {
            SortedDictionary<long, JournalCalls> minutes = Find(row).Minutes;
            minutes[minute] = minutes.GetValueOrDefault(minute) + JournalCalls.Of(row); // buckets share one name
        }
    }

    private void AddSum(JsonElement record, DateTimeOffset from, DateTimeOffset to)
    {
        Reach(from, to);
        foreach (JsonElement row in record.GetProperty("numbers").EnumerateArray())
        {
            Find(row).Sums.Add((from, to, JournalCalls.Of(row)));
        }
    }

    private NumberJournal Find(JsonElement row)
    {
        string name = CallerIds.OfJournal(row.GetProperty("number").GetString()!);
        return Numbers.TryGetValue(name, out NumberJournal? number) ? number : Numbers[name] = new NumberJournal();
    }

    private void Reach(DateTimeOffset from, DateTimeOffset to)
    {
        From = From is { } first && first <= from ? first : from;
        To = To is { } last && last >= to ? last : to;
    }
}

/// <summary>What the journal says of one number.</summary>
internal sealed class NumberJournal
{
    /// <summary>Calls by minute since the Unix epoch.</summary>
    public SortedDictionary<long, JournalCalls> Minutes { get; } = [];

    /// <summary>Calls of minutes that were summed up: how many is known, in which of the minutes is not.</summary>
    public List<(DateTimeOffset From, DateTimeOffset To, JournalCalls Calls)> Sums { get; } = [];
}

/// <summary>Outbound calls in records.</summary>
/// <param name="Attempts">Attempts begun.</param>
/// <param name="Answered">Attempts answered.</param>
/// <param name="TalkSeconds">Talk time of calls that ended with certainty.</param>
internal readonly record struct JournalCalls(long Attempts, long Answered, double TalkSeconds)
{
    /// <summary>Reads the row of a number.</summary>
    public static JournalCalls Of(JsonElement row) => new(
        row.TryGetProperty("attempts", out JsonElement attempts) ? attempts.GetInt64() : 0,
        row.TryGetProperty("answered", out JsonElement answered) ? answered.GetInt64() : 0,
        row.TryGetProperty("talkSeconds", out JsonElement talk) ? talk.GetDouble() : 0);

    public static JournalCalls operator +(JournalCalls a, JournalCalls b) =>
        new(a.Attempts + b.Attempts, a.Answered + b.Answered, a.TalkSeconds + b.TalkSeconds);
}
