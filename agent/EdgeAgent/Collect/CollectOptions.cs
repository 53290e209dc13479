using EdgeAgent.Configuration;

namespace EdgeAgent.Collect;

/// <summary>How a collector works.</summary>
public sealed record CollectOptions
{
    /// <summary>The broker and how to log in.</summary>
    public required MqttOptions Broker { get; init; }

    /// <summary>The books: one LiteDB file.</summary>
    public required string Into { get; init; }

    /// <summary>Client id; two collectors at one broker must not share it.</summary>
    public string ClientId { get; init; } = "edge-agent-collect";

    /// <summary>First levels of the topics commands go by.</summary>
    public string CommandPrefix { get; init; } = "edgeagent/v1c";

    /// <summary>Private key orders are signed with; null: no anchors, and no replays are asked for.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Agents whose new public key is to be taken although the old one has not signed it.</summary>
    public IReadOnlyList<string> Enrol { get; init; } = [];

    /// <summary>How long the broker keeps our session, and with it what comes, while we are away.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Time between two anchors of an agent.</summary>
    public TimeSpan AnchorInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a hole may stand before a replay is asked for: live records overtake the backlog.</summary>
    public TimeSpan ReplayAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An agent of which no record came for so long is silent.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a record is kept, and not shorter than its agent keeps it; null for ever. Its figures stay.</summary>
    public TimeSpan? KeepRecords { get; init; }

    /// <summary>Agents in the books at most; further ones are refused and named.</summary>
    public int MaxAgents { get; init; } = 10_000;

    /// <summary>How often the report beside the books is written.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often holes and anchors are looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(5);
}
