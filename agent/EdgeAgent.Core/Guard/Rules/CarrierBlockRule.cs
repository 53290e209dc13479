using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G20: a carrier blocks a number: any 607, 608 or network block (603+) within 24 hours, or a rise of 403 and 603 over the seven days
/// before. Asked at each such refusal, and once a day to end its alert. Reasons: <c>networkBlock</c>, <c>refusals</c>.
/// </summary>
internal sealed class CarrierBlockRule(CarrierBlockSettings settings) : IDailyRule
{
    public GuardId Id => GuardId.CarrierBlock;

    public int ClearDays => settings.ClearDays;

    public Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit)
    {
        DateTimeOffset begins = ParisDay.Start(DateOnly.FromDayNumber(day));
        foreach ((string _, CarrierWindow window) in number.Carriers)
        {
            if (Judge(number, window, begins, day, unseen, out hit))
            {
                return Assessment.Hit;
            }
        }

        hit = default;
        return Assessment.Good;
    }

    /// <summary>Judges what one carrier did.</summary>
    public bool Judge(NumberState number, CarrierWindow window, DateTimeOffset at, int day, BlindDays unseen, out GuardHit hit)
    {
        hit = default;
        (long attempts, long refused, long blocked) = window.Sums(GuardMinutes.Of(at) / 60);
        if (blocked > 0)
        {
            hit = new GuardHit { Rule = Id, Reason = "networkBlock", Asked = GuardAction.Alert, Value = blocked, Sample = attempts };
            return true;
        }

        if (refused == 0 || attempts < settings.MinAttempts)
        {
            return false;
        }

        // The two days that 24 hours can touch are not part of what they are compared with.
        DayRollup before = number.Days.Sum(day - 8, day - 2, unseen);
        double rate = (double)refused / attempts;
        double old = before.Attempts == 0 ? 0 : (double)before.Refused / before.Attempts;
        if (before.Attempts < settings.MinAttempts || rate < old + settings.Rise
            || Proportions.Z(before.Refused, before.Attempts, refused, attempts) < settings.MinZ)
        {
            return false;
        }

        hit = new GuardHit { Rule = Id, Reason = "refusals", Asked = GuardAction.Alert, Value = rate, Limit = old + settings.Rise, Sample = attempts };
        return true;
    }
}
