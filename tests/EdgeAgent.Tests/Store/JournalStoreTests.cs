using System.Text.Json;
using System.Text;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

public sealed class JournalStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Submit_MinutesAndEvents_GetGaplessNumbersInOrder()
    {
        await using JournalStore store = _temporary.Open();
        SealedMinute minute = Samples.Minute(Samples.Morning, (Samples.Number(1), 3));
        store.Submit(new JournalBatch([minute], [Samples.Alert(Samples.Morning)], Samples.Snapshot(1)));
        store.Submit(Samples.Batch(2, Samples.Minute(Samples.Morning.AddMinutes(1))));
        await store.FlushAsync(None);

        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 100, None);

        records.Select(record => record.Seq).ShouldBe([1, 2, 3]);
        records.Select(record => record.TopicSuffix).ShouldBe(["minute", "event/guard", "minute"]);
        records.Select(record => Samples.Json(record.Payload).GetProperty("seq").GetInt64()).ShouldBe([1, 2, 3]);
        store.Status.Depth.ShouldBe(3);
        store.Status.OldestUnsentAt.ShouldBe(_temporary.Time.Now);
    }

    [Fact]
    public async Task Submit_Minute_WritesTheContractsFieldsAndNoZeros()
    {
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(Samples.Morning, (Samples.Number(1), 3))));
        await store.FlushAsync(None);

        string text = Encoding.UTF8.GetString((await store.ReadUnsentAsync(0, 1, None))[0].Payload.Span);

        string row = "{\"number\":\"+33123000001\",\"attempts\":3,\"answered\":1,\"answeredEnded\":1,\"talkSeconds\":61.2345,"
            + "\"dispositions\":{\"answered\":1,\"busy\":2},\"status\":{\"200\":1,\"486\":2}}";
        string origin = $"{{\"version\":\"{AgentVersion.Current}\",\"packets\":0,\"dropped\":0,\"configHash\":null,"
            + $"\"trunksHash\":null,\"policyHash\":null,\"key\":\"{store.Identity.KeyFingerprint}\"}}";
        string link = EpochLink.None.HashFor("agent-1", store.Identity.Epoch).ToString();
        text[..^RecordSeal.Length].ShouldBe(
            $"{{\"v\":1,\"agent\":\"agent-1\",\"epoch\":\"{store.Identity.Epoch}\",\"seq\":1,\"boot\":\"{store.Identity.Boot}\","
            + "\"kind\":\"minute\",\"start\":\"2026-05-04T08:00:00Z\",\"part\":1,\"parts\":1,"
            + $"\"numbers\":[{row}],\"perpetual\":[{row}],"
            + "\"traffic\":{\"packets\":10,\"sipMessages\":9},\"quality\":{\"confidence\":\"full\"},"
            + $"\"origin\":{origin},\"begins\":{{\"predecessor\":null,\"lastSeq\":null,\"lastHash\":null}},"
            + $"\"publicKey\":\"{store.Identity.PublicKey}\",\"prev\":\"{link}\"");
        text[^RecordSeal.Length..].ShouldMatch("^,\"sig\":\"[A-Za-z0-9_-]{86}\"}$");
    }

    [Fact]
    public async Task Open_AfterClosing_GoesOnWhereItStood()
    {
        await _temporary.FillAsync(
            Samples.Batch(1, Samples.Minute(Samples.Morning, (Samples.Number(1), 3))),
            Samples.Batch(7, Samples.Minute(Samples.Morning.AddMinutes(1), (Samples.Number(1), 4))));

        await using JournalStore store = _temporary.Open();
        RestoredState restored = await store.RestoreAsync(None);

        restored.NextSeq.ShouldBe(3);
        restored.LastSealed.ShouldBe(Samples.Morning.AddMinutes(1));
        restored.Loss.ShouldBeNull();
        restored.Snapshot.ShouldNotBeNull().State.ToArray().ShouldBe(Samples.Snapshot(7).State.ToArray());
        restored.Snapshot.Watermark.ShouldBe(Samples.Snapshot(7).Watermark);
        File.ReadAllText(_temporary.PathOf("epoch")).ShouldStartWith($"{restored.Epoch} 2 ");
        (await store.ReadDayAsync(new DateOnly(2026, 5, 4), None)).ShouldHaveSingleItem().Value.Attempts.ShouldBe(7);
    }

    [Fact]
    public async Task Open_Again_KeepsTheEpochAndChangesTheBoot()
    {
        JournalIdentity first;
        await using (JournalStore store = _temporary.Open())
        {
            first = store.Identity;
        }

        await using JournalStore again = _temporary.Open();

        again.Identity.Epoch.ShouldBe(first.Epoch);
        again.Identity.Boot.ShouldNotBe(first.Boot);
    }

    [Fact]
    public async Task Submit_SnapshotOfSeveralChunksThenSmaller_RestoresTheLast()
    {
        byte[] large = new byte[3 * 1024 * 1024 + 17];
        new Random(1).NextBytes(large);
        await _temporary.FillAsync(new JournalBatch([], [], new AgentSnapshot(Samples.Morning, large)));
        await using (JournalStore store = _temporary.Open())
        {
            (await store.RestoreAsync(None)).Snapshot.ShouldNotBeNull().State.Span.SequenceEqual(large).ShouldBeTrue();
            store.Submit(Samples.Batch(5));
        }

        await using JournalStore again = _temporary.Open();
        (await again.RestoreAsync(None)).Snapshot.ShouldNotBeNull().State.ToArray().ShouldBe(Samples.Snapshot(5).State.ToArray());
    }

    [Fact]
    public async Task Submit_MinutePastTheLimit_SplitsIntoPartsThatAddUp()
    {
        _temporary.Options.MaxRecordBytes = 32 * 1024;
        (NumberKey, long)[] rows = [.. Enumerable.Range(0, 1_000).Select(i => (Samples.Number(i), (long)i + 1))];
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(Samples.Morning, rows)));
        await store.FlushAsync(None);

        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 100, None);

        records.Count.ShouldBeGreaterThan(5);
        records.ShouldAllBe(record => record.Payload.Length <= 32 * 1024);
        records.Sum(record => Samples.Attempts(record.Payload)).ShouldBe(rows.Sum(row => row.Item2));
        JsonElement[] parts = [.. records.Select(record => Samples.Json(record.Payload))];
        parts.Select(part => part.GetProperty("part").GetInt32()).ShouldBe(Enumerable.Range(1, parts.Length));
        parts.ShouldAllBe(part => part.GetProperty("parts").GetInt32() == parts.Length);
        parts.Count(part => part.TryGetProperty("traffic", out _)).ShouldBe(1);
        parts.Sum(part => part.TryGetProperty("perpetual", out JsonElement totals) ? totals.GetArrayLength() : 0).ShouldBe(1_000);
    }

    [Fact]
    public async Task Submit_MinutesOfTwoHours_CarryPerpetualTotalsOnceAnHour()
    {
        await using JournalStore store = _temporary.Open();
        for (int i = 0; i < 70; i++)
        {
            store.Submit(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 2))));
        }

        await store.FlushAsync(None);
        IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 100, None);

        JsonElement[] perpetual = [.. records.Select(record => Samples.Json(record.Payload))
            .Where(record => record.TryGetProperty("perpetual", out _))];
        perpetual.Select(record => record.GetProperty("start").GetString())
            .ShouldBe(["2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z"]);
        perpetual[1].GetProperty("perpetual")[0].GetProperty("attempts").GetInt64().ShouldBe(61 * 2);
    }

    [Fact]
    public async Task Acknowledge_OutOfOrder_LeavesExactlyTheOthers()
    {
        await using (JournalStore store = _temporary.Open())
        {
            store.Submit(Samples.Batch(1, [.. Enumerable.Range(0, 6).Select(i => Samples.Minute(Samples.Morning.AddMinutes(i)))]));
            await store.FlushAsync(None);
            IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 100, None);
            foreach (int i in (int[])[5, 0, 1, 3])
            {
                store.Acknowledge(records[i]);
            }

            (await store.ReadUnsentAsync(0, 100, None)).Select(record => record.Seq).ShouldBe([3, 5]);
            store.Status.Depth.ShouldBe(2);
            store.Status.AcknowledgedSeq.ShouldBe(2);
            await store.FlushAsync(None);
        }

        await using JournalStore again = _temporary.Open();
        (await again.ReadUnsentAsync(0, 100, None)).Select(record => record.Seq).ShouldBe([3, 4, 5, 6], "only the contiguous part is kept on disk");
    }

    [Fact]
    public async Task Acknowledge_RecordOfAnotherEpoch_IsIgnored()
    {
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(Samples.Morning)));
        await store.FlushAsync(None);
        JournalRecord record = (await store.ReadUnsentAsync(0, 1, None))[0];

        store.Acknowledge(record with { Epoch = "another" });

        store.Status.Depth.ShouldBe(1);
    }

    [Fact]
    public async Task ReadUnsent_AfterReopening_GivesTheSameBytes()
    {
        (NumberKey, long)[] rows = [.. Enumerable.Range(0, 300).Select(i => (Samples.Number(i), (long)i + 1))];
        byte[][] before;
        await using (JournalStore store = _temporary.Open())
        {
            store.Submit(new JournalBatch([Samples.Minute(Samples.Morning, rows)], [Samples.Alert(Samples.Morning)], Samples.Snapshot(1)));
            await store.FlushAsync(None);
            before = [.. (await store.ReadUnsentAsync(0, 10, None)).Select(record => record.Payload.ToArray())];
        }

        await using JournalStore again = _temporary.Open();
        byte[][] after = [.. (await again.ReadUnsentAsync(0, 10, None)).Select(record => record.Payload.ToArray())];

        before.Length.ShouldBe(2);
        after.ShouldBe(before);
    }

    [Fact]
    public async Task Open_WhileAnotherHoldsIt_SaysSo()
    {
        await using JournalStore store = _temporary.Open();

        StoreUnavailableException fault = Should.Throw<StoreUnavailableException>(() => _temporary.Open());

        fault.Message.ShouldBe($"another edge-agent uses the store {_temporary.Options.Directory}");
    }

    [Fact]
    public async Task ReadDay_MinutesAroundParisMidnight_BelongToTheirCivilDay()
    {
        DateTimeOffset lastOfDay = new(2026, 5, 4, 21, 59, 0, TimeSpan.Zero); // 23:59 in Paris
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(lastOfDay, (Samples.Number(1), 3)), Samples.Minute(lastOfDay.AddMinutes(1), (Samples.Number(1), 5))));
        await store.FlushAsync(None);

        (await store.ReadDayAsync(new DateOnly(2026, 5, 4), None))[0].Value.Attempts.ShouldBe(3);
        (await store.ReadDayAsync(new DateOnly(2026, 5, 5), None))[0].Value.Attempts.ShouldBe(5);
        (await store.ReadDayAsync(new DateOnly(2026, 5, 6), None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadDay_AccountsThatDifferInCaseOrAreVeryLong_StayApart()
    {
        NumberKey[] accounts = [new(default, "Alice"), new(default, "alice"), new(default, new string('x', 5_000)), NumberKey.None];
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(Samples.Morning, [.. accounts.Select((key, i) => (key, (long)i + 2))])));
        await store.FlushAsync(None);

        Dictionary<string, long> day = (await store.ReadDayAsync(new DateOnly(2026, 5, 4), None))
            .ToDictionary(row => row.Key.ToString(), row => row.Value.Attempts);

        day.ShouldBe(new Dictionary<string, long> { ["Alice"] = 2, ["alice"] = 3, [new string('x', 128)] = 4, ["none"] = 5 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Beats_WhileOpen_GoOn()
    {
        await using JournalStore store = _temporary.Open();
        long before = store.Beats;

        await Eventually.TrueAsync(() => store.Beats >= before + 2, "two beats");
    }
}
