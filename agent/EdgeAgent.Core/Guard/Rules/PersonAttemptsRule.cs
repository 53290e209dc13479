using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G8: attempts to one consumer for one client within the law's window, answered or not, whatever number or campaign was used. Reasons:
/// <c>nearLimit</c>, <c>aboveLimit</c>.
/// </summary>
internal sealed class PersonAttemptsRule(PersonAttemptsSettings settings, IReadOnlyList<AttemptsLaw> laws) : IRule
{
    public GuardId Id => GuardId.PersonAttempts;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (!call.HasPerson || LawPeriod.On(laws, call.Day) is not { } law)
        {
            return false;
        }

        uint window = (uint)law.Days * GuardMinutes.Day;
        int attempts = call.Person.CountWithin(call.Minute, window) + 1;
        bool isAbove = attempts > law.Limit;
        if (!isAbove && attempts < settings.Warn)
        {
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id,
            Reason = isAbove ? "aboveLimit" : "nearLimit",
            Asked = call.Audience != Audience.Consumer ? GuardAction.Observe : isAbove ? GuardAction.Block : GuardAction.Alert,
            Value = attempts,
            Limit = law.Limit,
            AllowedAt = isAbove ? GuardMinutes.Start(call.Person.FreeAt(law.Limit, window)) : null,
            Reference = law.Reference,
        };
        return true;
    }
}
