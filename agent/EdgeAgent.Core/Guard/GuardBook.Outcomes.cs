using EdgeAgent.Core.Guard.Rules;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <content>What becomes of attempts, the passing of time, and the standing of numbers.</content>
public sealed partial class GuardBook
{
    /// <summary>Days after which no report is taken any more.</summary>
    public const int MaxReportAge = 28;

    private IDailyRule[] _daily = [];
    private AnswerRateRule _answerRate = null!;
    private ReportRateRule _reportRate = null!;
    private CarrierBlockRule _carrierBlock = null!;

    /// <summary>An outbound attempt was answered.</summary>
    public void OnAnswered(NumberKey number, DateTimeOffset at, string? trunk = null)
    {
        Begin(at);
        if (_state.Find(number) is { } state)
        {
            ref DayRollup day = ref state.Days.Of(DayOf(at));
            day.Answered++;
            day.Reached++;
            OnCarrier(state, trunk, at, isRefused: false, isBlocked: false);
        }
    }

    /// <summary>An outbound attempt ended without answer.</summary>
    public void OnRefused(NumberKey number, DateTimeOffset at, in GuardRefusal refusal, bool isBlind = false)
    {
        Begin(at);
        if (_state.Find(number) is not { } state)
        {
            return;
        }

        ref DayRollup day = ref state.Days.Of(DayOf(at));
        day.Reached += refusal.IsReached ? 1u : 0;
        day.Refused += refusal.IsRefused ? 1u : 0;
        day.Reports += refusal.IsBlocked ? 1u : 0;
        CarrierWindow window = OnCarrier(state, refusal.Trunk, at, refusal.IsRefused, refusal.IsBlocked);
        if (isBlind)
        {
            return;
        }

        if ((refusal.IsRefused || refusal.IsBlocked) && Array.IndexOf(_daily, _carrierBlock) >= 0
            && _carrierBlock.Judge(state, window, at, DayOf(at), _state.BlindDays, out GuardHit hit))
        {
            Report(state, hit, at);
        }

        if (refusal.IsBlocked)
        {
            AssessReports(state, at);
        }
    }

    /// <summary>An answered call ended in a way that tells its talk time.</summary>
    public void OnTalked(NumberKey number, DateTimeOffset at, TimeSpan talk)
    {
        Begin(at);
        if (_state.Find(number) is { } state)
        {
            ref DayRollup day = ref state.Days.Of(DayOf(at));
            ulong seconds = (ulong)Math.Clamp(talk.TotalSeconds, 0, 86_400);
            day.Ended++;
            day.ShortCalls += talk < TimeSpan.FromSeconds(10) ? 1u : 0;
            day.TalkSeconds += seconds;
            day.TalkSquares += seconds * seconds;
        }
    }

    /// <summary>Somebody called a number of the company back, and what came of it became known.</summary>
    public void OnCallBack(NumberKey number, DateTimeOffset at, bool isAnswered, bool isUnreachable)
    {
        Begin(at);
        if (_state.Find(number) is { } state)
        {
            ref DayRollup day = ref state.Days.Of(DayOf(at));
            day.CallBacks++;
            day.CallBacksAnswered += isAnswered ? 1u : 0;
            day.CallBacksUnreachable += isUnreachable ? 1u : 0;
        }
    }

    /// <summary>A source outside (the carrier, a public service, the client) told how many reports of spam of a day it has by now.</summary>
    /// <param name="number">The number reported.</param>
    /// <param name="day">Civil day of the reports, Europe/Paris; within the 28 before <paramref name="now"/> and not after it.</param>
    /// <param name="source">Hash of the source's name.</param>
    /// <param name="count">All its reports of that day: telling it again changes nothing.</param>
    /// <param name="now">When it was told.</param>
    /// <returns>How many were new; 0 too for a number that never called, or another day.</returns>
    public uint OnReports(NumberKey number, DateOnly day, ulong source, uint count, DateTimeOffset now)
    {
        Begin(now);
        int age = DayOf(now) - day.DayNumber;
        if (age is < 0 or > MaxReportAge || _state.Find(number) is not { } state)
        {
            return 0;
        }

        uint added = state.OnImported(day.DayNumber, source, count);
        if (added > 0)
        {
            ref DayRollup reported = ref state.Days.Of(day.DayNumber);
            reported.Reports = (uint)Math.Min((ulong)reported.Reports + added, DayRollup.MaxReports);
            AssessReports(state, now);
        }

        return added;
    }

    /// <summary>Something is to be said of the agent itself (G21); a new installation is no excuse for it.</summary>
    public void OnAgent(in GuardHit hit, DateTimeOffset at)
    {
        Begin(at);
        Raise(NumberKey.Agent, hit, at);
    }

    /// <summary>A call of an agent line is over.</summary>
    public void OnSeatFree(ulong seat, DateTimeOffset at) => _state.Seats.OnEnded(seat, at);

    /// <summary>Nothing was observed between two instants: comparisons leave out days of which too much is missing.</summary>
    public void OnBlind(DateTimeOffset from, DateTimeOffset to)
    {
        while (from < to)
        {
            DateOnly day = _paris.Of(from);
            DateTimeOffset end = ParisDay.Start(day.AddDays(1));
            _state.BlindDays.Add(day.DayNumber, (end < to ? end : to) - from);
            from = end;
        }
    }

    /// <summary>The clock says so: suspensions end, quiet alerts are cleared, a new day is begun.</summary>
    public void OnTime(DateTimeOffset at)
    {
        Begin(at);
        foreach (NumberState number in _state.Numbers)
        {
            Step(number, number.Suspension.OnTime(at, DayOf(at), Policy.Rules.Suspension));
        }

        foreach (AlertEvent alert in _state.Alerts.OnTime(at))
        {
            _output.OnAlert(alert);
        }
    }

    /// <summary>
    /// The wall clock was set back to <paramref name="at"/>: what was counted under times still to come counts as of now, or a clock that was ahead
    /// for a moment would stand in the way of every count until that time is reached.
    /// </summary>
    public void OnSetBack(DateTimeOffset at) => _state.SetBack(at, DayOf(at));

    /// <summary>Takes a number out of service by order.</summary>
    /// <returns>False when it already rests as long by order of the client.</returns>
    public bool Suspend(NumberKey number, DateTimeOffset at, TimeSpan rest, SuspendedBy by, string reason)
    {
        Begin(at);
        return _state.FindOrAdd(number, DayOf(at)) is { } state && Step(state, state.Suspension.Suspend(at, DayOf(at), rest, by, reason));
    }

    /// <summary>Puts a suspended number on probation by order.</summary>
    /// <returns>False when it is not suspended, or <paramref name="by"/> may not end it: what a rule or the client suspended only the client resumes early.</returns>
    public bool Resume(NumberKey number, DateTimeOffset at, SuspendedBy by, string reason)
    {
        Begin(at);
        return _state.Find(number) is { } state && Step(state, state.Suspension.Resume(at, DayOf(at), by, reason, Policy.Rules.Suspension));
    }

    private int DayOf(DateTimeOffset at) => _paris.Of(at).DayNumber;

    private static CarrierWindow OnCarrier(NumberState state, string? trunk, DateTimeOffset at, bool isRefused, bool isBlocked)
    {
        CarrierWindow window = state.CarrierOf(trunk ?? "");
        window.Add(GuardMinutes.Of(at) / 60, isRefused, isBlocked);
        return window;
    }

    /// <summary>Before anything of a new day is counted, the days before it are looked at, number by number.</summary>
    private void Begin(DateTimeOffset at)
    {
        if (_state.Since == default)
        {
            _state.Since = at;
        }

        int day = DayOf(at);
        if (day <= _state.Day)
        {
            return;
        }

        // Day by day, so that it does not matter whether anything happened on those between.
        NumberState[] numbers = [.. _state.Numbers.OrderBy(state => state.Number.Number)];
        for (int next = Math.Max(_state.Day + 1, day - DayHistory.Days); next <= day; next++)
        {
            _state.Day = next;
            DateTimeOffset begins = ParisDay.Start(DateOnly.FromDayNumber(next));
            foreach (NumberState number in numbers)
            {
                BeginDay(number, next, begins);
            }
        }

        _state.ForgetUnused(day);
    }

    private void BeginDay(NumberState number, int day, DateTimeOffset at)
    {
        Step(number, number.Suspension.OnTime(at, day, Policy.Rules.Suspension));
        Step(number, number.Suspension.OnDay(at, day, Policy.Rules.DailyCap.Block, number.Days, Policy.Rules.Suspension));
        if (number.Suspension.Standing == Standing.Suspended)
        {
            return; // no calls, nothing to look at
        }

        foreach (IDailyRule rule in _daily)
        {
            switch (rule.Assess(number, day, _state.BlindDays, out GuardHit hit))
            {
                case Assessment.Hit:
                    Report(number, hit, at);
                    break;
                case Assessment.Good when _state.Alerts.OnGoodDay(rule.Id, number.Number, at, rule.ClearDays) is { } cleared:
                    _output.OnAlert(cleared);
                    break;
                case Assessment.Unclear:
                    _state.Alerts.OnUnclearDay(rule.Id, number.Number);
                    break;
            }
        }

        if (!_state.Alerts.IsUp(GuardId.AnswerRate, number.Number))
        {
            number.AnswerBaseline = -1;
        }

        if (!_state.Alerts.IsUp(GuardId.ReportRate, number.Number))
        {
            number.ReportedSince = 0;
        }

        if (!_daily.Any(rule => _state.Alerts.IsUp(rule.Id, number.Number)))
        {
            Step(number, number.Suspension.Unwatch(at, day));
        }
    }

    private void AssessReports(NumberState number, DateTimeOffset at)
    {
        if (Array.IndexOf(_daily, _reportRate) >= 0 && _reportRate.AssessTo(number, DayOf(at), out GuardHit hit) == Assessment.Hit)
        {
            Report(number, hit, at);
        }
    }

    /// <summary>A rule on figures of days found something: an alert, and perhaps a step of the number's standing.</summary>
    private void Report(NumberState number, GuardHit hit, DateTimeOffset at)
    {
        GuardMode mode = IsObserving(at) ? GuardMode.Observe : Policy.Rules.ModeOf(hit.Rule);
        int day = DayOf(at);
        GuardAction action = mode.Limit(hit.Asked);
        if (action < GuardAction.Alert)
        {
            return;
        }

        bool suspends = action == GuardAction.Suspend;
        if (hit.Rule == GuardId.ReportRate && !suspends)
        {
            number.ReportedSince = number.ReportedSince == 0 ? day : number.ReportedSince;
            suspends = mode == GuardMode.Enforce && (day > number.ReportedSince || number.Suspension.Standing == Standing.Probation);
        }

        suspends &= Policy.Rules.Suspension.Mode == GuardMode.Enforce;
        hit = hit with { Action = suspends ? GuardAction.Suspend : GuardAction.Alert };
        Raise(number.Number, hit, at);
        if (hit.Reason is not ("trunkFault" or "rose"))
        {
            Step(number, number.Suspension.Watch(at, day, GuardIds.NameOf(hit.Rule), number.AnswerBaseline));
        }

        if (suspends)
        {
            number.Suspension.Remember(number.Days.Sum(day - 28, day - 1), Policy.Rules.Suspension.MinAttempts);
            int days = hit.IsCritical ? Policy.Rules.Suspension.SevereDays : Policy.Rules.Suspension.LightDays;
            Step(number, number.Suspension.Suspend(at, day, TimeSpan.FromDays(days), SuspendedBy.Rule, GuardIds.NameOf(hit.Rule)));
            (number.ReportedSince, number.AnswerBaseline) = (0, -1);
        }
    }

    private bool Step(NumberState number, StandingStep? step)
    {
        if (step is { } taken)
        {
            _output.OnStanding(number.Number, taken);
        }

        return step is not null;
    }
}
