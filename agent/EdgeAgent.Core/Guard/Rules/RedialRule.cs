using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>G9: the same person again too soon. Good practice, not law. Reasons: <c>withinHour</c>, <c>withinDay</c>.</summary>
internal sealed class RedialRule(RedialSettings settings) : IRule
{
    private const uint Hour = 60;

    public GuardId Id => GuardId.Redial;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (!call.HasPerson || call.Person[0] == 0)
        {
            return false;
        }

        int inHour = call.Person.CountWithin(call.Minute, Hour) + 1;
        int inDay = call.Person.CountWithin(call.Minute, GuardMinutes.Day) + 1;
        if (inHour <= settings.PerHour && inDay <= settings.PerDay)
        {
            return false;
        }

        // Both must be over: the later of the two times counts.
        uint free = Math.Max(
            inHour > settings.PerHour ? call.Person.FreeAt(settings.PerHour, Hour) : 0,
            inDay > settings.PerDay ? call.Person.FreeAt(settings.PerDay, GuardMinutes.Day) : 0);
        bool isDay = inDay > settings.PerDay;
        hit = new GuardHit
        {
            Rule = Id,
            Reason = isDay ? "withinDay" : "withinHour",
            Asked = GuardAction.Block,
            Value = isDay ? inDay : inHour,
            Limit = isDay ? settings.PerDay : settings.PerHour,
            AllowedAt = GuardMinutes.Start(free),
        };
        return true;
    }
}
