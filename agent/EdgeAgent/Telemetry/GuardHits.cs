using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Telemetry;

/// <summary>What rules had to say, by name.</summary>
internal static class GuardHits
{
    /// <summary>Counts that are not zero, in the order of rules: under a rule's name its violations, with <c>Alerts</c> behind it its warnings.</summary>
    public static IReadOnlyDictionary<string, long> Of(GuardCounts counts)
    {
        Dictionary<string, long> hits = [];
        foreach (GuardId rule in GuardIds.OfCalls)
        {
            GuardCount count = counts.Of(rule);
            if (count.Violations > 0)
            {
                hits[GuardIds.NameOf(rule)] = count.Violations;
            }

            if (count.Alerts > 0)
            {
                hits[GuardIds.NameOf(rule) + "Alerts"] = count.Alerts;
            }
        }

        return hits;
    }
}
