using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>What a book of rules is made from: whose numbers and calls these are, the law, and how far each rule may go. Immutable.</summary>
public sealed record GuardPolicy
{
    /// <summary>The policy of an agent without a policy file.</summary>
    public static GuardPolicy Default { get; } = new();

    /// <summary>How long after installation rules only observe.</summary>
    public TimeSpan ObserveFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Client under which attempts to persons are kept where the policy cannot tell one.</summary>
    public string DefaultClient { get; init; } = "default";

    /// <summary>Companies on whose behalf is called.</summary>
    public IReadOnlyList<PolicyClient> Clients { get; init; } = [];

    /// <summary>Their campaigns.</summary>
    public IReadOnlyList<PolicyCampaign> Campaigns { get; init; } = [];

    /// <summary>The number register. Empty: whose a number is cannot be told.</summary>
    public IReadOnlyList<RegisteredNumber> Numbers { get; init; } = [];

    /// <summary>Whose calls pass over which trunk.</summary>
    public IReadOnlyList<TrunkAssignment> Trunks { get; init; } = [];

    /// <summary>Holidays by name.</summary>
    public IReadOnlyList<HolidayCalendar> Calendars { get; init; } = FrenchLaw.Calendars;

    /// <summary>Calling hours, by time in force.</summary>
    public IReadOnlyList<HoursLaw> Hours { get; init; } = FrenchLaw.Hours;

    /// <summary>Attempts to one consumer, by time in force.</summary>
    public IReadOnlyList<AttemptsLaw> Attempts { get; init; } = FrenchLaw.Attempts;

    /// <summary>Consent, by time in force.</summary>
    public IReadOnlyList<ConsentLaw> Consent { get; init; } = FrenchLaw.Consent;

    /// <summary>The rules.</summary>
    public RuleBook Rules { get; init; } = new();

    /// <summary>How alerts become events.</summary>
    public AlertSettings Alerts { get; init; } = new();

    /// <summary>SHA-256 of what the file says, in lower-case hex; empty for the default policy.</summary>
    public string Hash { get; init; } = "";
}

/// <summary>A fault of a policy that no single key can show.</summary>
/// <param name="Key">Path such as <c>campaigns[1].client</c>.</param>
/// <param name="Message">The value, and what is allowed.</param>
public readonly record struct PolicyFault(string Key, string Message)
{
    /// <summary>Part of the file it also comes of, such as <c>clients</c>: while that cannot be read it may be no fault; null for none.</summary>
    public string? DependsOn { get; init; }
}

/// <summary>Finds what in a policy does not fit together.</summary>
public static class PolicyChecks
{
    /// <summary>Every fault, in the order of the file.</summary>
    public static IReadOnlyList<PolicyFault> FaultsOf(GuardPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        List<PolicyFault> faults = [];
        Clients(policy, faults);
        for (int i = 0; i < policy.Campaigns.Count; i++)
        {
            PolicyCampaign campaign = policy.Campaigns[i];
            Known(faults, $"campaigns[{i}].client", campaign.Client, policy.Clients.Any(c => c.Id == campaign.Client), "client");
            if (policy.Campaigns.Take(i).Any(c => c.Id == campaign.Id))
            {
                faults.Add(new PolicyFault($"campaigns[{i}].id", $"\"{campaign.Id}\" is the name of another campaign too"));
            }

            foreach (string name in campaign.Calendars.Where(name => policy.Calendars.All(c => c.Name != name)))
            {
                Known(faults, $"campaigns[{i}].calendars", name, false, "calendar");
            }
        }

        Numbers(policy, faults);
        for (int i = 0; i < policy.Trunks.Count; i++)
        {
            TrunkAssignment trunk = policy.Trunks[i];
            Known(faults, $"trunks[{i}].client", trunk.Client, policy.Clients.Any(c => c.Id == trunk.Client), "client");
            Known(faults, $"trunks[{i}].campaign", trunk.Campaign, policy.Campaigns.Any(c => c.Id == trunk.Campaign), "campaign");
            if (policy.Trunks.Take(i).Any(t => t.Trunk == trunk.Trunk))
            {
                faults.Add(new PolicyFault($"trunks[{i}].trunk", $"\"{trunk.Trunk}\" is given more than once"));
            }
        }

        Law(policy, faults);
        Rules(policy.Rules, faults);
        return faults;
    }

    private static void Clients(GuardPolicy policy, List<PolicyFault> faults)
    {
        for (int i = 0; i < policy.Clients.Count; i++)
        {
            PolicyClient client = policy.Clients[i];
            if (policy.Clients.Take(i).FirstOrDefault(c => c.Key == client.Key) is { } other)
            {
                faults.Add(new PolicyFault($"clients[{i}].id", other.Id == client.Id
                    ? $"\"{client.Id}\" is the name of another client too"
                    : $"\"{client.Id}\" cannot be told from \"{other.Id}\" in stored state; give it another name"));
            }
        }
    }

    private static void Numbers(GuardPolicy policy, List<PolicyFault> faults)
    {
        Dictionary<E164Number, List<RegisteredNumber>> seen = [];
        for (int i = 0; i < policy.Numbers.Count; i++)
        {
            RegisteredNumber number = policy.Numbers[i];
            Known(faults, $"numbers[{i}].client", number.Client, policy.Clients.Any(c => c.Id == number.Client), "client");
            Known(faults, $"numbers[{i}].campaign", number.Campaign, policy.Campaigns.Any(c => c.Id == number.Campaign), "campaign");
            if (number is { From: { } from, To: { } to } && to < from)
            {
                faults.Add(new PolicyFault($"numbers[{i}].to", $"{to:yyyy-MM-dd} is before from, which is {from:yyyy-MM-dd}"));
            }

            List<RegisteredNumber> others = seen.TryGetValue(number.Number, out List<RegisteredNumber>? known) ? known : seen[number.Number] = [];
            if (others.Exists(other => Overlap(other, number)))
            {
                faults.Add(new PolicyFault($"numbers[{i}]", $"{number.Number} is assigned twice on the same day"));
            }

            others.Add(number);
        }
    }

    private static bool Overlap(RegisteredNumber a, RegisteredNumber b) =>
        (a.From ?? DateOnly.MinValue) <= (b.To ?? DateOnly.MaxValue) && (b.From ?? DateOnly.MinValue) <= (a.To ?? DateOnly.MaxValue);

    private static void Law(GuardPolicy policy, List<PolicyFault> faults)
    {
        for (int i = 0; i < policy.Hours.Count; i++)
        {
            HoursLaw hours = policy.Hours[i];
            Known(faults, $"law.hours[{i}].calendar", hours.Calendar, policy.Calendars.Any(c => c.Name == hours.Calendar), "calendar");
            faults.AddRange(hours.Faults().Select(fault => new PolicyFault($"law.hours[{i}]", fault)));
        }

        for (int i = 0; i < policy.Calendars.Count; i++)
        {
            if (policy.Calendars.Take(i).Any(c => c.Name == policy.Calendars[i].Name))
            {
                faults.Add(new PolicyFault($"calendars[{i}].name", $"\"{policy.Calendars[i].Name}\" is the name of another calendar too"));
            }
        }

        InTurn(faults, "law.hours", policy.Hours);
        InTurn(faults, "law.attempts", policy.Attempts);
        InTurn(faults, "law.consent", policy.Consent);
    }

    private static void InTurn<TLaw>(List<PolicyFault> faults, string key, IReadOnlyList<TLaw> periods)
        where TLaw : LawPeriod
    {
        for (int i = 0; i < periods.Count; i++)
        {
            if (periods[i].To is { } to && to < periods[i].From)
            {
                faults.Add(new PolicyFault($"{key}[{i}].to", "is before from"));
            }

            if (periods.Take(i).Any(other => other.From <= (periods[i].To ?? DateOnly.MaxValue) && periods[i].From <= (other.To ?? DateOnly.MaxValue)))
            {
                faults.Add(new PolicyFault($"{key}[{i}]", "is in force on the same day as another; end the older one with to:") { DependsOn = key });
            }
        }
    }

    private static void Rules(RuleBook rules, List<PolicyFault> faults)
    {
        Ascending(faults, "rules.dailyCap.block", rules.DailyCap.Alert, rules.DailyCap.Block);
        Ascending(faults, "rules.hourlyCap.block", rules.HourlyCap.Alert, rules.HourlyCap.Block);
        Ascending(faults, "rules.warmUp.block", rules.WarmUp.Alert, rules.WarmUp.Block);
        Ascending(faults, "rules.redial.perDay", rules.Redial.PerHour, rules.Redial.PerDay);
        Ascending(faults, "rules.answerRate.critical", rules.AnswerRate.Alert, rules.AnswerRate.Critical);
        Ascending(faults, "rules.reportRate.critical", rules.ReportRate.Alert, rules.ReportRate.Critical);
        Ascending(faults, "rules.reportRate.alert", rules.ReportRate.Clear, rules.ReportRate.Alert);
        Ascending(faults, "rules.answerRate.alert", rules.AnswerRate.Clear, rules.AnswerRate.Alert);
        Ascending(faults, "rules.suspension.severeDays", rules.Suspension.LightDays, rules.Suspension.SevereDays);
    }

    private static void Ascending(List<PolicyFault> faults, string key, double lower, double upper)
    {
        if (upper < lower)
        {
            faults.Add(new PolicyFault(key, FormattableString.Invariant($"{upper} is below {lower}, which must come first"))
            {
                DependsOn = key[..key.LastIndexOf('.')],
            });
        }
    }

    private static void Known(List<PolicyFault> faults, string key, string? value, bool isKnown, string kind)
    {
        if (value is not null && !isKnown)
        {
            faults.Add(new PolicyFault(key, $"\"{value}\" is no {kind} of this policy") { DependsOn = kind + "s" });
        }
    }
}
