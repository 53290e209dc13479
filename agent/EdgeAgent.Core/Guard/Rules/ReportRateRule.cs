using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G14: reports of spam (607, 608, network blocks, imported) over attempts of seven days. Below the minimum sample nothing is said: three
/// reports on a hundred attempts prove nothing. Reason: <c>reported</c>.
/// </summary>
internal sealed class ReportRateRule(ReportRateSettings settings) : IDailyRule
{
    public GuardId Id => GuardId.ReportRate;

    public int ClearDays => settings.ClearDays;

    public Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit) => AssessTo(number, day - 1, out hit);

    /// <summary>The same over the seven days that end with <paramref name="last"/>. Days hardly seen count: a report is a report.</summary>
    public Assessment AssessTo(NumberState number, int last, out GuardHit hit)
    {
        hit = default;
        DayRollup week = number.Days.Sum(last - 6, last);
        if (week.Attempts < settings.MinAttempts)
        {
            return Assessment.TooFew;
        }

        double rate = (double)week.Reports / week.Attempts;
        if (week.Reports < settings.MinReports || rate < settings.Alert)
        {
            return rate < settings.Clear ? Assessment.Good : Assessment.Unclear;
        }

        bool isCritical = rate >= settings.Critical;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = "reported",
            Asked = isCritical ? GuardAction.Suspend : GuardAction.Alert,
            IsCritical = isCritical,
            Value = rate,
            Limit = isCritical ? settings.Critical : settings.Alert,
            Sample = week.Attempts,
        };
        return Assessment.Hit;
    }
}
