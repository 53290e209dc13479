using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G5: legal hours in every zone the person's number can mean. Blocks for consumers; observed for businesses. An agreed date and time
/// lifts it. Reasons: <c>publicHoliday</c>, <c>weekend</c>, <c>beforeOpening</c>, <c>lunchBreak</c>, <c>afterClosing</c>.
/// </summary>
internal sealed class HoursRule(HoursSettings settings, CallingHours hours) : IRule
{
    private readonly uint _tolerance = (uint)settings.AppointmentTolerance.TotalMinutes;

    public GuardId Id => GuardId.Hours;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        (string? reason, string? reference) = hours.ClosedAt(call.Facts.Person, call.At);
        if (reason is null || call.Facts.IsSentOn || IsAgreed(call))
        {
            hit = default;
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id,
            Reason = reason,
            Asked = call.Audience == Audience.Consumer ? GuardAction.Block : GuardAction.Observe,
            AllowedAt = hours.NextOpen(call.Facts.Person, call.At),
            Reference = reference,
        };
        return true;
    }

    private bool IsAgreed(GuardCase call) =>
        call.Consent.Appointment is not 0 and uint agreed && call.Minute + _tolerance >= agreed && call.Minute <= agreed + _tolerance;
}
