using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.Rules;

/// <summary>G5 to G9: what the person called is owed.</summary>
public sealed class PersonRulesTests
{
    private static readonly E164Number Reunion = new(262262123456);
    private static readonly GuardPolicy Business = GuardPolicy.Default with
    {
        Clients = [new PolicyClient("acme")],
        Campaigns = [new PolicyCampaign { Id = "b2b", Client = "acme", Audience = Audience.Business }],
    };

    [Theory]
    [InlineData("2026-11-24T09:59:59.9999999+01:00", "block beforeOpening", "2026-11-24T10:00:00+01:00")]
    [InlineData("2026-11-24T10:00:00+01:00", "-", null)]
    [InlineData("2026-11-24T13:00:00+01:00", "block lunchBreak", "2026-11-24T14:00:00+01:00")]
    [InlineData("2026-11-24T20:00:00+01:00", "block afterClosing", "2026-11-25T10:00:00+01:00")]
    [InlineData("2026-11-27T20:00:00+01:00", "block afterClosing", "2026-11-30T10:00:00+01:00")] // over the weekend
    [InlineData("2026-12-24T23:59:59+01:00", "block afterClosing", "2026-12-28T10:00:00+01:00")] // a holiday, then a weekend
    [InlineData("2026-12-25T11:00:00+01:00", "block publicHoliday", "2026-12-28T10:00:00+01:00")]
    [InlineData("2026-12-31T20:00:00+01:00", "block afterClosing", "2027-01-04T10:00:00+01:00")] // year's end
    [InlineData("2026-03-27T20:00:00+01:00", "block afterClosing", "2026-03-30T10:00:00+02:00")] // clocks go forward between
    [InlineData("2026-10-23T20:00:00+02:00", "block afterClosing", "2026-10-26T10:00:00+01:00")] // and back
    [InlineData("2023-02-28T23:59:59+01:00", "-", null)] // before the law
    [InlineData("2023-03-01T00:00:00+01:00", "block beforeOpening", "2023-03-01T10:00:00+01:00")]
    public void Judge_Hours_TellWhyAndUntilWhen(string at, string expected, string? allowedAt)
    {
        Seen seen = new BookRun().Judge(Facts(At(at)));

        seen.Say(GuardId.Hours).ShouldBe(expected);
        seen.Of(GuardId.Hours)?.AllowedAt.ShouldBe(At(allowedAt!));
        (seen.Of(GuardId.Hours)?.Reference ?? "D223-9").ShouldContain("D223-9");
    }

    [Theory]
    [InlineData("2026-11-24T10:30:00+01:00", "block lunchBreak", "2026-11-24T11:00:00+01:00")] // 13:30 there
    [InlineData("2026-11-24T17:00:00+01:00", "block afterClosing", "2026-11-25T07:00:00+01:00")]
    [InlineData("2026-11-24T13:30:00+01:00", "-", null)]
    public void Judge_HoursOverseas_AreThePersons(string at, string expected, string? allowedAt)
    {
        Seen seen = new BookRun().Judge(Facts(At(at)) with { Person = Reunion });

        seen.Say(GuardId.Hours).ShouldBe(expected);
        seen.Of(GuardId.Hours)?.AllowedAt.ShouldBe(At(allowedAt!));
    }

    [Fact]
    public void Judge_RangeOfTwoZones_OpensWhenBothAreOpen() =>
        new BookRun().Judge(Facts(At("2026-11-24T09:30:00Z")) with { Person = new E164Number(262800123456) })
            .Of(GuardId.Hours)!.Value.AllowedAt.ShouldBe(At("2026-11-24T11:00:00Z")); // 14:00 on Mayotte, 15:00 on La Réunion

    [Fact]
    public void Judge_Business_IsObservedOnly() =>
        new BookRun(Business).Judge(Facts(At("2026-11-28T03:00:00Z")) with { Campaign = "b2b" }).Say(GuardId.Hours).ShouldBe("observe weekend");

    [Theory]
    [InlineData(0, "-")]
    [InlineData(60, "block lunchBreak")]
    public void Judge_LastSecondsWithACloseMargin_AreLate(int margin, string expected)
    {
        RuleBook rules = new() { Hours = new HoursSettings { CloseMargin = TimeSpan.FromSeconds(margin) } };

        new BookRun(GuardPolicy.Default with { Rules = rules }).Judge(Facts(At("2026-11-24T12:59:30+01:00"))).Say(GuardId.Hours).ShouldBe(expected);
    }

    [Theory]
    [InlineData(-11, "block weekend")]
    [InlineData(-10, "-")]
    [InlineData(10, "-")]
    [InlineData(11, "block weekend")]
    public void Judge_AgreedDateAndTime_LiftsTheHours(int minutes, string expected)
    {
        BookRun run = new();
        DateTimeOffset agreed = At("2026-11-28T21:00:00+01:00");
        run.Book.State.Consents.TryAdd(PolicyClient.KeyOf("default"), 1, new ConsentEntry { Appointment = GuardMinutes.Of(agreed) });

        run.Judge(Facts(agreed.AddMinutes(minutes))).Say(GuardId.Hours).ShouldBe(expected);
        run.Judge(Facts(agreed, person: 2)).Say(GuardId.Hours).ShouldBe("block weekend");
    }

    [Theory]
    [InlineData(262262123456, "2027-12-20T11:00:00+04:00", "alert localHoliday")] // La Réunion, a Monday
    [InlineData(262269123456, "2027-12-20T11:00:00+03:00", "-")] // not on Mayotte
    [InlineData(262800123456, "2027-12-20T11:00:00+04:00", "alert localHoliday")] // either
    [InlineData(596596123456, "2026-05-22T11:00:00-04:00", "alert localHoliday")]
    [InlineData(33145000001, "2026-05-22T11:00:00+02:00", "-")]
    public void Judge_LocalHoliday_IsAnAlertThere(ulong person, string at, string expected) =>
        new BookRun().Judge(Facts(At(at)) with { Person = new E164Number(person) }).Say(GuardId.LocalHoliday).ShouldBe(expected);

    [Theory]
    [InlineData("2027-03-26T11:00:00+01:00", "alert localHoliday")] // Good Friday
    [InlineData("2027-03-25T11:00:00+01:00", "-")]
    public void Judge_CalendarNamedByTheCampaign_HoldsForAll(string at, string expected)
    {
        BookRun run = new(GuardPolicy.Default with
        {
            Campaigns = [new PolicyCampaign { Id = "alsace", Calendars = ["alsace-moselle"] }],
        });

        run.Judge(Facts(At(at)) with { Campaign = "alsace" }).Say(GuardId.LocalHoliday).ShouldBe(expected);
        run.Judge(Facts(At(at))).Say(GuardId.LocalHoliday).ShouldBe("-");
    }

    [Theory]
    [InlineData(0, 0, 0, "block noConsent")]
    [InlineData(-1, 0, 0, "-")]
    [InlineData(-365, 0, 0, "block consentExpired")] // a year at most
    [InlineData(-364, 0, 0, "-")]
    [InlineData(-10, -1, 0, "block consentExpired")] // its own end came first
    [InlineData(-10, 1, 0, "-")]
    [InlineData(-10, 0, -5, "block refused")]
    [InlineData(-70, 0, -80, "-")] // consent after the refusal, and sixty days
    [InlineData(-50, 0, -59, "block refused")] // consent after the refusal, too soon
    [InlineData(-50, 0, -60, "-")]
    public void Judge_Consent_IsYoungAndNotWithdrawn(int given, int until, int refused, string expected)
    {
        BookRun run = new();
        uint client = PolicyClient.KeyOf("default");
        run.Book.State.Consents.TryAdd(client, 99, new ConsentEntry { Given = 1 }).ShouldBeTrue(); // a set is loaded
        run.Book.State.Consents.TryAdd(client, 1, new ConsentEntry
        {
            Given = Minute(given), Until = Minute(until), Refused = Minute(refused),
        });

        run.Judge(Facts(Tuesday)).Say(GuardId.Consent).ShouldBe(expected);

        static uint Minute(int days) => days == 0 ? 0 : GuardMinutes.Of(Tuesday.AddDays(days));
    }

    [Theory]
    [InlineData("2026-08-10T23:59:59+02:00", "-")]
    [InlineData("2026-08-11T00:00:00+02:00", "block noConsent")]
    public void Judge_NoConsent_CountsSinceTheLaw(string at, string expected)
    {
        BookRun run = new();
        run.Book.State.Consents.TryAdd(PolicyClient.KeyOf("default"), 99, new ConsentEntry { Given = 1 });

        run.Judge(Facts(At(at))).Say(GuardId.Consent).ShouldBe(expected);
    }

    [Fact]
    public void Judge_NoSetLoadedCurrentContractOrBusiness_NeedNoConsent()
    {
        new BookRun().Judge(Facts(Tuesday)).Say(GuardId.Consent).ShouldBe("-");

        BookRun run = new();
        run.Book.State.Consents.TryAdd(PolicyClient.KeyOf("default"), 99, new ConsentEntry { Given = 1 });
        run.Book.State.Consents.TryAdd(PolicyClient.KeyOf("default"), 1, new ConsentEntry { ContractUntil = GuardMinutes.Of(Tuesday) });
        run.Judge(Facts(Tuesday)).Say(GuardId.Consent).ShouldBe("-");
        run.Judge(Facts(Tuesday.AddMinutes(1))).Say(GuardId.Consent).ShouldBe("block noConsent");

        BookRun business = new(Business);
        business.Book.State.Consents.TryAdd(PolicyClient.KeyOf("acme"), 99, new ConsentEntry { Given = 1 });
        business.Judge(Facts(Tuesday) with { Campaign = "b2b" }).Say(GuardId.Consent).ShouldBe("-");
    }

    [Fact]
    public void Observe_AttemptsToOnePerson_WarnAtTheThirdAndBlockTheFifth()
    {
        BookRun run = new();
        string[] said = [.. Enumerable.Range(0, 6).Select(i => run.Admit(Facts(Tuesday.AddDays(i))).Say(GuardId.PersonAttempts))];

        said.ShouldBe(["-", "-", "alert nearLimit", "alert nearLimit", "block aboveLimit", "block aboveLimit"]);
    }

    [Fact]
    public void Judge_FifthAttempt_IsAllowedWhenTheOldestHasLeftTheWindow()
    {
        BookRun run = new(GuardPolicy.Default with { Rules = new RuleBook { Hours = new HoursSettings() with { Mode = GuardMode.Off } } });
        DateTimeOffset first = At("2026-03-20T10:15:30+01:00"); // the clocks change within the window
        for (int i = 0; i < 4; i++)
        {
            run.Admit(Facts(first.AddDays(i)));
        }

        DateTimeOffset free = run.Judge(Facts(first.AddDays(10))).Of(GuardId.PersonAttempts)!.Value.AllowedAt!.Value;

        free.ShouldBe(At("2026-04-19T11:16:00+02:00")); // 30 times 24 hours, to the next full minute
        run.Judge(Facts(free.AddTicks(-1))).Say(GuardId.PersonAttempts).ShouldBe("block aboveLimit");
        run.Judge(Facts(free)).Say(GuardId.PersonAttempts).ShouldBe("alert nearLimit"); // three are left, this is the fourth
    }

    [Fact]
    public void Judge_OtherClientOrOtherPerson_HasItsOwnCount()
    {
        BookRun run = new(GuardPolicy.Default with
        {
            Clients = [new PolicyClient("acme"), new PolicyClient("other")],
            Campaigns = [new PolicyCampaign { Id = "a", Client = "acme" }, new PolicyCampaign { Id = "a2", Client = "acme" }, new PolicyCampaign { Id = "o", Client = "other" }],
        });
        for (int i = 0; i < 4; i++)
        {
            run.Admit(Facts(Tuesday.AddDays(i)) with { Campaign = i % 2 == 0 ? "a" : "a2", Number = i % 2 == 0 ? Number : OtherNumber });
        }

        DateTimeOffset later = Tuesday.AddDays(6);
        run.Judge(Facts(later) with { Campaign = "a" }).Say(GuardId.PersonAttempts).ShouldBe("block aboveLimit"); // neither campaign nor number matter
        run.Judge(Facts(later) with { Campaign = "o" }).Say(GuardId.PersonAttempts).ShouldBe("-");
        run.Judge(Facts(later, person: 2) with { Campaign = "a" }).Say(GuardId.PersonAttempts).ShouldBe("-");
    }

    [Fact]
    public void Judge_AttemptsUnderTheFormerKey_CountToo()
    {
        BookRun run = new();
        for (int i = 0; i < 4; i++)
        {
            run.Admit(Facts(Tuesday.AddDays(i), person: i < 2 ? 1UL : 2UL) with { FormerPersonKey = i < 2 ? 0UL : 1UL });
        }

        run.Judge(Facts(Tuesday.AddDays(6), person: 2) with { FormerPersonKey = 1 }).Say(GuardId.PersonAttempts).ShouldBe("block aboveLimit");
        run.Judge(Facts(Tuesday.AddDays(6), person: 2)).Say(GuardId.PersonAttempts).ShouldBe("alert nearLimit");
    }

    [Theory]
    [InlineData(60, "block withinHour")]
    [InlineData(61, "-")]
    public void Judge_SameHour_IsABurst(int minutes, string expected)
    {
        BookRun run = new();
        run.Admit(Facts(Tuesday));

        Seen seen = run.Judge(Facts(Tuesday.AddMinutes(minutes)));

        seen.Say(GuardId.Redial).ShouldBe(expected);
        (seen.Of(GuardId.Redial)?.AllowedAt ?? Tuesday.AddMinutes(61)).ShouldBe(Tuesday.AddMinutes(61));
    }

    [Theory]
    [InlineData(24 * 60, "block withinDay")]
    [InlineData((24 * 60) + 1, "-")]
    public void Judge_ThirdOfADay_IsABurst(int minutes, string expected)
    {
        BookRun run = new();
        run.Admit(Facts(Tuesday));
        run.Admit(Facts(Tuesday.AddMinutes(90))).Say(GuardId.Redial).ShouldBe("-");

        run.Judge(Facts(Tuesday.AddMinutes(minutes))).Say(GuardId.Redial).ShouldBe(expected);
    }

    [Fact]
    public void Judge_DayLimitInForce_IsTheLaterOfBothTimes()
    {
        BookRun run = new();
        run.Admit(Facts(Tuesday));
        run.Admit(Facts(Tuesday.AddMinutes(90)));

        run.Judge(Facts(Tuesday.AddMinutes(95))).Of(GuardId.Redial)!.Value.AllowedAt.ShouldBe(Tuesday.AddMinutes((24 * 60) + 1));
    }

    [Fact]
    public void Observe_FailoverToTheNextTrunk_IsTheSameAttemptForThePerson()
    {
        BookRun run = new();
        run.Observe(Facts(Tuesday));
        for (int trunk = 0; trunk < 4; trunk++)
        {
            run.Observe(Facts(Tuesday.AddSeconds(trunk)) with { IsFailover = true }).Hits.ShouldBeEmpty();
        }

        run.Judge(Facts(Tuesday.AddDays(2))).Hits.ShouldBeEmpty();
    }
}
