using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G17: a suspended number makes no call, one on probation as many as its ramp allows; call-backs are untouched. Reasons:
/// <c>suspended</c>, <c>aboveRamp</c>.
/// </summary>
internal sealed class SuspensionRule(SuspensionSettings settings) : IRule
{
    public GuardId Id => GuardId.Suspension;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (call.State?.Suspension is not { Standing: Standing.Suspended or Standing.Probation } suspension)
        {
            return false;
        }

        // A rest that ends between two calls ends for the second, whenever the daily work is done.
        bool isResting = suspension.Standing == Standing.Suspended && call.At < suspension.Until;
        double ramp = suspension.Standing == Standing.Probation ? Math.Floor(suspension.Ramp) : settings.RampStart;
        if (!isResting && call.AttemptsToday <= ramp)
        {
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id,
            Reason = isResting ? "suspended" : "aboveRamp",
            Asked = GuardAction.Block,
            IsOrder = isResting && suspension.By is SuspendedBy.Client or SuspendedBy.Administrator,
            Value = isResting ? 0 : call.AttemptsToday,
            Limit = isResting ? 0 : ramp,
            AllowedAt = isResting ? suspension.Until : ParisDay.Start(call.Day.AddDays(1)),
        };
        return true;
    }
}
