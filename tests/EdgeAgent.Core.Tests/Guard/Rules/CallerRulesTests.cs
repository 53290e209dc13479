using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.Rules;

/// <summary>G0 to G4: who is shown to whom.</summary>
public sealed class CallerRulesTests
{
    private static readonly GuardPolicy TwoClients = GuardPolicy.Default with
    {
        Clients = [new PolicyClient("acme"), new PolicyClient("other")],
        Campaigns =
        [
            new PolicyCampaign { Id = "acme-auto", Client = "acme", Mode = DiallingMode.Predictive },
            new PolicyCampaign { Id = "acme-hand", Client = "acme", Mode = DiallingMode.Manual },
            new PolicyCampaign { Id = "acme-service", Client = "acme", Mode = DiallingMode.Progressive, IsProspection = false },
            new PolicyCampaign { Id = "other-hand", Client = "other", Mode = DiallingMode.Manual },
        ],
        Trunks = [new TrunkAssignment("trunk-acme", "acme"), new TrunkAssignment("trunk-other", "other"), new TrunkAssignment("shared")],
        Numbers = [new RegisteredNumber { Number = BookRun.Number.Number, Client = "acme" }],
    };

    [Theory]
    [InlineData("15", NumberClass.Emergency)]
    [InlineData("112", NumberClass.Emergency)]
    [InlineData("116000", NumberClass.Emergency)]
    [InlineData("3949", NumberClass.ShortCode)]
    public void Admit_EmergencyOrShortNumber_PassesWhateverElseHolds(string dialled, NumberClass expected)
    {
        NumberClass read = NumberClasses.OfShort(System.Text.Encoding.ASCII.GetBytes(dialled));
        read.ShouldBe(expected);
        BookRun run = new();
        run.Book.Suspend(Number, Tuesday, TimeSpan.FromDays(28), Core.Guard.State.SuspendedBy.Client, "order");

        Seen seen = run.Admit(new GuardFacts { At = At("2026-11-28T03:00:00Z"), Number = Number, ShortClass = read, IsWithheld = true });

        seen.Action.ShouldBe(GuardAction.Allow);
        seen.Hits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("anonymous", "block hidden")]
    [InlineData("none", "block missing")]
    [InlineData("unknown", "block missing")]
    [InlineData("account7", "block invalid")]
    [InlineData("3949", "block shortNumber")]
    [InlineData("3008", "-")] // 30PQ and 31PQ may be shown
    [InlineData("3117", "-")]
    [InlineData("118218", "block directory")]
    [InlineData("17", "block invalid")]
    public void Judge_NoE164Number_IsSaidByReason(string bucket, string expected) =>
        new BookRun().Judge(Facts(Tuesday) with { Number = new NumberKey(default, bucket) }).Say(GuardId.CallerId).ShouldBe(expected);

    [Theory]
    [InlineData(33162000001, "-")]
    [InlineData(33145000001, "-")]
    [InlineData(33890123456, "block premium")] // the last of 0890 beside the first of 0810
    [InlineData(33810123456, "-")]
    [InlineData(33700123456, "block invalid")]
    [InlineData(14155550123, "-")]
    public void Judge_Number_IsSaidByClass(ulong number, string expected) =>
        new BookRun().Judge(Facts(Tuesday) with { Number = NumberKey.For(new E164Number(number)) }).Say(GuardId.CallerId).ShouldBe(expected);

    [Fact]
    public void Judge_WithheldNumber_IsHidden() =>
        new BookRun().Judge(Facts(Tuesday) with { IsWithheld = true }).Deciding!.Value.Reference.ShouldBe("Code de la consommation L221-17");

    [Theory]
    [InlineData("2026-10-31T22:59:59Z", "block notYetValid")] // 31 October 23:59:59 in Paris
    [InlineData("2026-10-31T23:00:00Z", "-")]
    [InlineData("2026-11-30T22:59:59Z", "-")]
    [InlineData("2026-11-30T23:00:00Z", "block expired")] // the month ended in Paris
    public void Judge_RegisterWithDates_HoldsFromFirstToLastParisDay(string at, string expected)
    {
        BookRun run = new(TwoClients with
        {
            Numbers = [new RegisteredNumber { Number = Number.Number, Client = "acme", From = new DateOnly(2026, 11, 1), To = new DateOnly(2026, 11, 30) }],
        });

        run.Judge(Facts(At(at))).Say(GuardId.Unassigned).ShouldBe(expected);
    }

    [Fact]
    public void Judge_NotYetValid_TellsWhenItIs()
    {
        BookRun run = new(TwoClients with
        {
            Numbers = [new RegisteredNumber { Number = Number.Number, Client = "acme", From = new DateOnly(2027, 3, 28) }],
        });

        run.Judge(Facts(Tuesday)).Of(GuardId.Unassigned)!.Value.AllowedAt.ShouldBe(At("2027-03-28T00:00:00+01:00"));
    }

    [Fact]
    public void Judge_UnregisteredNumber_IsSaidOnlyWithARegister()
    {
        new BookRun(TwoClients).Judge(Facts(Tuesday) with { Number = OtherNumber }).Say(GuardId.Unassigned).ShouldBe("block unregistered");
        new BookRun().Judge(Facts(Tuesday) with { Number = OtherNumber }).Say(GuardId.Unassigned).ShouldBe("-");
    }

    [Theory]
    [InlineData("trunk-acme", "-")]
    [InlineData("shared", "block otherTrunk")]
    public void Judge_NumberOfCertainTrunks_IsRefusedOnOthers(string trunk, string expected)
    {
        BookRun run = new(TwoClients with
        {
            Numbers = [new RegisteredNumber { Number = Number.Number, Client = "acme", Trunks = ["trunk-acme"] }],
        });

        run.Judge(Facts(Tuesday) with { Trunk = trunk }).Say(GuardId.Unassigned).ShouldBe(expected);
    }

    [Theory]
    [InlineData("trunk-acme", null, "-")]
    [InlineData("shared", null, "-")]
    [InlineData("trunk-other", null, "block otherClient")]
    [InlineData("shared", "other-hand", "block otherClient")]
    [InlineData("shared", "acme-hand", "-")]
    public void Judge_NumberOfAnotherClient_IsPooling(string trunk, string? campaign, string expected) =>
        new BookRun(TwoClients).Judge(Facts(Tuesday) with { Trunk = trunk, Campaign = campaign }).Say(GuardId.Pooling).ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-30T12:00:00+01:00", "block quarantine")] // the 30th day after
    [InlineData("2026-12-01T12:00:00+01:00", "-")]
    public void Judge_NumberJustTakenOver_RestsThirtyDays(string at, string expected)
    {
        BookRun run = new(TwoClients with
        {
            Numbers =
            [
                new RegisteredNumber { Number = Number.Number, Client = "other", To = new DateOnly(2026, 10, 31) },
                new RegisteredNumber { Number = Number.Number, Client = "acme", From = new DateOnly(2026, 11, 1) },
            ],
        });

        Seen seen = run.Judge(Facts(At(at)));

        seen.Say(GuardId.Pooling).ShouldBe(expected);
        (seen.Of(GuardId.Pooling)?.AllowedAt ?? At("2026-12-01T00:00:00+01:00")).ShouldBe(At("2026-12-01T00:00:00+01:00"));
    }

    [Theory]
    [InlineData(29, "alert severalUsers")]
    [InlineData(30, "-")]
    public void Observe_SecondAccountWithinThirtyDays_IsACriticalAlert(int daysLater, string expected)
    {
        BookRun run = new();
        run.Observe(Facts(Tuesday, person: 1) with { Account = 7 }).Say(GuardId.Pooling).ShouldBe("-");

        Seen seen = run.Observe(Facts(Tuesday.AddDays(daysLater), person: 2) with { Account = 8 });

        seen.Say(GuardId.Pooling).ShouldBe(expected);
        (seen.Of(GuardId.Pooling)?.IsCritical ?? true).ShouldBeTrue();
    }

    [Theory]
    [InlineData(33612345678, "acme-hand", "block mobile")]
    [InlineData(262692123456, "acme-hand", "block mobile")]
    [InlineData(33145000001, "acme-hand", "-")]
    [InlineData(33145000001, "acme-auto", "alert notVerified")]
    [InlineData(33912345678, "acme-auto", "alert notVerified")]
    [InlineData(33162000001, "acme-auto", "-")]
    [InlineData(33948123456, "acme-auto", "-")]
    [InlineData(33937123456, "acme-hand", "alert technicalPlatform")]
    [InlineData(33937123456, "acme-service", "-")]
    [InlineData(33145000001, null, "-")] // nobody said how calls are begun
    public void Judge_ClassAgainstMode_FollowsTheDecision(ulong number, string? campaign, string expected)
    {
        BookRun run = new(TwoClients with { Numbers = [] });

        run.Judge(Facts(Tuesday) with { Number = NumberKey.For(new E164Number(number)), Campaign = campaign })
            .Say(GuardId.NumberClass).ShouldBe(expected);
    }

    [Fact]
    public void Judge_RegisterStatesClassAndMode_BothWin()
    {
        BookRun run = new(TwoClients with
        {
            Numbers = [new RegisteredNumber { Number = Number.Number, Client = "acme", Class = NumberClass.Geographic, Mode = DiallingMode.Progressive }],
        });

        run.Judge(Facts(Tuesday) with { Campaign = "acme-hand" }).Say(GuardId.NumberClass).ShouldBe("alert notVerified");
    }
}
