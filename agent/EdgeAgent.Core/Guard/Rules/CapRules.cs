using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G10: attempts of a number in one civil day, Europe/Paris. With the defaults 1 to 100 are allowed, 101 to 150 are alerts
/// (<c>aboveAlert</c>), later ones are refused (<c>aboveCap</c>). Says nothing about buckets: they hold many callers.
/// </summary>
internal sealed class DayCapRule(CapSettings settings) : IRule
{
    public GuardId Id => GuardId.DailyCap;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.AttemptsToday <= settings.Alert || !call.Facts.Number.Number.IsNumber)
        {
            return false;
        }

        bool isAbove = call.AttemptsToday > settings.Block;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isAbove ? "aboveCap" : "aboveAlert",
            Asked = isAbove ? GuardAction.Block : GuardAction.Alert,
            Value = call.AttemptsToday,
            Limit = isAbove ? settings.Block : settings.Alert,
            AllowedAt = isAbove ? ParisDay.Start(call.Day.AddDays(1)) : null,
        };
        return true;
    }
}

/// <summary>G11: attempts of a number in sixty minutes, the present one included. Reasons as in G10.</summary>
internal sealed class HourCapRule(CapSettings settings) : IRule
{
    public GuardId Id => GuardId.HourlyCap;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.AttemptsThisHour <= settings.Alert || !call.Facts.Number.Number.IsNumber)
        {
            return false;
        }

        bool isAbove = call.AttemptsThisHour > settings.Block;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isAbove ? "aboveCap" : "aboveAlert",
            Asked = isAbove ? GuardAction.Block : GuardAction.Alert,
            Value = call.AttemptsThisHour,
            Limit = isAbove ? settings.Block : settings.Alert,
            AllowedAt = isAbove && call.State is { } state ? GuardMinutes.Start(state.Hour.FreeAt(call.Minute, (uint)settings.Block - 1)) : null,
        };
        return true;
    }
}
