using EdgeAgent.Configuration;

namespace EdgeAgent.Store;

/// <summary>Under which conditions a record was made; signed with it.</summary>
/// <param name="Packets">Packets the sources delivered since this run began.</param>
/// <param name="Dropped">Packets lost since then: by kernel, interface and the agent's own queue.</param>
/// <param name="ConfigHash">SHA-256 of the configuration in force, in hexadecimal; null when there is none.</param>
/// <param name="TrunksHash">The same of the trunk list.</param>
/// <param name="PolicyHash">The same of the rules calls are judged by.</param>
public sealed record RecordOrigin(long Packets, long Dropped, string? ConfigHash, string? TrunksHash, string? PolicyHash)
{
    /// <summary>Nothing is known.</summary>
    public static RecordOrigin None { get; } = new(0, 0, null, null, null);

    /// <summary>Nothing seen yet under <paramref name="options"/>.</summary>
    public static RecordOrigin Of(AgentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RecordOrigin(
            0,
            0,
            options.Fingerprint.Length == 0 ? null : options.Fingerprint,
            ConfigurationHash.OfTrunks(options.Trunks),
            options.Policy.Policy!.Hash);
    }
}
