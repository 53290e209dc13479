using System.Text.Json;

namespace EdgeAgent.Forward;

/// <summary>What <c>info</c> tells the centre about this agent besides what the store knows.</summary>
public sealed record AgentInfo
{
    /// <summary>Agent id, a topic level.</summary>
    public required string AgentId { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When this run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Configured carriers as <c>name</c> and hosts.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Trunks { get; init; } = [];

    /// <summary>SHA-256 of the effective configuration in hexadecimal; null when there is none.</summary>
    public string? ConfigHash { get; init; }

    /// <summary>The same of the trunk list.</summary>
    public string? TrunksHash { get; init; }

    /// <summary>The same of the rules calls are judged by.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>How long a minute stays open after its end.</summary>
    public TimeSpan SealLag { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Days a record stays on the host.</summary>
    public int RetentionDays { get; init; }
}

/// <summary>Adds a property to <c>health</c>: each part of the agent tells how it does. Called once a minute, from any thread.</summary>
public interface IHealthSource
{
    /// <summary>Writes one property with its value.</summary>
    void WriteHealth(Utf8JsonWriter writer);
}
