using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>Sums that are written some minutes after the records they come from.</summary>
public sealed class PendingTotalsTests : IDisposable
{
    private const int MinutesOfARun = 11;

    private static readonly DateOnly Day = DateOnly.FromDateTime(Samples.Morning.DateTime);

    private readonly TemporaryStore _temporary = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(47)]
    public async Task ReadDay_AfterEachRestart_IsTheSumOfTheRecords(int minutes)
    {
        for (int i = 0; i < minutes; i += MinutesOfARun)
        {
            await _temporary.FillAsync([.. Enumerable.Range(i, Math.Min(MinutesOfARun, minutes - i)).Select(minute =>
                Samples.Batch(minute, Samples.Minute(Samples.Morning.AddMinutes(minute), (Samples.Number(minute % 5), 3), (NumberKey.None, 2))))]);
        }

        await using JournalStore store = _temporary.Open();
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> day = await store.ReadDayAsync(Day, Cancel);

        day.Count.ShouldBe(Math.Min(5, minutes) + 1);
        day.Single(row => row.Key == NumberKey.None).Value.Attempts.ShouldBe(2 * minutes);
        day.Sum(row => row.Value.Attempts).ShouldBe(5 * minutes);
        NumberCounters one = Samples.Minute(Samples.Morning, (Samples.Number(0), 3)).Numbers[0].Value;
        NumberCounters first = day.Single(row => row.Key == Samples.Number(0)).Value;
        first.Talk.ShouldBe(one.Talk * ((minutes + 4) / 5));
    }

    [Fact]
    public async Task Submit_MinutesOfOneRun_WritesTheSumsOnlyNowAndThen()
    {
        await using (JournalStore store = _temporary.Open())
        {
            for (int i = 0; i < 40; i++)
            {
                store.Submit(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 3))));
                await store.FlushAsync(Cancel);
            }
        }

        long stored = 0;
        JournalDatabase.Change(
            _temporary.PathOf(JournalOpening.FileName), database => stored = database.GetCollection("meta").FindById(1)["totalsSeq"].AsInt64);
        stored.ShouldBe(30);
    }
}
