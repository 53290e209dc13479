using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>Retained totals: who gets a topic, what stands in it, when it is sent again and when cleared.</summary>
public sealed class NumberTopicTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task TakeChangedTotals_AfterMinutes_GivesRunningTotalsOnce()
    {
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(store, Samples.Minute(Samples.Morning, (Samples.Number(1), 3)));
        await SubmitAsync(store, Samples.Minute(Samples.Morning.AddMinutes(1), (Samples.Number(1), 4)));

        NumberTotal total = (await store.TakeChangedTotalsAsync(100, None)).ShouldHaveSingleItem();

        total.Topic.ShouldBe("33123000001");
        total.Day.ShouldBe(new DateOnly(2026, 5, 4));
        total.Counters.ShouldNotBeNull().Attempts.ShouldBe(7);
        (await store.TakeChangedTotalsAsync(100, None)).ShouldBeEmpty();
        await store.SettleTotalAsync(total, isSent: false, None);
        (await store.TakeChangedTotalsAsync(100, None)).ShouldHaveSingleItem().Topic.ShouldBe(total.Topic);
    }

    [Fact]
    public async Task TakeChangedTotals_Maxima_AreTheHighestOfTheMinutes()
    {
        await using JournalStore store = _temporary.Open();
        for (int i = 0; i < 3; i++)
        {
            SealedMinute minute = Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 1));
            NumberCounters counters = minute.Numbers[0].Value;
            (counters.ConcurrentPeak, counters.MaxTalk) = (i == 1 ? 7 : 5, TimeSpan.FromSeconds(i == 1 ? 90 : 30));
            await SubmitAsync(store, minute);
        }

        NumberCounters total = (await store.TakeChangedTotalsAsync(100, None)).ShouldHaveSingleItem().Counters.ShouldNotBeNull();

        (total.Attempts, total.ConcurrentPeak, total.MaxTalk).ShouldBe((3, 7, TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public async Task TakeChangedTotals_PastTheLimitAndWithoutNumber_ShareTopics()
    {
        _temporary.Options.NumberTopics = 2;
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(
            store,
            Samples.Minute(Samples.Morning, (Samples.Number(1), 1), (Samples.Number(2), 2), (Samples.Number(3), 3), (Samples.Number(4), 4)),
            Samples.Minute(Samples.Morning.AddMinutes(1), (Samples.Number(4), 5), (Samples.Number(1), 6), (NumberKey.None, 7)),
            Samples.Minute(Samples.Morning.AddMinutes(2), (new NumberKey(default, "account"), 8), (NumberKey.Other, 9)));

        Dictionary<string, long> totals = await AttemptsAsync(store);

        totals.ShouldBe(
            new Dictionary<string, long> { ["33123000001"] = 7, ["33123000002"] = 2, ["other"] = 3 + 4 + 5 + 9, ["none"] = 7 + 8 },
            ignoreOrder: true);
    }

    [Fact]
    public async Task TakeChangedTotals_NextDay_BeginAtZeroWithNewPlaces()
    {
        _temporary.Options.NumberTopics = 1;
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(store, Samples.Minute(Samples.Morning, (Samples.Number(1), 1), (Samples.Number(2), 2)));
        await SubmitAsync(store, Samples.Minute(Samples.Morning.AddDays(1), (Samples.Number(2), 3)));

        Dictionary<string, long> totals = await AttemptsAsync(store);

        totals["33123000002"].ShouldBe(3);
        totals["33123000001"].ShouldBe(1);
    }

    [Fact]
    public async Task Open_Again_OffersTheTotalsOfTheDayAgain()
    {
        await _temporary.FillAsync(Samples.Batch(1, Samples.Minute(Samples.Morning, (Samples.Number(1), 3))));

        await using JournalStore store = _temporary.Open();

        (await AttemptsAsync(store)).ShouldBe(new Dictionary<string, long> { ["33123000001"] = 3 });
    }

    [Fact]
    public async Task TakeChangedTotals_IdleForMoreThanAWeek_ClearsOnceAndForgets()
    {
        await using JournalStore store = _temporary.Open();
        await SubmitAsync(store, Samples.Minute(Samples.Morning, (Samples.Number(1), 3)));
        await AttemptsAsync(store);
        await SubmitAsync(store, Samples.Minute(Samples.Morning.AddDays(7), (Samples.Number(2), 1)));
        (await store.TakeChangedTotalsAsync(10, None)).Select(total => total.Topic).ShouldBe(["33123000002"], "seven days are not yet past");
        await SubmitAsync(store, Samples.Minute(Samples.Morning.AddDays(8), (Samples.Number(2), 1)));

        IReadOnlyList<NumberTotal> totals = await store.TakeChangedTotalsAsync(10, None);

        NumberTotal cleared = totals.Where(total => total.Counters is null).ShouldHaveSingleItem();
        cleared.Topic.ShouldBe("33123000001");
        await store.SettleTotalAsync(cleared, isSent: true, None);
        await SubmitAsync(store, Samples.Minute(Samples.Morning.AddDays(9), (Samples.Number(2), 1)));
        (await store.TakeChangedTotalsAsync(10, None)).ShouldAllBe(total => total.Topic != cleared.Topic);
    }

    private static async Task SubmitAsync(JournalStore store, params SealedMinute[] minutes)
    {
        store.Submit(Samples.Batch(1, minutes));
        await store.FlushAsync(None);
    }

    private static async Task<Dictionary<string, long>> AttemptsAsync(JournalStore store) =>
        (await store.TakeChangedTotalsAsync(100, None)).ToDictionary(total => total.Topic, total => total.Counters!.Attempts);
}
