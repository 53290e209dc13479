using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Guard.Rules;

/// <summary>
/// G3: a number serves one client only. Reasons: <c>otherClient</c> (trunk or campaign is of another), <c>quarantine</c> (it was another
/// client's a short time ago), and the critical alert <c>severalUsers</c> (seen with several clients or accounts).
/// </summary>
internal sealed class PoolingRule(PoolingSettings settings) : IRule
{
    private const string Law = "Code de la consommation L221-17";

    public GuardId Id => GuardId.Pooling;

    public bool Judge(GuardCase call, out GuardHit hit)
    {
        hit = default;
        if (!call.Facts.Number.Number.IsNumber)
        {
            return false;
        }

        if (call.Registered is { } registered)
        {
            if ((call.Trunk?.Client ?? registered.Client) != registered.Client || (call.Campaign?.Client ?? registered.Client) != registered.Client)
            {
                hit = new GuardHit { Rule = Id, Reason = "otherClient", Asked = GuardAction.Block, IsCritical = true, Reference = Law };
                return true;
            }

            foreach (RegisteredNumber entry in call.Entries)
            {
                if (entry.Client != registered.Client && entry.To is { } last && last < call.Day && call.Day.DayNumber - last.DayNumber <= settings.QuarantineDays)
                {
                    hit = new GuardHit
                    {
                        Rule = Id,
                        Reason = "quarantine",
                        Asked = GuardAction.Block,
                        Value = call.Day.DayNumber - last.DayNumber,
                        Limit = settings.QuarantineDays,
                        AllowedAt = ParisDay.Start(last.AddDays(settings.QuarantineDays + 1)),
                        Reference = Law,
                    };
                    return true;
                }
            }
        }

        int users = call.State?.UsersSince(call.Day.DayNumber - settings.WindowDays + 1, UserOf(call)) ?? 0;
        if (users < 2)
        {
            return false;
        }

        hit = new GuardHit
        {
            Rule = Id, Reason = "severalUsers", Asked = GuardAction.Alert, IsCritical = true, Value = users, Limit = 1, Reference = Law,
        };
        return true;
    }

    /// <summary>Who uses the number in this call: the account where it is known, else the client of trunk or campaign; 0 for nobody known.</summary>
    public static ulong UserOf(GuardCase call) =>
        call.Facts.Account != 0 ? call.Facts.Account
        : (call.Trunk?.Client ?? call.Campaign?.Client) is { } client ? PolicyClient.KeyOf(client)
        : 0;
}
