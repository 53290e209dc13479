using System.Globalization;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>Finds what is allowed in a policy and probably not meant: rules that will refuse every call, or never say anything.</summary>
public static class PolicyWarnings
{
    /// <summary>Every warning, in the order of the file.</summary>
    public static IReadOnlyList<PolicyFault> Of(GuardPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        List<PolicyFault> warnings = [];
        Clients(policy, warnings);
        Campaigns(policy, warnings);
        Numbers(policy, warnings);
        for (int i = 0; i < policy.Trunks.Count; i++)
        {
            TrunkAssignment trunk = policy.Trunks[i];
            if (trunk.Client is { } client && ClientOf(policy, trunk.Campaign) is { } other && other != client)
            {
                warnings.Add(new PolicyFault($"trunks[{i}].campaign", $"\"{trunk.Campaign}\" is {other}'s, the trunk {client}'s: calls are judged as {other}'s"));
            }
        }

        Law(policy, warnings);
        Modes(policy, warnings);
        return warnings;
    }

    private static void Clients(GuardPolicy policy, List<PolicyFault> warnings)
    {
        if (policy.Clients.Count > 0 && policy.Numbers.Count == 0)
        {
            warnings.Add(new PolicyFault("numbers", "is empty: nobody can tell whose a number is, and rule unassigned says nothing"));
            return;
        }

        HashSet<string> used = [.. policy.Numbers.Select(number => number.Client)];
        for (int i = 0; i < policy.Clients.Count; i++)
        {
            if (!used.Contains(policy.Clients[i].Id))
            {
                warnings.Add(new PolicyFault($"clients[{i}].id", $"\"{policy.Clients[i].Id}\" has no number"));
            }
        }
    }

    private static void Campaigns(GuardPolicy policy, List<PolicyFault> warnings)
    {
        for (int i = 0; i < policy.Campaigns.Count; i++)
        {
            if (policy.Campaigns[i].Client is null && policy.Clients.Count > 1)
            {
                warnings.Add(new PolicyFault($"campaigns[{i}].client", "is missing: its calls are taken for those of the number's client, so that pooling is not seen"));
            }
        }

        HashSet<string> named = [.. policy.Campaigns.SelectMany(campaign => campaign.Calendars), .. policy.Hours.Select(law => law.Calendar).OfType<string>()];
        for (int i = 0; i < policy.Calendars.Count; i++)
        {
            HolidayCalendar calendar = policy.Calendars[i];
            if (calendar.Territories.Count == 0 && !named.Contains(calendar.Name) && !FrenchLaw.Calendars.Any(own => own.Name == calendar.Name))
            {
                warnings.Add(new PolicyFault($"calendars[{i}].name", $"\"{calendar.Name}\" has no territories and is named by no campaign and no law: it never holds"));
            }
        }
    }

    private static void Numbers(GuardPolicy policy, List<PolicyFault> warnings)
    {
        Dictionary<string, TrunkAssignment> trunks = policy.Trunks.ToDictionary(trunk => trunk.Trunk);
        for (int i = 0; i < policy.Numbers.Count; i++)
        {
            RegisteredNumber number = policy.Numbers[i];
            NumberClass known = number.Class ?? NumberClasses.Of(number.Number);
            if (Refused(known, policy.Rules) is { } why)
            {
                warnings.Add(new PolicyFault($"numbers[{i}].number", $"{number.Number} is {why}"));
            }

            if (ClientOf(policy, number.Campaign) is { } other && other != number.Client)
            {
                warnings.Add(new PolicyFault($"numbers[{i}].campaign", $"\"{number.Campaign}\" is {other}'s, the number {number.Client}'s: rule pooling takes every call with it for pooling"));
            }

            foreach (string name in number.Trunks)
            {
                if (trunks.GetValueOrDefault(name)?.Client is { } carrier && carrier != number.Client)
                {
                    warnings.Add(new PolicyFault($"numbers[{i}].trunks", $"\"{name}\" is {carrier}'s, the number {number.Client}'s: rule pooling takes every call with it for pooling"));
                }
            }
        }
    }

    private static string? Refused(NumberClass known, RuleBook rules) => known switch
    {
        NumberClass.Mobile or NumberClass.OverseasMobile when rules.NumberClass.Mode == GuardMode.Enforce => "a mobile number: rule numberClass refuses every call with it",
        NumberClass.Premium or NumberClass.DirectoryEnquiry when rules.CallerId.Mode == GuardMode.Enforce =>
            "a number that may not be shown: rule callerId refuses every call with it",
        _ => null,
    };

    private static string? ClientOf(GuardPolicy policy, string? campaign) =>
        campaign is null ? null : policy.Campaigns.FirstOrDefault(each => each.Id == campaign)?.Client;

    private static void Law(GuardPolicy policy, List<PolicyFault> warnings)
    {
        Gaps(warnings, "law.hours", policy.Hours);
        Gaps(warnings, "law.attempts", policy.Attempts);
        Gaps(warnings, "law.consent", policy.Consent);
        AttemptsLaw attempts = FrenchLaw.Attempts[^1];
        for (int i = 0; i < policy.Attempts.Count; i++)
        {
            AttemptsLaw own = policy.Attempts[i];
            if (own.Limit > attempts.Limit || own.Days < attempts.Days)
            {
                warnings.Add(new PolicyFault($"law.attempts[{i}]", string.Create(
                    CultureInfo.InvariantCulture, $"{own.Limit} attempts in {own.Days} days are more than {attempts.Limit} in {attempts.Days}, which {attempts.Reference} allows")));
            }
        }

        HoursLaw hours = FrenchLaw.Hours[^1];
        for (int i = 0; i < policy.Hours.Count; i++)
        {
            if (policy.Hours[i].Days.Any(day => !hours.Days.Contains(day)) || policy.Hours[i].Windows.Any(window => !IsWithin(window, hours.Windows)))
            {
                warnings.Add(new PolicyFault($"law.hours[{i}]", $"allows calls at times that {hours.Reference} does not"));
            }
        }
    }

    private static bool IsWithin(CallingWindow window, IReadOnlyList<CallingWindow> allowed) =>
        allowed.Any(each => window.Opens >= each.Opens && window.Closes <= each.Closes);

    private static void Gaps<TLaw>(List<PolicyFault> warnings, string key, IReadOnlyList<TLaw> periods)
        where TLaw : LawPeriod
    {
        (int Index, TLaw Law)[] inTurn = [.. periods.Index().OrderBy(period => period.Item.From)];
        for (int i = 0; i < inTurn.Length; i++)
        {
            if (inTurn[i].Law.To is not { } to)
            {
                continue;
            }

            DateOnly? next = i + 1 < inTurn.Length ? inTurn[i + 1].Law.From : null;
            if (next != to.AddDays(1))
            {
                warnings.Add(new PolicyFault($"{key}[{inTurn[i].Index}].to", next is null
                    ? $"nothing is in force after {to:yyyy-MM-dd}"
                    : $"nothing is in force after {to:yyyy-MM-dd} until {next:yyyy-MM-dd}"));
            }
        }
    }

    private static void Modes(GuardPolicy policy, List<PolicyFault> warnings)
    {
        foreach (GuardId rule in new[] { GuardId.CallerId, GuardId.Hours, GuardId.Consent, GuardId.PersonAttempts })
        {
            if (policy.Rules.ModeOf(rule) is GuardMode.Off)
            {
                warnings.Add(new PolicyFault($"rules.{GuardIds.NameOf(rule)}.mode", "off: nobody looks at what the law demands here"));
            }
        }
    }
}
