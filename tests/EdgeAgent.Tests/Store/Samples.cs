using System.Text.Json;
using System.Text;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;

namespace EdgeAgent.Tests.Store;

/// <summary>Minutes, events and batches with figures that can be added up again.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Morning = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    public static NumberKey Number(long index) => NumberKey.For(new E164Number(33_123_000_000UL + (ulong)index));

    public static NumberCounters Counters(long attempts)
    {
        NumberCounters counters = new() { Attempts = attempts, Answered = 1, AnsweredEnded = 1, Talk = TimeSpan.FromMilliseconds(61_234.5) };
        counters[Disposition.Answered] = 1;
        counters[Disposition.Busy] = attempts - 1;
        counters.Status.Add(200);
        counters.Status.Add(486, attempts - 1);
        return counters;
    }

    public static SealedMinute Minute(DateTimeOffset start, params (NumberKey Key, long Attempts)[] rows) => new(
        start,
        [.. rows.Select(row => KeyValuePair.Create(row.Key, Counters(row.Attempts)))],
        new TrafficCounters { Packets = 10, SipMessages = 9 },
        new CaptureQuality());

    public static AgentEvent Alert(DateTimeOffset at) => new()
    {
        Kind = AgentEventKind.Guard,
        At = at,
        Number = Number(1),
        Person = "7c07a3d8f150b28e46a5e37a7328f8c7",
        Hit = new GuardHit
        {
            Rule = GuardId.DailyCap, Reason = "aboveCap", Asked = GuardAction.Block, Action = GuardAction.Observe, Value = 151, Limit = 150,
        },
    };

    public static AgentSnapshot Snapshot(long mark) =>
        new(Morning.AddSeconds(mark), Encoding.ASCII.GetBytes($"state {mark}"));

    public static JournalBatch Batch(long mark, params SealedMinute[] minutes) => new(minutes, [], Snapshot(mark));

    public static JsonElement Json(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        return document.RootElement.Clone();
    }

    /// <summary>Attempts in the rows of a record.</summary>
    public static long Attempts(ReadOnlyMemory<byte> payload) =>
        Json(payload).GetProperty("numbers").EnumerateArray().Sum(row => row.GetProperty("attempts").GetInt64());
}
