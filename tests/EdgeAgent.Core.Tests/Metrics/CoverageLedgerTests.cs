using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class CoverageLedgerTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    private readonly CallingTime _calendar = new(FrenchLaw.Hours, FrenchLaw.Calendars);
    private readonly ObservationPeriods _periods = new();
    private readonly CoverageLedger _ledger;

    public CoverageLedgerTests() => _ledger = new CoverageLedger(_calendar);

    [Theory]
    [InlineData("2026-03-09", 9, "Monday")]
    [InlineData("2026-03-14", 0, "Saturday")]
    [InlineData("2026-05-01", 0, "1 May")]
    [InlineData("2026-04-06", 0, "Easter Monday")]
    [InlineData("2026-03-30", 9, "the first Monday of summer time")]
    public void CallingTime_OfDay_IsThatOfTheLaw(string day, int hours, string why) =>
        _calendar.Of(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(TimeSpan.FromHours(hours), why);

    [Theory]
    [InlineData("2026-03-27T09:00:00Z", "10:00 in winter time")]
    [InlineData("2026-03-30T08:00:00Z", "10:00 in summer time")]
    public void CallingTime_AcrossTheClockChange_OpensAtTenOnTheClocks(string opens, string why)
    {
        DateTimeOffset at = DateTimeOffset.Parse(opens, System.Globalization.CultureInfo.InvariantCulture);

        _calendar.Contains(at).ShouldBeTrue(why);
        _calendar.Contains(at.AddTicks(-1)).ShouldBeFalse(why);
    }

    [Fact]
    public void Advance_WholeDayObserved_IsAllOfIt()
    {
        _ledger.Begin(At(0, 0));
        Advance(24, 0);

        DayCoverage day = _ledger.TakeFinished().ShouldHaveSingleItem();
        (day.Day, day.Legal, day.Observed, day.Ratio).ShouldBe((Monday, TimeSpan.FromHours(9), TimeSpan.FromHours(9), 1.0));
        day.Lost.ShouldBeEmpty();
        _ledger.TakeFinished().ShouldBeEmpty();
    }

    [Fact]
    public void Advance_BlindTime_IsLostByCauseWithinLegalHoursOnly()
    {
        _ledger.Begin(At(0, 0));
        _periods.Record("trunk0", ObservationCause.InterfaceDown, isBlind: true, At(12, 30), At(14, 15));
        _periods.Record("lan0", ObservationCause.InterfaceDown, isBlind: false, At(15, 0), At(16, 0));
        _periods.Record("agent", ObservationCause.Suspended, isBlind: true, At(19, 50), At(21, 0));
        Advance(24, 0);

        DayCoverage day = _ledger.TakeFinished().ShouldHaveSingleItem();
        day.Lost.ShouldBe([Lost(ObservationCause.Suspended, 10), Lost(ObservationCause.InterfaceDown, 45)]);
        day.Observed.ShouldBe(TimeSpan.FromHours(9) - TimeSpan.FromMinutes(55));
    }

    [Fact]
    public void Begin_InTheMiddleOfTheDay_WhatHadPassedWasNotObserved()
    {
        _ledger.Begin(At(15, 0));
        Advance(16, 0);

        DayCoverage day = _ledger.Today.ShouldNotBeNull();
        day.Lost.ShouldBe([Lost(ObservationCause.AgentStopped, 240)]);
        day.Observed.ShouldBe(TimeSpan.FromHours(1));
        day.Ratio.ShouldBe(0.2);
    }

    [Fact]
    public void Advance_StoppedOverDays_TellsEachOfThem()
    {
        _ledger.Begin(At(0, 0));
        Advance(12, 0);
        _periods.Record("agent", ObservationCause.AgentStopped, isBlind: true, At(12, 0), At((3 * 24) + 11, 0));
        Advance((3 * 24) + 12, 0);

        _ledger.TakeFinished().Select(day => (day.Day, day.Observed.TotalHours)).ShouldBe(
            [(Monday, 2.0), (Monday.AddDays(1), 0.0), (Monday.AddDays(2), 0.0)]);
        _ledger.Today.ShouldNotBeNull().Observed.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Revise_TakenForObserved_IsMovedToItsCause()
    {
        _ledger.Begin(At(0, 0));
        Advance(15, 30);
        _ledger.Revise(At(12, 50), At(15, 10), ObservationCause.SilentTrunk);

        _ledger.Today.ShouldNotBeNull().Lost.ShouldBe([Lost(ObservationCause.SilentTrunk, 80)]);
        _ledger.Today.ShouldNotBeNull().Elapsed.ShouldBe(TimeSpan.FromHours(4.5));
    }

    [Fact]
    public void StepBack_WithinTheDay_CountsNoTimeTwice()
    {
        _ledger.Begin(At(0, 0));
        Advance(16, 0);
        _ledger.StepBack(At(15, 0));
        Advance(15, 30);
        _ledger.Today.ShouldNotBeNull().Observed.ShouldBe(TimeSpan.FromHours(5));
        Advance(24, 0);

        _ledger.TakeFinished().ShouldHaveSingleItem().Observed.ShouldBe(TimeSpan.FromHours(9));
    }

    [Fact]
    public void StepBack_FromADayThatWasNeverThere_TheTrueDayGoesOn()
    {
        _ledger.Begin(At(0, 0));
        Advance(12, 0);
        _periods.Record("agent", ObservationCause.ClockStepped, isBlind: true, At(12, 0), At(48 + 12, 0));
        Advance(48 + 12, 10);
        _ledger.TakeFinished().Count.ShouldBe(2);

        _ledger.StepBack(At(12, 10));
        _periods.OnSecondPassage(At(12, 10));
        Advance(24, 0);

        DayCoverage day = _ledger.TakeFinished().ShouldHaveSingleItem();
        day.Observed.ShouldBe(TimeSpan.FromHours(9) - TimeSpan.FromMinutes(10));
        day.Elapsed.ShouldBe(day.Legal);
    }

    [Property(MaxTest = 200)]
    public void Advance_AnyPeriodsInAnySteps_ObservedAndLostAreTheLegalTime((ushort From, byte Minutes, byte Cause)[] blind, byte step)
    {
        CoverageLedger ledger = new(_calendar);
        ObservationPeriods periods = new();
        ledger.Begin(At(0, 0));
        foreach ((ushort from, byte minutes, byte cause) in blind)
        {
            DateTimeOffset at = At(0, from % (48 * 60));
            periods.Record($"s{cause}", (ObservationCause)(cause % ObservationCauses.Count), isBlind: true, at, at.AddMinutes(minutes));
        }

        for (int minute = 0; minute <= 72 * 60; minute += step + 1)
        {
            ledger.Advance(At(0, minute), (from, to, lost) => periods.Share(isBlind: true, from, to, lost));
        }

        ledger.TakeFinished().ShouldAllBe(day => day.Elapsed == day.Legal && day.Observed >= TimeSpan.Zero);
    }

    private static KeyValuePair<ObservationCause, TimeSpan> Lost(ObservationCause cause, int minutes) =>
        KeyValuePair.Create(cause, TimeSpan.FromMinutes(minutes));

    /// <summary>Time of that Monday on the clocks of Paris.</summary>
    private DateTimeOffset At(int hour, int minute) => _calendar.StartOf(Monday).AddMinutes((hour * 60) + minute);

    private void Advance(int hour, int minute) =>
        _ledger.Advance(At(hour, minute), (from, to, lost) => _periods.Share(isBlind: true, from, to, lost));
}
