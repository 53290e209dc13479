using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Guards;

/// <summary>State of every rule and number, as the control socket tells it.</summary>
internal sealed record GuardsDocument
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the policy.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Until then rules only observe; null when that time is over.</summary>
    public DateTimeOffset? ObservingUntil { get; init; }

    /// <summary>Persons whose attempts are remembered.</summary>
    public required long Persons { get; init; }

    /// <summary>Persons forgotten within 30 days because memory for them was full.</summary>
    public required long PersonsForgotten { get; init; }

    /// <summary>Persons with a consent, refusal, contract or appointment.</summary>
    public required int Consents { get; init; }

    /// <summary>Attempts of numbers past the bound, which are judged by the rules that need no memory only.</summary>
    public required long Untracked { get; init; }

    /// <summary>Every rule, in the order they are asked.</summary>
    public required IReadOnlyList<RuleDocument> Rules { get; init; }

    /// <summary>Alerts that stand, ordered by number and rule.</summary>
    public required IReadOnlyList<AlertDocument> Alerts { get; init; }

    /// <summary>Numbers, ordered.</summary>
    public required IReadOnlyList<GuardedNumberDocument> Numbers { get; init; }

    /// <summary>Reads the book. Its own thread.</summary>
    /// <param name="book">The rule book.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="number">Only of this number; null for all.</param>
    public static GuardsDocument Of(GuardBook book, DateTimeOffset now, NumberKey? number)
    {
        GuardState state = book.State;
        DateTimeOffset observing = state.Since == default ? now + book.Policy.ObserveFor : state.Since + book.Policy.ObserveFor;
        AlertDocument[] alerts =
        [
            .. state.Alerts.All()
                .Where(alert => number is null || alert.Number == number)
                .OrderBy(alert => alert.Number, Comparer<NumberKey>.Create(NumberKey.Compare)).ThenBy(alert => alert.Rule)
                .Select(alert => AlertDocument.Of(alert.Number, alert.Hit, alert.Since)),
        ];
        return new GuardsDocument
        {
            At = now,
            PolicyHash = book.Policy.Hash,
            ObservingUntil = observing > now ? observing : null,
            Persons = state.Attempts.Count,
            PersonsForgotten = state.Attempts.Forgotten,
            Consents = state.Consents.Count,
            Untracked = state.Untracked,
            Rules = [.. GuardIds.All.Select(rule => new RuleDocument(
                GuardIds.NameOf(rule), CamelCase.Of(book.Policy.Rules.ModeOf(rule)), alerts.Count(alert => alert.Rule == GuardIds.NameOf(rule))))],
            Alerts = alerts,
            Numbers =
            [
                .. state.Numbers
                    .Where(each => number is null || each.Number == number)
                    .OrderBy(each => each.Number, Comparer<NumberKey>.Create(NumberKey.Compare))
                    .Select(each => GuardedNumberDocument.Of(each, now)),
            ],
        };
    }
}

/// <summary>A rule.</summary>
/// <param name="Rule">Name.</param>
/// <param name="Mode"><c>off</c>, <c>observe</c>, <c>alert</c> or <c>enforce</c>.</param>
/// <param name="Alerts">Its alerts that stand.</param>
internal sealed record RuleDocument(string Rule, string Mode, int Alerts);

/// <summary>An alert that stands.</summary>
/// <param name="Number">The number.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="Reason">Reason from a fixed set.</param>
/// <param name="Words">The reason in plain words.</param>
/// <param name="Action">What is done: <c>alert</c>, <c>block</c> or <c>suspend</c>.</param>
/// <param name="Critical">It cannot wait.</param>
/// <param name="Reference">The text of law; null for rules of reputation.</param>
internal sealed record AlertDocument(
    string Number, string Rule, DateTimeOffset Since, string Reason, string Words, string Action, bool Critical, string? Reference)
{
    /// <summary>Describes one.</summary>
    public static AlertDocument Of(NumberKey number, in GuardHit hit, DateTimeOffset since) => new(
        number.ToString(), GuardIds.NameOf(hit.Rule), since, hit.Reason, GuardWords.Of(hit), CamelCase.Of(hit.Action), hit.IsCritical, hit.Reference);
}

/// <summary>What guards know of a number.</summary>
internal sealed record GuardedNumberDocument
{
    /// <summary>The number.</summary>
    public required string Number { get; init; }

    /// <summary><c>active</c>, <c>watch</c>, <c>suspended</c> or <c>probation</c>.</summary>
    public required string Standing { get; init; }

    /// <summary>Civil day of the last step; null when it was always active.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Who suspended it; null when nobody did.</summary>
    public string? By { get; init; }

    /// <summary>Why it is watched or was suspended; null when it is active.</summary>
    public string? Reason { get; init; }

    /// <summary>End of the suspension.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Attempts a day it may make on probation.</summary>
    public int? Ramp { get; init; }

    /// <summary>Civil day of the first attempt seen.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>Attempts this civil day.</summary>
    public required long AttemptsToday { get; init; }

    /// <summary>Attempts of the last sixty minutes.</summary>
    public required long AttemptsThisHour { get; init; }

    /// <summary>Attempts of the last seven days, this one included.</summary>
    public required long Attempts7Days { get; init; }

    /// <summary>Answered of them ÷ them; null without attempts.</summary>
    public double? AnswerRate7Days { get; init; }

    /// <summary>Reports of spam ÷ attempts of the last seven days; null without attempts.</summary>
    public double? ReportRate7Days { get; init; }

    /// <summary>Describes one.</summary>
    public static GuardedNumberDocument Of(NumberState state, DateTimeOffset now)
    {
        int day = new ParisDay().Of(now).DayNumber;
        DayRollup week = state.Days.Sum(day - 6, day);
        Suspension suspension = state.Suspension;
        return new GuardedNumberDocument
        {
            Number = state.Number.ToString(),
            Standing = CamelCase.Of(suspension.Standing),
            Since = suspension.Since > 0 ? DateOnly.FromDayNumber(suspension.Since) : null,
            By = suspension.By == SuspendedBy.Nobody ? null : CamelCase.Of(suspension.By),
            Reason = suspension.Reason.Length == 0 ? null : suspension.Reason,
            Until = suspension.Until == default ? null : suspension.Until,
            Ramp = suspension.Standing == Core.Guard.State.Standing.Probation ? (int)suspension.Ramp : null,
            FirstDay = DateOnly.FromDayNumber(state.FirstDay),
            AttemptsToday = state.Days.Find(day).Attempts,
            AttemptsThisHour = state.Hour.SumAt(GuardMinutes.Of(now)),
            Attempts7Days = week.Attempts,
            AnswerRate7Days = week.Attempts == 0 ? null : Math.Round((double)week.Answered / week.Attempts, 6),
            ReportRate7Days = week.Attempts == 0 ? null : Math.Round((double)week.Reports / week.Attempts, 6),
        };
    }
}
