using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.Policy;

/// <summary>A policy made ready for one question a call: whose number, whose trunk, which campaign. Immutable.</summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<E164Number, RegisteredNumber[]> _numbers;
    private readonly Dictionary<string, TrunkAssignment> _trunks;
    private readonly Dictionary<string, PolicyCampaign> _campaigns;
    private readonly Dictionary<string, PolicyCampaign> _onlyCampaign;
    private readonly string? _onlyClient;

    public PolicyIndex(GuardPolicy policy)
    {
        _numbers = policy.Numbers.GroupBy(number => number.Number).ToDictionary(group => group.Key, group => group.ToArray());
        _trunks = policy.Trunks.ToDictionary(trunk => trunk.Trunk);
        _campaigns = policy.Campaigns.ToDictionary(campaign => campaign.Id);
        _onlyClient = policy.Clients is [PolicyClient only] ? only.Id : null;
        _onlyCampaign = policy.Campaigns.GroupBy(campaign => campaign.Client ?? _onlyClient ?? "")
            .Where(group => group.Key.Length > 0 && group.Count() == 1).ToDictionary(group => group.Key, group => group.Single());
    }

    /// <summary>Says what the policy knows of the attempt.</summary>
    public void Fill(GuardCase call)
    {
        call.Entries = _numbers.TryGetValue(call.Facts.Number.Number, out RegisteredNumber[]? entries) ? entries : [];
        call.Registered = null;
        foreach (RegisteredNumber entry in call.Entries)
        {
            call.Registered = entry.IsValidOn(call.Day) ? entry : call.Registered;
        }

        call.Class = call.Registered?.Class ?? NumberClasses.Of(call.Facts.Number.Number);
        call.Trunk = call.Facts.Trunk is { } trunk ? _trunks.GetValueOrDefault(trunk) : null;
        call.Campaign = CampaignOf(call.Facts.Campaign) ?? CampaignOf(call.Registered?.Campaign) ?? CampaignOf(call.Trunk?.Campaign);

        // Whose person is called is decided by who calls, not by whose number is shown: else a borrowed number would have its own count.
        call.Client = call.Campaign?.Client ?? call.Trunk?.Client ?? call.Registered?.Client ?? _onlyClient;
        if (call.Campaign is null && call.Client is { } client)
        {
            call.Campaign = _onlyCampaign.GetValueOrDefault(client);
        }
    }

    private PolicyCampaign? CampaignOf(string? name) => name is null ? null : _campaigns.GetValueOrDefault(name);
}
