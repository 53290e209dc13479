using System.Text.Json;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>Quota and retention: what the broker has goes silently, what it has not is summed up, and every hole is explained.</summary>
public sealed class TrimTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Submit_PastTheQuotaWithoutBroker_SumsTheOldestIntoTombstones()
    {
        _temporary.Options.QuotaBytes = 1024 * 1024;
        await using JournalStore store = _temporary.Open();
        long submitted = await SubmitAsync(store, minutes: 300);

        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 10_000, None);

        records.Sum(record => Samples.Attempts(record.Payload)).ShouldBe(submitted);
        records.Count(record => record.TopicSuffix == "event/tombstone").ShouldBeGreaterThan(0);
        AssertEveryHoleIsExplained(records, store.Status.LastSeq);
        records.ShouldVerify(store).Epochs[0].Explained.ShouldBe(store.Status.LastSeq - records.Count);
        store.Status.RecordBytes.ShouldBeLessThanOrEqualTo(_temporary.Options.QuotaBytes / 2);
        store.Status.FileBytes.ShouldBeLessThanOrEqualTo(_temporary.Options.QuotaBytes);
        store.Status.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Submit_PastTheQuotaWithAcknowledgedRecords_RemovesThemWithoutTombstone()
    {
        _temporary.Options.QuotaBytes = 1024 * 1024;
        await using JournalStore store = _temporary.Open();
        for (int i = 0; i < 10; i++)
        {
            await SubmitAsync(store, minutes: 30, firstMinute: i * 30);
            foreach (JournalRecord record in await store.ReadUnsentAsync(0, 1_000, None))
            {
                record.TopicSuffix.ShouldBe("minute");
                store.Acknowledge(record);
            }
        }

        await store.FlushAsync(None);
        store.Status.Depth.ShouldBe(0);
        store.Status.LastSeq.ShouldBe(300, "no tombstone took a number");
        store.Status.RecordBytes.ShouldBeInRange(1, _temporary.Options.QuotaBytes / 2);
    }

    [Fact]
    public async Task Submit_FileAtItsLimit_MakesRoomAndGoesOn()
    {
        _temporary.Options.QuotaBytes = 2 * 1024 * 1024;
        await using JournalStore store = _temporary.Open();
        long submitted = await SubmitAsync(store, minutes: 250);
        byte[] state = new byte[1_000_000]; // many open calls, beside records that fill their half
        new Random(1).NextBytes(state);
        store.Submit(new JournalBatch([], [], new AgentSnapshot(Samples.Morning, state)));

        await store.FlushAsync(None).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        store.Status.Fault.ShouldBeNull();
        store.Status.FileBytes.ShouldBeLessThanOrEqualTo(_temporary.Options.QuotaBytes);
        (await store.RestoreAsync(None)).Snapshot.ShouldNotBeNull().State.Length.ShouldBe(state.Length);
        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 10_000, None);
        records.Sum(record => Samples.Attempts(record.Payload)).ShouldBe(submitted);
        AssertEveryHoleIsExplained(records, store.Status.LastSeq);
    }

    [Fact]
    public async Task Commit_RecordsPastRetention_GoAndOnlyTheUndeliveredLeaveATombstone()
    {
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(store, minutes: 10);
        foreach (JournalRecord record in await store.ReadUnsentAsync(0, 4, None))
        {
            store.Acknowledge(record);
        }

        _temporary.Time.Now += TimeSpan.FromDays(_temporary.Options.RetentionDays + 2);
        store.Submit(Samples.Batch(2));
        await store.FlushAsync(None);

        JournalRecord tombstone = (await store.ReadUnsentAsync(0, 100, None)).ShouldHaveSingleItem();
        JsonElement json = Samples.Json(tombstone.Payload);
        json.GetProperty("kind").GetString().ShouldBe("tombstone");
        json.GetProperty("reason").GetString().ShouldBe("retention");
        json.GetProperty("from").GetInt64().ShouldBe(5);
        json.GetProperty("to").GetInt64().ShouldBe(10);
        json.GetProperty("records").GetInt64().ShouldBe(6);
        json.GetProperty("firstStart").GetString().ShouldBe("2026-05-04T08:04:00Z");
        json.GetProperty("lastStart").GetString().ShouldBe("2026-05-04T08:09:00Z");
        json.GetProperty("traffic").GetProperty("packets").GetInt64().ShouldBe(60);
        JsonElement row = json.GetProperty("numbers")[0];
        row.GetProperty("talkSeconds").GetDecimal().ShouldBe(6 * 61.2345m);
    }

    [Fact]
    public async Task Commit_DeliveredAmongUndelivered_LeavesOneHolePerStretch()
    {
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(store, minutes: 10);
        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 10, None);
        foreach (JournalRecord delivered in (JournalRecord[])[records[1], records[4], records[5]])
        {
            store.Acknowledge(delivered);
        }

        _temporary.Time.Now += TimeSpan.FromDays(_temporary.Options.RetentionDays + 2);
        store.Submit(Samples.Batch(2));
        await store.FlushAsync(None);

        JournalRecord tombstone = (await store.ReadUnsentAsync(0, 100, None)).ShouldHaveSingleItem();
        Samples.Json(tombstone.Payload).GetProperty("holes").EnumerateArray()
            .Select(hole => (hole.GetProperty("from").GetInt64(), hole.GetProperty("to").GetInt64())).ShouldBe([(1, 1), (3, 4), (7, 10)]);
        ((JournalRecord[])[tombstone, records[1], records[4], records[5]]).ShouldVerify(store).Epochs[0].Explained.ShouldBe(7);
    }

    /// <summary>Submits minutes of many numbers whose counts do not compress away; gives the attempts in them.</summary>
    private static async Task<long> SubmitAsync(JournalStore store, int minutes, int firstMinute = 0)
    {
        Random random = new(firstMinute + 1);
        long attempts = 0;
        for (int i = 0; i < minutes; i++)
        {
            (NumberKey, long)[] rows = [.. Enumerable.Range(0, 200).Select(n => (Samples.Number(n), random.NextInt64(1, 1_000_000)))];
            attempts += rows.Sum(row => row.Item2);
            store.Submit(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(firstMinute + i), rows)));
            if (i % 10 == 0)
            {
                await store.FlushAsync(None);
            }
        }

        await store.FlushAsync(None);
        return attempts;
    }

    private static void AssertEveryHoleIsExplained(IReadOnlyList<JournalRecord> records, long last)
    {
        HashSet<long> known = [.. records.Select(record => record.Seq)];
        foreach (JournalRecord record in records.Where(record => record.TopicSuffix == "event/tombstone"))
        {
            JsonElement json = Samples.Json(record.Payload);
            for (long seq = json.GetProperty("from").GetInt64(); seq <= json.GetProperty("to").GetInt64(); seq++)
            {
                known.Add(seq);
            }
        }

        for (long seq = 1; seq <= last; seq++)
        {
            known.ShouldContain(seq);
        }
    }
}
