using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Guard;

public sealed class PolicyWarningsTests
{
    private static readonly GuardPolicy Sound = new()
    {
        Clients = [new PolicyClient("acme"), new PolicyClient("beta")],
        Campaigns = [new PolicyCampaign { Id = "acme-energy", Client = "acme" }, new PolicyCampaign { Id = "beta-water", Client = "beta" }],
        Numbers =
        [
            new RegisteredNumber { Number = new E164Number(33_162_000_001), Client = "acme" },
            new RegisteredNumber { Number = new E164Number(33_162_000_002), Client = "beta" },
        ],
        Trunks = [new TrunkAssignment("carrier-a", "acme", "acme-energy"), new TrunkAssignment("carrier-b", "beta")],
    };

    [Fact]
    public void Of_DefaultsAndASoundPolicy_SaysNothing()
    {
        PolicyWarnings.Of(GuardPolicy.Default).ShouldBeEmpty();
        PolicyWarnings.Of(Sound).ShouldBeEmpty();
        PolicyChecks.FaultsOf(Sound).ShouldBeEmpty();
    }

    [Fact]
    public void Of_LawWithAGap_NamesTheDaysWithoutLaw()
    {
        HoursLaw first = FrenchLaw.Hours[0] with { To = new DateOnly(2026, 12, 31) };
        HoursLaw later = FrenchLaw.Hours[0] with { From = new DateOnly(2027, 2, 1) };

        KeysOf(Sound with { Hours = [later, first] }).ShouldBe(["law.hours[1].to"]);
        KeysOf(Sound with { Hours = [later with { From = new DateOnly(2027, 1, 1) }, first] }).ShouldBeEmpty();
        KeysOf(Sound with { Hours = [first] }).ShouldBe(["law.hours[0].to"]);
    }

    [Fact]
    public void Of_LawMilderThanTheCode_SaysSo()
    {
        KeysOf(Sound with { Attempts = [FrenchLaw.Attempts[0] with { Limit = 5 }] }).ShouldBe(["law.attempts[0]"]);
        KeysOf(Sound with { Attempts = [FrenchLaw.Attempts[0] with { Limit = 3 }] }).ShouldBeEmpty();
        KeysOf(Sound with { Hours = [FrenchLaw.Hours[0] with { Days = [DayOfWeek.Saturday] }] }).ShouldBe(["law.hours[0]"]);
        KeysOf(Sound with { Hours = [FrenchLaw.Hours[0] with { Windows = [new(TimeSpan.FromHours(12), TimeSpan.FromHours(15))] }] }).ShouldBe(["law.hours[0]"]);
    }

    [Fact]
    public void Of_NumbersEveryCallWithWhichIsRefused_NamesThem()
    {
        RegisteredNumber mobile = new() { Number = new E164Number(33_612_345_678), Client = "acme" };
        RegisteredNumber premium = new() { Number = new E164Number(33_899_000_000), Client = "acme" };

        KeysOf(Sound with { Numbers = [mobile, .. Sound.Numbers, premium] }).ShouldBe(["numbers[0].number", "numbers[3].number"]);
        KeysOf(Sound with { Numbers = [mobile, .. Sound.Numbers], Rules = new RuleBook { NumberClass = new PlainSettings(GuardMode.Alert) } }).ShouldBeEmpty();
    }

    [Fact]
    public void Of_CampaignOrTrunkOfAnotherClient_NamesIt()
    {
        KeysOf(Sound with { Numbers = [.. Sound.Numbers.Select(number => number with { Campaign = "acme-energy" })] }).ShouldBe(["numbers[1].campaign"]);
        KeysOf(Sound with { Numbers = [.. Sound.Numbers.Select(number => number with { Trunks = ["carrier-b"] })] }).ShouldBe(["numbers[0].trunks"]);
        KeysOf(Sound with { Trunks = [new TrunkAssignment("carrier-a", "beta", "acme-energy")] }).ShouldBe(["trunks[0].campaign"]);
        KeysOf(Sound with { Campaigns = [.. Sound.Campaigns, new PolicyCampaign { Id = "nobodys" }] }).ShouldBe(["campaigns[2].client"]);
    }

    [Fact]
    public void Of_ClientWithoutNumber_NamesItOrTheEmptyRegister()
    {
        KeysOf(Sound with { Numbers = [Sound.Numbers[0]] }).ShouldBe(["clients[1].id"]);
        KeysOf(Sound with { Numbers = [] }).ShouldBe(["numbers"]);
    }

    [Fact]
    public void Of_CalendarThatNeverHolds_NamesIt()
    {
        HolidayCalendar own = new() { Name = "works-council" };

        KeysOf(Sound with { Calendars = [own, .. FrenchLaw.Calendars] }).ShouldBe(["calendars[0].name"]);
        KeysOf(Sound with { Calendars = [own with { Territories = [FrenchTerritory.Reunion] }, .. FrenchLaw.Calendars] }).ShouldBeEmpty();
    }

    [Fact]
    public void Of_LawfulRuleSwitchedOff_NamesIt() =>
        KeysOf(Sound with { Rules = new RuleBook { CallerId = new PlainSettings(GuardMode.Off), LocalHoliday = new PlainSettings(GuardMode.Off) } })
            .ShouldBe(["rules.callerId.mode"]);

    private static IEnumerable<string> KeysOf(GuardPolicy policy) => PolicyWarnings.Of(policy).Select(warning => warning.Key);
}
