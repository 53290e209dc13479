using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G18: a new number begins slowly and grows week by week until the daily cap. New is counted from the register's first day, else from
/// the first attempt seen after the installation stopped observing. Reasons: <c>aboveWarmUp</c> (alert), <c>aboveWarmUpCap</c>.
/// </summary>
internal sealed class WarmUpRule(WarmUpSettings settings, int dailyCap) : IRule
{
    public GuardId Id => GuardId.WarmUp;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        int? first = call.Registered?.From?.DayNumber ?? (call.State is { IsOld: false } state ? state.FirstDay : null);
        if (call.AttemptsToday <= settings.Alert || first is not { } firstDay || !call.Facts.Number.Number.IsNumber)
        {
            return false;
        }

        double growth = Math.Pow(1 + settings.Growth, Math.Max(0, call.Day.DayNumber - firstDay) / 7);
        double most = Math.Floor(settings.Block * growth);
        double alert = Math.Floor(settings.Alert * growth);
        if (most >= dailyCap || call.AttemptsToday <= alert)
        {
            return false;
        }

        bool isAbove = call.AttemptsToday > most;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isAbove ? "aboveWarmUpCap" : "aboveWarmUp",
            Asked = isAbove ? GuardAction.Block : GuardAction.Alert,
            Value = call.AttemptsToday,
            Limit = isAbove ? most : alert,
            AllowedAt = isAbove ? ParisDay.Start(call.Day.AddDays(1)) : null,
        };
        return true;
    }
}
