using EdgeAgent.Core.Guard.State;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

public sealed class AttemptDocumentTests : IDisposable
{
    private const uint Minute = 29_600_000;
    private const int HeadBytes = 5;
    private const int ClientBytes = 8;
    private const int PersonBytes = 8;
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Restore_AfterReopening_GivesEveryDocumentOldestFirst()
    {
        await _temporary.FillAsync(Batch(Document(Minute, 2)), Batch(Document(Minute + 1, 1), Document(Minute + 2, 3)));

        (await RestoreAsync()).Select(bytes => bytes.Length).ShouldBe([Bytes(2), Bytes(1), Bytes(3)]);
    }

    [Fact]
    public async Task Submit_DocumentsNoWindowReaches_AreRemoved()
    {
        await _temporary.FillAsync(
            Batch(Document(Minute - AttemptTable.Horizon - 1, 5), Document(Minute - AttemptTable.Horizon, 4)), Batch(Document(Minute, 1)));

        (await RestoreAsync()).Select(bytes => bytes.Length).ShouldBe([Bytes(4), Bytes(1)]);
    }

    [Fact]
    public async Task Submit_PastAQuarterOfTheQuota_TheOldestGo()
    {
        _temporary.Options.QuotaBytes = 16 * 1024 * 1024;
        long most = AttemptDocuments.MaxBytes(_temporary.Options.QuotaBytes);
        const int Attempts = 75_000;
        JournalBatch[] batches = [.. Enumerable.Range(0, 10).Select(i => Batch(Document(Minute + (uint)i, Attempts)))];
        await _temporary.FillAsync(batches);

        IReadOnlyList<byte[]> kept = await RestoreAsync();

        kept.Sum(bytes => (long)bytes.Length).ShouldBeInRange(most - Bytes(Attempts), most);
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

        (await RestoreAsync()).ShouldHaveSingleItem().Length.ShouldBe(Bytes(2) + Bytes(3) - HeadBytes);
    }

    [Fact]
    public async Task Submit_DocumentWrittenBefore_AddsNothing()
    {
        await _temporary.FillAsync(Batch(Document(Minute, 2)), Batch(Document(Minute, 2)));

        (await RestoreAsync()).ShouldHaveSingleItem().Length.ShouldBe(Bytes(2));
    }

    [Fact]
    public async Task Submit_MinuteThatHasADocumentOfPairs_KeepsTheAttemptsOfBoth()
    {
        byte[] pairs = [1, .. BitConverter.GetBytes(Minute), .. Pair(client: 7, person: 70), .. Pair(client: 8, person: 80), .. Pair(client: 7, person: 71)];
        await _temporary.FillAsync(Batch(new AttemptDocument(Minute, pairs)), Batch(Document(Minute, 2)));

        AttemptTable table = new();
        AttemptLog.TryLoad((await RestoreAsync()).ShouldHaveSingleItem(), table).ShouldBeTrue();
        table.Count.ShouldBe(5);
        (uint Client, ulong Person)[] all = [(7, 70), (7, 71), (8, 80), (1, 1), (1, 2)];
        foreach ((uint client, ulong person) in all)
        {
            PersonAttempts found = table.Find(client, person);
            ((ReadOnlySpan<uint>)found).Contains(Minute).ShouldBeTrue();
        }
    }

    private static byte[] Pair(uint client, ulong person) => [.. BitConverter.GetBytes(client), .. BitConverter.GetBytes(person)];

    /// <summary>Of a document of one client.</summary>
    private static int Bytes(int attempts) => HeadBytes + ClientBytes + (attempts * PersonBytes);

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
