namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G2: the number must be assigned, that day and on that trunk, to the company called for. Says nothing while the register is empty.
/// Reasons: <c>unregistered</c>, <c>notYetValid</c>, <c>expired</c>, <c>otherTrunk</c>.
/// </summary>
/// <param name="hasRegister">The policy names numbers.</param>
internal sealed class UnassignedRule(bool hasRegister) : IRule
{
    public GuardId Id => GuardId.Unassigned;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (!hasRegister || !call.Facts.Number.Number.IsNumber)
        {
            return false; // what is no number is said by the rule of caller IDs
        }

        DateTimeOffset? allowedAt = null;
        string? reason = null;
        if (call.Registered is { } registered)
        {
            reason = registered.Trunks.Count > 0 && call.Facts.Trunk is { } trunk && !registered.Trunks.Contains(trunk) ? "otherTrunk" : null;
        }
        else
        {
            reason = call.Entries.Length == 0 ? "unregistered" : "expired";
            foreach (Policy.RegisteredNumber entry in call.Entries)
            {
                if (entry.From is { } from && from > call.Day)
                {
                    reason = "notYetValid";
                    DateTimeOffset starts = ParisDay.Start(from);
                    allowedAt = allowedAt is { } known && known < starts ? known : starts;
                }
            }
        }

        if (reason is null)
        {
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id,
            Reason = reason,
            Asked = GuardAction.Block,
            AllowedAt = allowedAt,
            Reference = "Code de la consommation L221-17, CPCE L44 IV, décision Arcep 2025-2215",
        };
        return true;
    }
}
