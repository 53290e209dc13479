using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G12: a number makes many more attempts today than on the calling days among the seven before; days without a call, such as Sundays, do
/// not lower the mean. Reason: <c>spike</c>.
/// </summary>
internal sealed class SpikeRule(SpikeSettings settings, BlindDays unseen) : IRule
{
    public GuardId Id => GuardId.Spike;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.AttemptsToday <= settings.MinAttempts || call.State is not { } state)
        {
            return false;
        }

        long sum = 0;
        int days = 0;
        foreach (ref readonly DayRollup day in state.Days.All)
        {
            if (day.Day < call.Day.DayNumber && day.Day >= call.Day.DayNumber - 7 && day.Attempts > 0 && !unseen.Contains(day.Day))
            {
                sum += day.Attempts;
                days++;
            }
        }

        if (days < settings.MinDays || call.AttemptsToday * (double)days <= settings.Factor * sum)
        {
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id,
            Reason = "spike",
            Asked = GuardAction.Alert,
            Value = call.AttemptsToday,
            Limit = settings.Factor * sum / days,
            Sample = sum,
        };
        return true;
    }
}
