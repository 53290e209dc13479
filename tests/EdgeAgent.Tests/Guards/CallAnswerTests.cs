using System.Globalization;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Guards;

public sealed class CallAnswerTests : IGuardOutput
{
    private static readonly DateTimeOffset Tuesday = DateTimeOffset.Parse("2026-11-24T11:00:00+01:00", CultureInfo.InvariantCulture);

    [Fact]
    public void AllowedAt_OneRuleEndsInTheTimeOfAnother_IsWhenBothLetItPass()
    {
        GuardPolicy policy = GuardPolicy.Default with
        {
            ObserveFor = TimeSpan.Zero,
            Rules = new RuleBook { DailyCap = GuardPolicy.Default.Rules.DailyCap with { Alert = 1, Block = 1 } },
        };
        GuardBook book = new(policy, new GuardState(new GuardLimits(), policy.Alerts), this);
        GuardFacts facts = new() { At = Tuesday, Number = NumberKey.For(new E164Number(33162000001)), Person = new E164Number(33145000001), PersonKey = 1 };
        book.Observe(facts);

        CallAnswer answer = CallAnswer.Of(book, facts with { At = Tuesday.AddMinutes(5), PersonKey = 2 }, usesState: true);

        answer.Rule.ShouldBe("dailyCap");
        answer.Hits.Single(hit => hit.Rule == "dailyCap").AllowedAt.ShouldBe(Tuesday.AddHours(13), "midnight");
        answer.AllowedAt.ShouldBe(Tuesday.AddHours(23), "ten in the morning, when calling is legal");
    }

    [Fact]
    public void AllowedAt_CallThatIsAllowed_IsNone()
    {
        GuardBook book = new(GuardPolicy.Default, new GuardState(new GuardLimits(), GuardPolicy.Default.Alerts), this);
        GuardFacts facts = new() { At = Tuesday, Number = NumberKey.For(new E164Number(33162000001)), Person = new E164Number(33145000001), PersonKey = 1 };

        CallAnswer answer = CallAnswer.Of(book, facts, usesState: true);

        (answer.IsAllowed, answer.AllowedAt).ShouldBe((true, null));
    }

    void IGuardOutput.OnAlert(in AlertEvent alert)
    {
    }

    void IGuardOutput.OnStanding(NumberKey number, in StandingStep step)
    {
    }
}
