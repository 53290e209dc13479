using EdgeAgent.Configuration;

namespace EdgeAgent.Telemetry;

/// <summary>Something that can take a new configuration while it runs.</summary>
public interface IReloadable
{
    /// <summary>Takes what it can of <paramref name="options"/>, in force when done; what needs a restart stays as it is. Called by one thread at a time.</summary>
    Task ReloadAsync(AgentOptions options, CancellationToken cancellationToken);
}

/// <summary>Reads the configuration again when asked.</summary>
internal interface IConfigurationReloader
{
    /// <summary>Does what SIGHUP does, one at a time; gives the number of faults for which the new configuration was refused, 0 when it is in force.</summary>
    Task<int> ReloadAsync(CancellationToken cancellationToken);
}

/// <summary>The configuration in force, and what became of the last attempt to replace it. Any thread.</summary>
/// <param name="file">Where it was read from.</param>
/// <param name="loaded">What is in force at the start.</param>
/// <param name="at">When it was read.</param>
internal sealed class ConfigurationState(string file, LoadResult loaded, DateTimeOffset at)
{
    private volatile Snapshot _current = new(loaded, at, null, []);

    /// <summary>Path it was read from.</summary>
    public string File => file;

    /// <summary>The state now, whole.</summary>
    public Snapshot Current => _current;

    /// <summary>A new configuration is in force.</summary>
    public void Accept(LoadResult result, DateTimeOffset now) => _current = new Snapshot(result, now, null, []);

    /// <summary>A new configuration was refused; the old one stays.</summary>
    public void Refuse(IReadOnlyList<string> faults, DateTimeOffset now) =>
        _current = _current with { RefusedAt = now, RefusedFaults = faults };

    internal sealed record Snapshot(LoadResult Loaded, DateTimeOffset LoadedAt, DateTimeOffset? RefusedAt, IReadOnlyList<string> RefusedFaults)
    {
        /// <summary>The options in force.</summary>
        public AgentOptions Options => Loaded.Options!;
    }
}
