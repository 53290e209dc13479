using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Numbers;

namespace EdgeAgent.Guards;

/// <summary>A call somebody asks about. Travels in the body of a request, never in its address: it holds a person's number.</summary>
internal sealed record CallQuestion
{
    private const int NumberCacheEntries = 16; // one call is asked for at a time

    private const int MaxTextLength = 64;

    /// <summary>Caller ID shown, in any spelling; <c>anonymous</c> for a hidden one.</summary>
    public required string From { get; init; }

    /// <summary>Number to be called, in any spelling.</summary>
    public required string To { get; init; }

    /// <summary>When; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Id of the campaign; null leaves it to number and trunk.</summary>
    public string? Campaign { get; init; }

    /// <summary>Name of the trunk; null where it is not known.</summary>
    public string? Trunk { get; init; }

    /// <summary>What cannot be understood, without repeating a number; null when nothing.</summary>
    public string? Fault(AgentOptions options, GuardPolicy policy)
    {
        GuardFacts facts = FactsOf(options, default);
        return From.Length > MaxTextLength || To.Length > MaxTextLength ? "a number is too long"
            : !facts.Person.IsNumber && facts.ShortClass == NumberClass.Unknown ? "the called number is no number of any plan"
            : At is { Year: < 2000 or > 2100 } ? "the moment lies outside the years 2000 to 2100"
            : Campaign is not null && policy.Campaigns.All(campaign => campaign.Id != Campaign) ? "no such campaign in the policy"
            : Trunk is not null && policy.Trunks.All(trunk => trunk.Trunk != Trunk) && options.Trunks.All(trunk => trunk.Name != Trunk)
                ? "no such trunk in policy or configuration"
            : null;
    }

    /// <summary>The facts, but for the person's pseudonym.</summary>
    public GuardFacts FactsOf(AgentOptions options, DateTimeOffset now)
    {
        NumberNormaliser numbers = new(new NumberSettings
        {
            DefaultRegion = options.Numbers.DefaultRegion,
            DialPrefixes = options.Numbers.DialPrefixes,
            OtherPlans = new PhoneLibNumberPlan(options.Numbers.DefaultRegion, NumberCacheEntries),
        });
        byte[] caller = Encoding.UTF8.GetBytes(From);
        byte[] called = Encoding.UTF8.GetBytes(To);
        bool isPerson = numbers.TryCalled(called, out E164Number person);
        return new GuardFacts
        {
            At = At ?? now,
            Number = numbers.TryCaller(caller, out E164Number number) ? NumberKey.For(number)
                : From.Length == 0 ? NumberKey.None
                : new NumberKey(default, From),
            Person = person,
            ShortClass = isPerson ? NumberClass.Unknown : numbers.ShortClassOf(called),
            Trunk = Trunk,
            Campaign = Campaign,
        };
    }
}
