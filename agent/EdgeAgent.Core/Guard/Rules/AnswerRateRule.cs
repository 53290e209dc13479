using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G13: the answer rate of the last seven whole days against the seven before. A fall that takes the rate of calls that reached the
/// person's end (NER) with it is the trunk's fault, not the number's. Reasons: <c>fell</c>, <c>rose</c>, <c>trunkFault</c>.
/// </summary>
internal sealed class AnswerRateRule(AnswerRateSettings settings) : IDailyRule
{
    private const double Rounding = 1e-9; // 25 % to 20 % are five points, in floating point a little less

    public GuardId Id => GuardId.AnswerRate;

    public int ClearDays => settings.ClearDays;

    public Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit)
    {
        hit = default;
        DayRollup after = number.Days.Sum(day - 7, day - 1, unseen);
        if (after.Attempts < settings.MinAttempts)
        {
            return Assessment.TooFew;
        }

        DayRollup before = number.Days.Sum(day - 14, day - 8, unseen);
        double rate = (double)after.Answered / after.Attempts;
        bool isStanding = number.AnswerBaseline >= 0;
        if (!isStanding && before.Attempts < settings.MinAttempts)
        {
            return Assessment.TooFew;
        }

        double old = isStanding ? number.AnswerBaseline : (double)before.Answered / before.Attempts;
        double move = rate - old;
        bool isSure = isStanding || Math.Abs(Proportions.Z(before.Answered, before.Attempts, after.Answered, after.Attempts)) >= settings.MinZ;
        if (Math.Abs(move) < settings.Alert - Rounding || !isSure)
        {
            return Math.Abs(move) < settings.Clear ? Assessment.Good : Assessment.Unclear;
        }

        number.AnswerBaseline = old;
        bool isTrunk = move < 0 && before.Attempts > 0 && HasReachFallen(before, after);
        bool isCritical = move < 0 && !isTrunk && (-move >= settings.Critical - Rounding || rate < old * settings.CriticalPart);
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isTrunk ? "trunkFault" : move < 0 ? "fell" : "rose",
            Asked = isCritical ? GuardAction.Suspend : GuardAction.Alert,
            IsCritical = isCritical,
            Value = rate,
            Limit = old,
            Sample = after.Attempts,
        };
        return Assessment.Hit;
    }

    private bool HasReachFallen(in DayRollup before, in DayRollup after) =>
        ((double)before.Reached / before.Attempts) - ((double)after.Reached / after.Attempts) >= settings.Alert
        && Proportions.Z(before.Reached, before.Attempts, after.Reached, after.Attempts) <= -settings.MinZ;
}
