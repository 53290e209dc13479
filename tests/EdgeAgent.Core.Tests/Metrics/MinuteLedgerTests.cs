using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class MinuteLedgerTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);
    private static readonly NumberKey One = Key(33162123456);
    private static readonly NumberKey Two = Key(33162123457);

    [Fact]
    public void TrySeal_BeforeTheLagIsOver_SealsNothing()
    {
        MinuteLedger ledger = Ledger();
        ledger.Row(One, At(30)).Attempts++;

        ledger.TrySeal(At(60)).ShouldBeNull();
        ledger.TrySeal(At(64.9)).ShouldBeNull();
        ledger.Open.Count.ShouldBe(1);
    }

    [Fact]
    public void TrySeal_AfterTheLag_SealsTheMinuteOnce()
    {
        MinuteLedger ledger = Ledger();
        ledger.Row(One, At(0)).Attempts++;
        ledger.Row(One, At(59.999)).Attempts++;
        ledger.Row(One, At(60)).Attempts++;

        SealedMinute minute = ledger.TrySeal(At(65)).ShouldNotBeNull();

        minute.Start.ShouldBe(Zero);
        minute.Numbers.ShouldHaveSingleItem().Value.Attempts.ShouldBe(2);
        ledger.TrySeal(At(65)).ShouldBeNull();
        ledger.Open.ShouldHaveSingleItem().Rows[One].Attempts.ShouldBe(1);
    }

    [Fact]
    public void Row_OfASealedMinute_CountsInTheOldestOpenOneAsLate()
    {
        MinuteLedger ledger = Ledger();
        ledger.Row(One, At(10)).Attempts++;
        ledger.Row(One, At(70)).Attempts++;
        ledger.Row(One, At(130)).Attempts++;
        SealedMinute first = ledger.TrySeal(At(66)).ShouldNotBeNull();

        ledger.Row(One, At(20)).Attempts++;

        first.Numbers[0].Value.Attempts.ShouldBe(1);
        ledger.Open[0].Rows[One].Attempts.ShouldBe(2);
        ledger.Open[0].Rows[One].Late.ShouldBe(1);
        ledger.Open[1].Rows[One].Late.ShouldBe(0);
    }

    [Fact]
    public void Row_LateWithNothingOpen_OpensTheFirstMinuteNotSealed()
    {
        MinuteLedger ledger = Ledger();
        ledger.Row(One, At(10)).Attempts++;
        ledger.TrySeal(At(66)).ShouldNotBeNull();

        ledger.Row(One, At(20)).Attempts++;

        SealedMinute second = ledger.SealNext().ShouldNotBeNull();
        second.Start.ShouldBe(At(60));
        second.Numbers[0].Value.Late.ShouldBe(1);
    }

    [Fact]
    public void TrySeal_MinutesOpenedOutOfOrder_SealsTheOldestFirst()
    {
        MinuteLedger ledger = Ledger();
        foreach (int second in new[] { 130, 10, 70 })
        {
            ledger.Row(One, At(second)).Attempts++;
        }

        ledger.TrySeal(At(1000))!.Start.ShouldBe(At(0));
        ledger.TrySeal(At(1000))!.Start.ShouldBe(At(60));
        ledger.TrySeal(At(1000))!.Start.ShouldBe(At(120));
        ledger.TrySeal(At(1000)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TrySeal_MinutesWithoutTraffic_AreSealedWhereSilenceIsAFact(bool sealsEmptyMinutes)
    {
        MinuteLedger ledger = new(TimeSpan.FromSeconds(5), 10, sealsEmptyMinutes);
        ledger.Row(One, At(10)).Attempts++;
        ledger.Row(One, At(190)).Attempts++;

        List<DateTimeOffset> starts = SealAll(ledger, At(250));

        starts.ShouldBe(sealsEmptyMinutes ? [At(0), At(60), At(120), At(180)] : [At(0), At(180)]);
    }

    [Fact]
    public void SkipEmptyUntil_NobodyLooked_SealsNoSilence()
    {
        MinuteLedger ledger = new(TimeSpan.FromSeconds(5), 10, sealsEmptyMinutes: true);
        ledger.Row(One, At(10)).Attempts++;
        SealAll(ledger, At(65)).ShouldBe([At(0)]);

        ledger.SkipEmptyUntil(At(600));
        ledger.Row(One, At(610)).Attempts++;

        SealAll(ledger, At(730)).ShouldBe([At(600), At(660)]);
    }

    [Fact]
    public void SealNext_EndOfTheCapture_SealsWhatIsOpenInOrder()
    {
        MinuteLedger ledger = Ledger();
        ledger.Row(One, At(70)).Attempts++;
        ledger.Row(One, At(10)).Attempts++;

        ledger.SealNext()!.Start.ShouldBe(At(0));
        ledger.SealNext()!.Start.ShouldBe(At(60));
        ledger.SealNext().ShouldBeNull();
    }

    [Fact]
    public void Row_NumbersPastTheLimit_ShareTheRowOther()
    {
        MinuteLedger ledger = new(TimeSpan.FromSeconds(5), maxNumbers: 1, sealsEmptyMinutes: false);
        ledger.Row(One, At(0)).Attempts++;
        ledger.Row(Two, At(0)).Attempts++;
        ledger.Row(Key(33162123458), At(0)).Attempts++;
        ledger.Row(One, At(60)).Attempts++;

        ledger.Open[0].Rows[One].Attempts.ShouldBe(1);
        ledger.Open[0].Rows[NumberKey.Other].Attempts.ShouldBe(2);
        ledger.Open[1].Rows[One].Attempts.ShouldBe(1);
    }

    [Fact]
    public void ForgetNumbers_NewDay_LetsOthersIn()
    {
        MinuteLedger ledger = new(TimeSpan.FromSeconds(5), maxNumbers: 1, sealsEmptyMinutes: false);
        ledger.Row(One, At(0)).Attempts++;
        ledger.ForgetNumbers();
        ledger.Row(Two, At(0)).Attempts++;

        ledger.Open[0].Rows.Keys.ShouldBe([One, Two], ignoreOrder: true);
    }

    [Fact]
    public void ToSealed_Rows_StandInOrderOfTheirKeys()
    {
        MinuteLedger ledger = Ledger();
        foreach (NumberKey key in new[] { NumberKey.Other, Two, NumberKey.None, One })
        {
            ledger.Row(key, At(0)).Attempts++;
        }

        ledger.SealNext()!.Numbers.Select(row => row.Key).ShouldBe([One, Two, NumberKey.None, NumberKey.Other]);
    }

    private static List<DateTimeOffset> SealAll(MinuteLedger ledger, DateTimeOffset watermark)
    {
        List<DateTimeOffset> starts = [];
        while (ledger.TrySeal(watermark) is { } minute)
        {
            starts.Add(minute.Start);
        }

        return starts;
    }

    private static MinuteLedger Ledger() => new(TimeSpan.FromSeconds(5), maxNumbers: 10, sealsEmptyMinutes: false);

    private static DateTimeOffset At(double seconds) => Zero + TimeSpan.FromSeconds(seconds);

    private static NumberKey Key(ulong digits) => NumberKey.For(new E164Number(digits));
}
