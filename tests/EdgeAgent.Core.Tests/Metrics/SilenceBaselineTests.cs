using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public class SilenceBaselineTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    private readonly CallingTime _calendar = new(FrenchLaw.Hours, FrenchLaw.Calendars);
    private SilenceBaseline _baseline = new();

    [Fact]
    public void OnMinute_BusyTrunkFallsSilent_IsSuspiciousAfterSixMinutes()
    {
        Days(Monday, 3, isBusy: _ => true);

        DateTimeOffset? found = Day(Monday.AddDays(3), isBusy: minute => minute < 15 * 60);

        found.ShouldBe(LocalTime(Monday.AddDays(3), 15, 5), "the sixth silent minute");
        _baseline.SilentFrom.ShouldBe(LocalTime(Monday.AddDays(3), 15, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OnMinute_FewerThanThreeDaysKnown_NothingIsSuspicious(int days)
    {
        Days(Monday, days, isBusy: _ => true);

        Day(Monday.AddDays(days), isBusy: _ => false).ShouldBeNull();
    }

    [Fact]
    public void OnMinute_TrunkThatRestsEachEvening_IsNoSurprise()
    {
        Days(Monday, 4, isBusy: minute => minute is >= 11 * 60 and < 18 * 60);

        Day(Monday.AddDays(4), isBusy: minute => minute is >= 11 * 60 and < 18 * 60).ShouldBeNull();
    }

    [Fact]
    public void OnMinute_SparseTrunk_NeedsASilenceLongerThanItsOwn()
    {
        Days(Monday, 3, isBusy: minute => minute % 10 == 0); // nine silent minutes in each ten

        DateTimeOffset? found = Day(Monday.AddDays(3), isBusy: minute => minute % 10 == 0 && minute < 15 * 60);

        found.ShouldBe(LocalTime(Monday.AddDays(3), 15, 14), "silent since 14:51, more than 5 + 2 · 9 minutes");
    }

    [Fact]
    public void OnMinute_LunchBreakAndWeekend_AreNotCounted()
    {
        Days(Monday, 5, isBusy: _ => true);

        Day(Monday.AddDays(5), isBusy: _ => false).ShouldBeNull("Saturday");
        Day(Monday.AddDays(7), isBusy: minute => minute is < 13 * 60 or >= (14 * 60) + 4).ShouldBeNull("four minutes after the break");
    }

    [Fact]
    public void OnMinute_UnobservedMinutes_AreNoSilence()
    {
        Days(Monday, 3, isBusy: _ => true);

        Day(Monday.AddDays(3), isBusy: minute => minute < 15 * 60, isObserved: minute => minute < 15 * 60).ShouldBeNull();
    }

    [Fact]
    public void OnMinute_SuspiciousSilence_LastsUntilTheNextMessageAndIsNotLearnt()
    {
        Days(Monday, 4, isBusy: _ => true);
        Day(Monday.AddDays(4), isBusy: minute => minute < 15 * 60).ShouldNotBeNull();
        Day(Monday.AddDays(5), isBusy: _ => false);
        _baseline.IsSilent.ShouldBeTrue("over the weekend");

        Day(Monday.AddDays(7), isBusy: minute => minute < 15 * 60).ShouldBe(LocalTime(Monday.AddDays(7), 15, 5), "as quickly as the first time");
    }

    [Fact]
    public void SaveLoad_WhatWasLearnt_IsKept()
    {
        Days(Monday, 3, isBusy: _ => true);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        _baseline.Save(writer);
        stream.Position = 0;
        _baseline = new SilenceBaseline();
        _baseline.Load(new BinaryReader(stream));

        Day(Monday.AddDays(3), isBusy: minute => minute < 15 * 60).ShouldBe(LocalTime(Monday.AddDays(3), 15, 5));
    }

    private void Days(DateOnly first, int count, Func<int, bool> isBusy)
    {
        for (int i = 0; i < count; i++)
        {
            Day(first.AddDays(i), isBusy).ShouldBeNull();
        }
    }

    /// <summary>Plays a day; gives the first minute at which silence was suspicious.</summary>
    private DateTimeOffset? Day(DateOnly day, Func<int, bool> isBusy, Func<int, bool>? isObserved = null)
    {
        DateTimeOffset? found = null;
        for (DateTimeOffset at = _calendar.StartOf(day); _calendar.DayOf(at) == day; at = at.AddMinutes(1))
        {
            MinuteFacts facts = MinuteFacts.Of(_calendar, at, isObserved?.Invoke(_calendar.MinuteOfDay(at)) ?? true);
            _baseline.OnMinute(facts.Start, facts.Day, facts.MinuteOfDay, facts.IsLegal, facts.IsObserved, isBusy(facts.MinuteOfDay));
            found ??= _baseline.IsSilent && facts.IsLegal ? at : null;
        }

        return found;
    }

    private DateTimeOffset LocalTime(DateOnly day, int hour, int minute) => _calendar.StartOf(day).AddMinutes((hour * 60) + minute);
}
