using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;
using static EdgeAgent.Core.Tests.Guard.BookRun;

namespace EdgeAgent.Core.Tests.Guard.State;

public sealed class AlertBookTests
{
    private static readonly GuardHit Hit = new() { Rule = GuardId.Hours, Reason = "weekend", Asked = GuardAction.Block, Action = GuardAction.Alert };
    private readonly AlertBook _book = new(new AlertSettings(), maxAlerts: 3);

    [Fact]
    public void OnHit_ThousandHits_AreOneEventAWindowWithACount()
    {
        List<AlertEvent> events = [];
        for (int minute = 0; minute < 180; minute++)
        {
            if (_book.OnHit(Number, Hit, Tuesday.AddMinutes(minute)) is { } told)
            {
                events.Add(told);
            }
        }

        events.Select(told => (told.Change, told.Count)).ShouldBe([(AlertChange.Raised, 1), (AlertChange.Updated, 60), (AlertChange.Updated, 60)]);
    }

    [Fact]
    public void OnHit_GraverThanBefore_IsToldAtOnce()
    {
        _book.OnHit(Number, Hit, Tuesday);

        _book.OnHit(Number, Hit with { Action = GuardAction.Block }, Tuesday.AddSeconds(1))!.Value.Change.ShouldBe(AlertChange.Updated);
        _book.OnHit(Number, Hit, Tuesday.AddSeconds(2)).ShouldBeNull();
        _book.OnHit(Number, Hit with { Action = GuardAction.Block, IsCritical = true }, Tuesday.AddSeconds(3)).ShouldNotBeNull();
    }

    [Fact]
    public void OnTime_QuietForADay_ClearsAndIsNotRaisedAgainTooSoon()
    {
        _book.OnHit(Number, Hit, Tuesday);
        _book.OnTime(Tuesday.AddHours(24).AddTicks(-1)).ShouldBeEmpty();
        _book.OnTime(Tuesday.AddHours(24)).Single().Change.ShouldBe(AlertChange.Cleared);

        _book.OnHit(Number, Hit, Tuesday.AddHours(24).AddMinutes(59)).ShouldBeNull();
        AlertEvent again = _book.OnHit(Number, Hit, Tuesday.AddHours(25))!.Value;
        (again.Change, again.Count).ShouldBe((AlertChange.Raised, 2));
    }

    [Fact]
    public void OnGoodDay_SevenInARow_Clear()
    {
        GuardHit daily = Hit with { Rule = GuardId.AnswerRate };
        _book.OnHit(Number, daily, Tuesday);
        for (int day = 1; day <= 6; day++)
        {
            _book.OnGoodDay(GuardId.AnswerRate, Number, Tuesday.AddDays(day), 7).ShouldBeNull();
        }

        _book.OnUnclearDay(GuardId.AnswerRate, Number);
        _book.OnTime(Tuesday.AddDays(7)).ShouldBeEmpty(); // silence says nothing about figures of days
        for (int day = 8; day <= 13; day++)
        {
            _book.OnGoodDay(GuardId.AnswerRate, Number, Tuesday.AddDays(day), 7).ShouldBeNull();
        }

        _book.OnGoodDay(GuardId.AnswerRate, Number, Tuesday.AddDays(14), 7)!.Value.Change.ShouldBe(AlertChange.Cleared);
        _book.IsUp(GuardId.AnswerRate, Number).ShouldBeFalse();
    }

    [Fact]
    public void OnHit_MoreNumbersThanTheBound_AreToldTogether()
    {
        List<NumberKey> told = [];
        for (ulong i = 0; i < 10; i++)
        {
            if (_book.OnHit(NumberKey.For(new E164Number(33162000001 + i)), Hit, Tuesday) is { } alert)
            {
                told.Add(alert.Number);
            }
        }

        told.Count.ShouldBe(4);
        told[^1].ShouldBe(NumberKey.Other);
    }

    [Fact]
    public void Observe_BlindCapture_RaisesNothing()
    {
        BookRun run = new();
        for (int i = 0; i < 120; i++)
        {
            run.Observe(run.NextFacts(Tuesday.AddSeconds(i)) with { IsBlind = true });
        }

        run.Alerts.ShouldBeEmpty();
        run.Observe(run.NextFacts(Tuesday.AddMinutes(3))).Action.ShouldBe(GuardAction.Alert);
        run.Alerts.ShouldNotBeEmpty();
    }
}
