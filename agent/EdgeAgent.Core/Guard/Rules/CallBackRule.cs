using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G16: persons who call back find somebody, and do so as often as before, measured on attempts they missed. Reasons:
/// <c>unanswered</c> and, where most of those found nobody (404, 480), <c>unreachable</c> (both critical), <c>rose</c>, <c>fell</c>.
/// </summary>
internal sealed class CallBackRule(CallBackSettings settings) : IDailyRule
{
    public GuardId Id => GuardId.CallBack;

    public int ClearDays => 1;

    public Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit)
    {
        hit = default;
        DayRollup week = number.Days.Sum(day - 7, day - 1, unseen);
        if (week.CallBacks >= settings.MinCallBacks)
        {
            double answered = (double)week.CallBacksAnswered / week.CallBacks;
            if (answered < settings.AnsweredShare)
            {
                hit = new GuardHit
                {
                    Rule = Id,
                    Reason = week.CallBacksUnreachable * 2 > week.CallBacks - week.CallBacksAnswered ? "unreachable" : "unanswered",
                    Asked = GuardAction.Alert,
                    IsCritical = true,
                    Value = answered,
                    Limit = settings.AnsweredShare,
                    Sample = week.CallBacks,
                    Reference = "Code de la consommation L221-17",
                };
                return Assessment.Hit;
            }
        }

        DayRollup before = number.Days.Sum(day - 35, day - 8, unseen);
        if (week.Unanswered < settings.MinUnanswered || before.Unanswered < settings.MinUnanswered)
        {
            return week.CallBacks >= settings.MinCallBacks ? Assessment.Good : Assessment.TooFew;
        }

        double rate = (double)week.CallBacks / week.Unanswered;
        double old = (double)before.CallBacks / before.Unanswered;
        bool hasChanged = rate >= old * settings.Factor || rate <= old / settings.Factor;
        double z = Proportions.Z(
            Math.Min(before.CallBacks, before.Unanswered), before.Unanswered, Math.Min(week.CallBacks, week.Unanswered), week.Unanswered);
        if (!hasChanged || Math.Abs(z) < settings.MinZ)
        {
            return Assessment.Good;
        }

        hit = new GuardHit
        {
            Rule = Id, Reason = rate > old ? "rose" : "fell", Asked = GuardAction.Alert, Value = rate, Limit = old, Sample = week.Unanswered,
        };
        return Assessment.Hit;
    }
}
