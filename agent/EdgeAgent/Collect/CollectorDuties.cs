using MQTTnet;

namespace EdgeAgent.Collect;

/// <summary>
/// What a collector owes its agents: an anchor each so often, and the question after records that are missing. Looked at on the books'
/// thread; remembers only since when a hole stands and when it last asked.
/// </summary>
internal sealed class CollectorDuties(CollectOptions options, Orders orders, TimeProvider time)
{
    private const int MaxRangesAtOnce = 16;
    private const int MaxOrdersAtOnce = 256;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<int, Asked> _asked = [];
    private readonly Dictionary<string, DateTimeOffset> _anchored = new(StringComparer.Ordinal);

    /// <summary>Orders to be sent now.</summary>
    public IReadOnlyList<MqttApplicationMessage> Due(Books books)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<MqttApplicationMessage> due = [];
        foreach (CollectedAgent agent in books.Agents)
        {
            if (due.Count < MaxOrdersAtOnce && books.Current(agent) is { } epoch)
            {
                AddAnchor(due, books, agent, epoch, now);
                AddReplays(due, epoch, now);
            }
        }

        return due;
    }

    private void AddAnchor(List<MqttApplicationMessage> due, Books books, CollectedAgent agent, CollectedEpoch epoch, DateTimeOffset now)
    {
        if (_anchored.TryGetValue(agent.Id, out DateTimeOffset last) && now - last < options.AnchorInterval)
        {
            return;
        }

        if (books.Find(epoch, epoch.Accounted.Last) is StoredRecord newest)
        {
            _anchored[agent.Id] = now;
            due.Add(orders.Anchor(agent.Id, epoch.Name, epoch.Accounted.Last, newest.Hash));
        }
    }

    /// <summary>Asks for the first holes; again after twice as long when that changed nothing, for what is gone from the agent stays missing.</summary>
    private void AddReplays(List<MqttApplicationMessage> due, CollectedEpoch epoch, DateTimeOffset now)
    {
        (long First, long Last)[] holes = [.. epoch.Accounted.Holes().Take(MaxRangesAtOnce)];
        if (holes.Length == 0)
        {
            _asked.Remove(epoch.Number);
            return;
        }

        if (!_asked.TryGetValue(epoch.Number, out Asked? asked) || !asked.Holes.SequenceEqual(holes))
        {
            _asked[epoch.Number] = new Asked(holes, now + options.ReplayAfter, options.ReplayAfter);
        }
        else if (now >= asked.NextAt)
        {
            TimeSpan pause = asked.Pause * 2 < LongestPause ? asked.Pause * 2 : LongestPause;
            _asked[epoch.Number] = asked with { NextAt = now + pause, Pause = pause };
            due.AddRange(holes.Select(hole => orders.Replay(epoch.Agent, epoch.Name, hole.First, hole.Last)));
        }
    }

    private sealed record Asked((long First, long Last)[] Holes, DateTimeOffset NextAt, TimeSpan Pause);
}
