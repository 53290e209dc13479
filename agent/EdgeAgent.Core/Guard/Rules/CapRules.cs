using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// Attempts of a number in a time, the present one included. With the defaults of a day 1 to 100 are allowed, 101 to 150 are alerts
/// (<c>aboveAlert</c>), later ones are refused (<c>aboveCap</c>). Says nothing about buckets: they hold many callers.
/// </summary>
internal abstract class CapRule(GuardId id, CapSettings settings) : IRule
{
    public GuardId Id => id;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        long attempts = Attempts(call);
        if (attempts <= settings.Alert || !call.Facts.Number.Number.IsNumber)
        {
            return false;
        }

        bool isAbove = attempts > settings.Block;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isAbove ? "aboveCap" : "aboveAlert",
            Asked = isAbove ? GuardAction.Block : GuardAction.Alert,
            Value = attempts,
            Limit = isAbove ? settings.Block : settings.Alert,
            AllowedAt = isAbove ? FreeAt(call, settings.Block) : null,
        };
        return true;
    }

    /// <summary>Attempts in the time.</summary>
    protected abstract long Attempts(GuardCase call);

    /// <summary>When an attempt fits under <paramref name="cap"/> again.</summary>
    protected abstract DateTimeOffset? FreeAt(GuardCase call, long cap);
}

/// <summary>G10: in one civil day, Europe/Paris.</summary>
internal sealed class DayCapRule(CapSettings settings) : CapRule(GuardId.DailyCap, settings)
{
    protected override long Attempts(GuardCase call) => call.AttemptsToday;

    protected override DateTimeOffset? FreeAt(GuardCase call, long cap) => ParisDay.Start(call.Day.AddDays(1));
}

/// <summary>G11: in sixty minutes.</summary>
internal sealed class HourCapRule(CapSettings settings) : CapRule(GuardId.HourlyCap, settings)
{
    protected override long Attempts(GuardCase call) => call.AttemptsThisHour;

    protected override DateTimeOffset? FreeAt(GuardCase call, long cap) =>
        call.State is { } state ? GuardMinutes.Start(state.Hour.FreeAt(call.Minute, (uint)cap - 1)) : null;
}
