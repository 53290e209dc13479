using System.Globalization;
using System.Text;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using FsCheck.Xunit;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard;

public sealed class CallingHoursTests
{
    private static readonly DateTimeOffset InForce = Instant("2023-03-01T12:00:00Z"); // everywhere by then
    private const string Metropole = "0612345678";
    private const string Reunion = "0692123456";
    private const string Mayotte = "0639123456";
    private const string Guadeloupe = "0690123456";

    private static readonly CallingHours Shared = new(FrenchLaw.Hours, FrenchLaw.Calendars);

    private readonly CallingHours _hours = new(FrenchLaw.Hours, FrenchLaw.Calendars);

    [Theory]
    [InlineData("2026-11-24T09:59:59.9999999+01:00", "beforeOpening")] // a Tuesday
    [InlineData("2026-11-24T10:00:00+01:00", null)]
    [InlineData("2026-11-24T12:59:59.9999999+01:00", null)]
    [InlineData("2026-11-24T13:00:00+01:00", "lunchBreak")]
    [InlineData("2026-11-24T13:59:59.9999999+01:00", "lunchBreak")]
    [InlineData("2026-11-24T14:00:00+01:00", null)]
    [InlineData("2026-11-24T19:59:59.9999999+01:00", null)]
    [InlineData("2026-11-24T20:00:00+01:00", "afterClosing")]
    [InlineData("2026-11-24T23:59:59.9999999+01:00", "afterClosing")]
    [InlineData("2026-11-25T00:00:00+01:00", "beforeOpening")]
    [InlineData("2026-11-27T23:59:59.9999999+01:00", "afterClosing")]
    [InlineData("2026-11-28T00:00:00+01:00", "weekend")]
    [InlineData("2026-11-28T11:00:00+01:00", "weekend")]
    [InlineData("2026-11-29T23:59:59.9999999+01:00", "weekend")]
    [InlineData("2026-11-30T00:00:00+01:00", "beforeOpening")]
    [InlineData("2026-12-24T23:59:59+01:00", "afterClosing")]
    [InlineData("2026-12-25T00:00:00+01:00", "publicHoliday")]
    [InlineData("2026-12-25T11:00:00+01:00", "publicHoliday")]
    [InlineData("2026-12-31T19:59:59+01:00", null)]
    [InlineData("2027-01-01T00:00:00+01:00", "publicHoliday")]
    [InlineData("2026-12-31T23:30:00Z", "publicHoliday")] // the new year began in Paris
    [InlineData("2026-05-14T11:00:00+02:00", "publicHoliday")]
    [InlineData("2026-08-15T11:00:00+02:00", "publicHoliday")] // a Saturday
    [InlineData("2026-03-27T08:59:59Z", "beforeOpening")] // winter time: 09:59:59
    [InlineData("2026-03-27T09:00:00Z", null)]
    [InlineData("2026-03-30T07:59:59Z", "beforeOpening")] // summer time since Sunday
    [InlineData("2026-03-30T08:00:00Z", null)]
    [InlineData("2026-10-23T17:59:59Z", null)] // summer time
    [InlineData("2026-10-23T18:00:00Z", "afterClosing")]
    [InlineData("2026-10-26T18:00:00Z", null)] // winter time since Sunday
    [InlineData("2026-10-26T19:00:00Z", "afterClosing")]
    public void ClosedAt_MetropolitanPerson_FollowsParis(string at, string? reason) => Reason(Metropole, at).ShouldBe(reason);

    [Theory]
    [InlineData(Reunion, "2026-11-24T10:00:00+01:00", "lunchBreak")] // 13:00 there while Paris opens
    [InlineData(Reunion, "2026-11-24T10:59:59+01:00", "lunchBreak")]
    [InlineData(Reunion, "2026-11-24T11:00:00+01:00", null)]
    [InlineData(Reunion, "2026-11-24T13:30:00+01:00", null)] // the Paris break is none there
    [InlineData(Reunion, "2026-11-24T16:59:59+01:00", null)]
    [InlineData(Reunion, "2026-11-24T17:00:00+01:00", "afterClosing")]
    [InlineData(Reunion, "2026-11-24T07:00:00+01:00", null)] // 10:00 there
    [InlineData(Reunion, "2026-07-15T11:00:00+02:00", "lunchBreak")] // summer: two hours apart
    [InlineData(Reunion, "2026-07-13T22:30:00+02:00", "publicHoliday")] // 14 July began there
    [InlineData(Reunion, "2026-11-27T21:30:00+01:00", "weekend")] // Saturday 00:30 there
    [InlineData(Mayotte, "2026-11-24T10:00:00+01:00", null)] // 12:00 there
    [InlineData(Mayotte, "2026-11-24T11:00:00+01:00", "lunchBreak")]
    [InlineData(Mayotte, "2026-11-24T18:00:00+01:00", "afterClosing")]
    [InlineData(Guadeloupe, "2026-11-24T14:59:59+01:00", "beforeOpening")]
    [InlineData(Guadeloupe, "2026-11-24T15:00:00+01:00", null)] // the Antilles open at 15:00 in Paris
    [InlineData(Guadeloupe, "2026-11-24T18:30:00+01:00", "lunchBreak")]
    [InlineData(Guadeloupe, "2026-11-25T00:59:59+01:00", null)] // 19:59:59 there, the day before
    [InlineData(Guadeloupe, "2026-11-25T01:00:00+01:00", "afterClosing")]
    [InlineData(Guadeloupe, "2026-07-15T15:00:00+02:00", "beforeOpening")] // summer: 09:00 there
    [InlineData(Guadeloupe, "2026-07-15T16:00:00+02:00", null)]
    [InlineData("0708451234", "2026-03-06T14:00:00Z", null)] // Miquelon 11:00, winter
    [InlineData("0708451234", "2026-03-06T12:59:59Z", "beforeOpening")]
    [InlineData("0708451234", "2026-03-09T11:59:59Z", "beforeOpening")] // its summer time begins with America's
    [InlineData("0708451234", "2026-03-09T12:00:00Z", null)]
    [InlineData("+687201234", "2026-11-23T23:00:00Z", null)] // Nouméa: Tuesday 10:00
    [InlineData("+68987123456", "2026-11-24T20:00:00Z", null)] // Tahiti 10:00
    [InlineData("+681721234", "2026-11-23T22:00:00Z", null)] // Wallis: Tuesday 10:00
    public void ClosedAt_OverseasPerson_FollowsThePersonsZone(string person, string at, string? reason) =>
        Reason(person, at).ShouldBe(reason);

    [Theory]
    [InlineData("2026-11-24T08:30:00Z", null)] // Réunion 12:30, Mayotte 11:30
    [InlineData("2026-11-24T09:30:00Z", "lunchBreak")] // Réunion 13:30
    [InlineData("2026-11-24T10:30:00Z", "lunchBreak")] // Mayotte 13:30
    [InlineData("2026-11-24T06:30:00Z", "beforeOpening")] // Mayotte 09:30
    [InlineData("2026-11-24T16:30:00Z", "afterClosing")] // Réunion 20:30
    public void ClosedAt_RangeSharedByTwoZones_MustBeLegalInBoth(string at, string? reason) =>
        Reason("+262800123456", at).ShouldBe(reason);

    [Theory]
    [InlineData(14155550123)]
    [InlineData(0)]
    public void ClosedAt_PersonOutsideTheFrenchPlans_SaysNothing(ulong person) =>
        _hours.ClosedAt(new E164Number(person), Instant("2026-11-28T03:00:00Z")).ShouldBe((null, null));

    [Property(MaxTest = 2000)]
    public void ClosedAt_AnyOrderOfInstants_EqualsAFreshOne(int seconds, byte zone)
    {
        // The remembered segments must not show: one rule for all calls answers as a new one does, and as the wall clock does.
        ReadOnlySpan<string> people = [Metropole, Reunion, Mayotte, Guadeloupe, "0708451234", "+687201234", "+68987123456"];
        string person = people[zone % people.Length];
        DateTimeOffset at = Instant("2026-10-25T00:00:00Z").AddSeconds(seconds * 1801L % 40_000_000);

        (string? Reason, string? Reference) shared = Shared.ClosedAt(Number(person), at);
        shared.ShouldBe(_hours.ClosedAt(Number(person), at));

        LocalDateTime local = NodaTime.Instant.FromDateTimeOffset(at)
            .InZone(DateTimeZoneProviders.Tzdb[CalleeZones.Of(Number(person))[0]]).LocalDateTime;
        bool isOpen = local.Hour is (>= 10 and < 13) or (>= 14 and < 20)
            && local.DayOfWeek <= IsoDayOfWeek.Friday && !FrenchHolidays.Contains(local.Date);
        (shared.Reason is null).ShouldBe(isOpen || at < InForce);
    }

    [Fact]
    public void ClosedAt_WindowWithinTheHourThatComesTwice_HoldsBothTimes()
    {
        CallingHours hours = With(new HoursLaw
        {
            Reference = "test",
            Days = Enum.GetValues<DayOfWeek>(),
            Windows = [new CallingWindow(new TimeSpan(2, 30, 0), new TimeSpan(2, 45, 0))],
        });

        List<string> open = [];
        for (DateTimeOffset at = Instant("2026-10-24T23:00:00Z"); at < Instant("2026-10-25T03:00:00Z"); at = at.AddMinutes(5))
        {
            if (hours.ClosedAt(Number(Metropole), at).Reason is null)
            {
                open.Add(at.ToString("HH:mm", CultureInfo.InvariantCulture));
            }
        }

        string.Join(' ', open).ShouldBe("00:30 00:35 00:40 01:30 01:35 01:40");
    }

    [Fact]
    public void ClosedAt_OtherLaw_IsFollowed()
    {
        CallingHours hours = With(new HoursLaw
        {
            Reference = "test",
            Days = [DayOfWeek.Saturday],
            Windows = [new CallingWindow(TimeSpan.Zero, TimeSpan.FromHours(24))],
        });

        hours.ClosedAt(Number(Metropole), Instant("2026-08-15T00:00:00+02:00")).Reason.ShouldBeNull();
        hours.ClosedAt(Number(Metropole), Instant("2026-08-15T23:59:59+02:00")).Reason.ShouldBeNull();
        hours.ClosedAt(Number(Metropole), Instant("2026-08-14T11:00:00+02:00")).ShouldBe(("weekend", "test"));
    }

    [Fact]
    public void ClosedAt_EndsOfTheCalendar_DoNotThrow()
    {
        foreach (string person in (string[])[Metropole, Guadeloupe, "+687201234", "+68987123456"])
        {
            Should.NotThrow(() => _hours.ClosedAt(Number(person), DateTimeOffset.MinValue));
            Should.NotThrow(() => _hours.ClosedAt(Number(person), DateTimeOffset.MaxValue));
        }
    }

    [Fact]
    public void ClosedAt_WithinASegment_AllocatesNothing()
    {
        E164Number person = Number("+262800123456");
        DateTimeOffset at = Instant("2026-11-24T08:30:00Z");
        _hours.ClosedAt(person, at);

        Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _hours.ClosedAt(person, at);
            }
        }).ShouldBe(0);
    }

    [Theory]
    [InlineData(13, 10)]
    [InlineData(-1, 10)]
    [InlineData(10, 25)]
    [InlineData(10, 10)]
    public void Faults_WindowOutsideADay_IsTold(int opens, int closes) => Law(Window(opens, closes)).Faults().Count.ShouldBe(1);

    [Fact]
    public void Faults_OverlapNoWindowAndNoDayOfTheWeek_AreEachTold()
    {
        Law(Window(9, 12), Window(11, 13)).Faults().Count.ShouldBe(1);
        (Law() with { Days = [(DayOfWeek)7] }).Faults().Count.ShouldBe(2);
        FrenchLaw.Hours.ShouldAllBe(law => law.Faults().Count == 0);
    }

    private static HoursLaw Law(params CallingWindow[] windows) => new() { Reference = "test", Windows = windows };

    private static CallingWindow Window(int opens, int closes) => new(TimeSpan.FromHours(opens), TimeSpan.FromHours(closes));

    private static CallingHours With(HoursLaw law) => new([law], []);

    private string? Reason(string person, string at) => _hours.ClosedAt(Number(person), Instant(at)).Reason;

    private static E164Number Number(string dialled)
    {
        new FrenchNumberPlan().TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number).ShouldBeTrue();
        return number;
    }

    private static DateTimeOffset Instant(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
}
