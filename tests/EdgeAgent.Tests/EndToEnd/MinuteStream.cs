using System.Text;
using System.Text.Json;
using EdgeAgent.Tests.Contract;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// What a subscriber received, one "topic payload" per line, read as a central collector must: records are known by
/// (agent, epoch, seq), a second copy is dropped and must be byte-identical.
/// </summary>
internal sealed class MinuteStream
{
    private readonly Dictionary<(string Agent, string Epoch, long Seq), string> _records = [];

    /// <summary>Counters of all minute records, per number.</summary>
    public Dictionary<string, NumberSums> Sums { get; } = new(StringComparer.Ordinal);

    /// <summary>Events by kind, in order of arrival.</summary>
    public List<(string Kind, JsonElement Event)> Events { get; } = [];

    /// <summary>Records that came more than once.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Start of the latest minute received.</summary>
    public DateTimeOffset LastMinute { get; private set; }

    /// <summary>True while a sequence number below the highest of its epoch has not arrived.</summary>
    public bool HasHoles => _records.Keys
        .GroupBy(key => (key.Agent, key.Epoch))
        .Any(epoch => epoch.Max(key => key.Seq) - epoch.Min(key => key.Seq) + 1 != epoch.Count());

    /// <summary>Reads what has arrived so far; a line still being written is left for later.</summary>
    public static MinuteStream Read(string path)
    {
        MinuteStream stream = new();
        if (!File.Exists(path))
        {
            return stream;
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();
        int end = text.LastIndexOf('\n') + 1;
        foreach (string line in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            stream.Add(line);
        }

        return stream;
    }

    private void Add(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return; // an empty retained message clears a topic
        }

        string[] levels = line[..space].Split('/');
        string payload = line[(space + 1)..];
        if (levels is ["edgeagent", ..])
        {
            MessageContract.Faults(line[..space], Encoding.UTF8.GetBytes(payload)).ShouldBeEmpty(line);
        }

        bool isMinute = levels is ["edgeagent", "v1", AgentConfiguration.AgentId, "minute"];
        bool isEvent = levels is ["edgeagent", "v1", AgentConfiguration.AgentId, "event", _];
        if (!isMinute && !isEvent)
        {
            return; // status, info, health, running totals: not sequenced
        }

        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement record = document.RootElement.Clone();
        record.Count("v").ShouldBe(1);
        record.Text("kind").ShouldBe(isMinute ? "minute" : "event");
        string agent = record.Text("agent").ShouldNotBeNull();
        agent.ShouldBe(AgentConfiguration.AgentId);
        (string, string, long) key = (agent, record.Text("epoch").ShouldNotBeNull(), record.Count("seq"));
        if (!_records.TryAdd(key, payload))
        {
            payload.ShouldBe(_records[key], $"second copy of {key}");
            Duplicates++;
            return;
        }

        if (isEvent)
        {
            Events.Add((levels[^1], record));
            return;
        }

        AddMinute(record);
    }

    private void AddMinute(JsonElement record)
    {
        DateTimeOffset start = record.Instant("start").ShouldNotBeNull();
        LastMinute = start > LastMinute ? start : LastMinute;
        record.Count("part").ShouldBeInRange(1, record.Count("parts"));
        foreach (JsonElement row in record.Member("numbers").EnumerateArray())
        {
            string number = row.Text("number").ShouldNotBeNull();
            if (!Sums.TryGetValue(number, out NumberSums? sums))
            {
                Sums.Add(number, sums = new NumberSums());
            }

            sums.Add(row);
        }
    }
}
