using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G15: calls become shorter: the mean talk time of the last seven whole days against the 28 before, and the share of answered calls below
/// 10 s. Reasons: <c>shorter</c>, <c>shortCalls</c>.
/// </summary>
internal sealed class TalkTimeRule(TalkTimeSettings settings) : IDailyRule
{
    public GuardId Id => GuardId.TalkTime;

    public int ClearDays => 1;

    public Assessment Assess(NumberState number, int day, BlindDays unseen, out GuardHit hit)
    {
        hit = default;
        DayRollup week = number.Days.Sum(day - 7, day - 1, unseen);
        if (week.Ended < settings.MinAnswered)
        {
            return Assessment.TooFew;
        }

        double shorts = (double)week.ShortCalls / week.Ended;
        if (shorts >= settings.ShortShare)
        {
            hit = Hit("shortCalls", shorts, settings.ShortShare, week.Ended);
            return Assessment.Hit;
        }

        DayRollup before = number.Days.Sum(day - 35, day - 8, unseen);
        if (before.Ended < settings.MinAnswered)
        {
            return Assessment.Good;
        }

        double mean = (double)week.TalkSeconds / week.Ended;
        double most = (double)before.TalkSeconds / before.Ended * (1 - settings.Fall);
        bool isSure = Proportions.MeanZ(
            before.TalkSeconds, before.TalkSquares, before.Ended, week.TalkSeconds, week.TalkSquares, week.Ended) <= -settings.MinZ;
        if (mean > most || !isSure)
        {
            return Assessment.Good;
        }

        hit = Hit("shorter", mean, most, week.Ended);
        return Assessment.Hit;
    }

    private GuardHit Hit(string reason, double value, double limit, long sample) => new()
    {
        Rule = Id, Reason = reason, Asked = GuardAction.Alert, Value = value, Limit = limit, Sample = sample,
    };
}
