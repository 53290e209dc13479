using System.Text.Json;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>Every kind of damage: the store opens, says what was lost, keeps the damaged files and reports the loss as its first record.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Open_MissingFile_IsALoss()
    {
        await FillAsync();
        File.Delete(_temporary.PathOf("journal.db"));

        await AssertLossAsync("missing", isKeptAside: false);
    }

    [Fact]
    public async Task Open_EmptyFile_IsALoss()
    {
        await FillAsync();
        await File.WriteAllBytesAsync(_temporary.PathOf("journal.db"), [], TestContext.Current.CancellationToken);

        await AssertLossAsync("missing", isKeptAside: false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(8_192)]
    [InlineData(3 * 8_192)]
    [InlineData(3 * 8_192 + 1_000)]
    public async Task Open_TruncatedFile_IsALoss(int length)
    {
        await FillAsync();
        using (FileStream stream = File.OpenWrite(_temporary.PathOf("journal.db")))
        {
            stream.SetLength(length);
        }

        await AssertLossAsync("damaged", isKeptAside: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8_192)]
    public async Task Open_OverwrittenPages_IsALoss(int from)
    {
        await FillAsync();
        byte[] noise = new byte[64 * 1024];
        new Random(from).NextBytes(noise);
        using (FileStream stream = File.OpenWrite(_temporary.PathOf("journal.db")))
        {
            stream.Position = from;
            stream.Write(noise);
        }

        await AssertLossAsync("damaged", isKeptAside: true);
    }

    [Fact]
    public async Task Open_AnotherHostsFile_IsALoss()
    {
        using TemporaryStore other = new();
        await other.FillAsync(Samples.Batch(1, Samples.Minute(Samples.Morning)));
        await FillAsync();
        File.Copy(other.PathOf("journal.db"), _temporary.PathOf("journal.db"), overwrite: true);

        await AssertLossAsync("foreign", isKeptAside: true);
    }

    [Fact]
    public async Task Open_EpochCopyMissing_IsNoLoss()
    {
        string epoch = await FillAsync();
        File.Delete(_temporary.PathOf("epoch"));

        await using JournalStore store = _temporary.Open();

        store.Identity.Epoch.ShouldBe(epoch);
        store.Status.LastSeq.ShouldBe(50);
        (await EpochAsync()).ShouldBe(epoch);
    }

    [Fact]
    public async Task Open_CutAtEveryPage_NeverThrowsAndNeverPretends()
    {
        string epoch = await FillAsync();
        byte[] whole = await File.ReadAllBytesAsync(_temporary.PathOf("journal.db"), TestContext.Current.CancellationToken);
        for (int length = 8_192; length < whole.Length; length += 8_192)
        {
            using TemporaryStore cut = new();
            await File.WriteAllBytesAsync(cut.PathOf("journal.db"), whole.AsMemory(0, length), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(cut.PathOf("epoch"), epoch, TestContext.Current.CancellationToken);

            await using JournalStore store = cut.Open();

            bool isWhole = store.Identity.Epoch == epoch && store.Status.LastSeq == 50;
            bool isReported = store.Identity.Predecessor == epoch && store.Status.LastSeq == 1;
            (isWhole || isReported).ShouldBeTrue($"cut at {length}: epoch {store.Identity.Epoch}, seq {store.Status.LastSeq}");
        }
    }

    [Fact]
    public async Task ReadUnsent_DamageFoundWhileRunning_IsReplacedAfterAFewAttempts()
    {
        _temporary.Options.Directory.ShouldNotBeEmpty();
        string epoch = await FillAsync(minutes: 400);
        byte[] packed = JournalDatabase.PackedRecord(_temporary.PathOf("journal.db"), 20); // one the opening does not look at
        byte[] bytes = await File.ReadAllBytesAsync(_temporary.PathOf("journal.db"), TestContext.Current.CancellationToken);
        Overwrite(bytes, packed);
        await File.WriteAllBytesAsync(_temporary.PathOf("journal.db"), bytes, TestContext.Current.CancellationToken);
        await using JournalStore store = _temporary.Open();
        store.Identity.Epoch.ShouldBe(epoch);

        int faults = 0;
        while (store.Identity.Epoch == epoch && faults < 10)
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => store.ReadUnsentAsync(0, 100, TestContext.Current.CancellationToken));
            faults++;
        }

        faults.ShouldBe(3);
        store.Identity.Predecessor.ShouldBe(epoch);
        await store.FlushAsync(TestContext.Current.CancellationToken);
        (await store.ReadUnsentAsync(0, 100, TestContext.Current.CancellationToken))[0].TopicSuffix.ShouldBe("event/storeLoss");
    }

    /// <summary>Breaks the page that holds <paramref name="text"/>, from there to its end.</summary>
    private static void Overwrite(byte[] file, ReadOnlySpan<byte> text)
    {
        int at = file.AsSpan().IndexOf(text);
        at.ShouldBeGreaterThan(0);
        int pageStart = at / 8_192 * 8_192;
        file.AsSpan(pageStart + 32, 8_192 - 32).Fill(0xFF);
    }

    private async Task<string> FillAsync(int minutes = 50)
    {
        await _temporary.FillAsync(Samples.Batch(
            1, [.. Enumerable.Range(0, minutes).Select(i => Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 3)))]));
        return await EpochAsync();
    }

    private async Task<string> EpochAsync() =>
        (await File.ReadAllTextAsync(_temporary.PathOf("epoch"), TestContext.Current.CancellationToken)).Split(' ', '\n')[0];

    private async Task AssertLossAsync(string loss, bool isKeptAside)
    {
        string epoch = await EpochAsync();
        await using JournalStore store = _temporary.Open();
        RestoredState restored = await store.RestoreAsync(TestContext.Current.CancellationToken);
        restored.Loss.ShouldBe(loss);
        restored.Snapshot.ShouldBeNull();
        restored.PredecessorEpoch.ShouldBe(epoch);
        restored.Epoch.ShouldNotBe(epoch);
        JournalRecord record = (await store.ReadUnsentAsync(0, 10, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        record.TopicSuffix.ShouldBe("event/storeLoss");
        JsonElement json = Samples.Json(record.Payload);
        json.GetProperty("reason").GetString().ShouldBe(loss);
        json.GetProperty("seq").GetInt64().ShouldBe(1);
        Directory.GetFiles(_temporary.Options.Directory, "journal.db.damaged-*").Length.ShouldBe(isKeptAside ? 1 : 0);
    }
}
