using EdgeAgent.Core.Guard.State;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

public sealed class AttemptDocumentTests : IDisposable
{
    private const uint Minute = 29_600_000;
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Restore_AfterReopening_GivesEveryDocumentOldestFirst()
    {
        await _temporary.FillAsync(Batch(Document(Minute, 2)), Batch(Document(Minute + 1, 1), Document(Minute + 2, 3)));

        (await RestoreAsync()).Select(bytes => bytes.Length).ShouldBe([5 + 24, 5 + 12, 5 + 36]);
    }

    [Fact]
    public async Task Submit_DocumentsNoWindowReaches_AreRemoved()
    {
        await _temporary.FillAsync(
            Batch(Document(Minute - AttemptTable.Horizon - 1, 5), Document(Minute - AttemptTable.Horizon, 4)), Batch(Document(Minute, 1)));

        (await RestoreAsync()).Select(bytes => bytes.Length).ShouldBe([5 + 48, 5 + 12]);
    }

    [Fact]
    public async Task Submit_PastAQuarterOfTheQuota_TheOldestGo()
    {
        _temporary.Options.QuotaBytes = 16 * 1024 * 1024;
        long most = AttemptDocuments.MaxBytes(_temporary.Options.QuotaBytes);
        const int Attempts = 50_000;
        JournalBatch[] batches = [.. Enumerable.Range(0, 10).Select(i => Batch(Document(Minute + (uint)i, Attempts)))];
        await _temporary.FillAsync(batches);

        IReadOnlyList<byte[]> kept = await RestoreAsync();

        kept.Sum(bytes => (long)bytes.Length).ShouldBeInRange(most - (Attempts * 12) - 5, most);
        MinuteOf(kept[^1]).ShouldBe(Minute + 9);
    }

    [Fact]
    public async Task Submit_OneDocumentYearsAhead_LeavesTheDaysBefore()
    {
        JournalBatch[] days = [.. Enumerable.Range(0, 20).Select(i => Batch(Document(Minute + (uint)i, 1)))];
        await _temporary.FillAsync(days);
        await _temporary.FillAsync(Batch(Document(Minute + (20 * AttemptTable.Horizon), 1))); // the clock was ahead for a minute

        (await RestoreAsync()).Count.ShouldBe(20 + 1 - 2);
    }

    [Fact]
    public async Task Submit_MinuteThatComesTwice_KeepsTheAttemptsOfBoth()
    {
        await _temporary.FillAsync(Batch(Document(Minute, 2)), Batch(Document(Minute, 3)));

        (await RestoreAsync()).ShouldHaveSingleItem().Length.ShouldBe(5 + (12 * 5));
    }

    [Fact]
    public async Task Submit_DocumentWrittenBefore_AddsNothing()
    {
        await _temporary.FillAsync(Batch(Document(Minute, 2)), Batch(Document(Minute, 2)));

        (await RestoreAsync()).ShouldHaveSingleItem().Length.ShouldBe(5 + (12 * 2));
    }

    private static uint MinuteOf(byte[] document) => BitConverter.ToUInt32(document, 1);

    private static JournalBatch Batch(params AttemptDocument[] documents) => new([], [], null) { Attempts = documents };

    private static AttemptDocument Document(uint minute, int attempts)
    {
        AttemptLog log = new();
        for (int i = 0; i < attempts; i++)
        {
            log.Add(1, (ulong)i + 1, minute);
        }

        return log.TakeBefore(minute + 1).ShouldHaveSingleItem();
    }

    private async Task<IReadOnlyList<byte[]>> RestoreAsync()
    {
        await using JournalStore store = _temporary.Open();
        return (await store.RestoreAsync(TestContext.Current.CancellationToken)).Attempts;
    }
}
