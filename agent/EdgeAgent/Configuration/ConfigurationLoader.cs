using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using EdgeAgent.Guards;

namespace EdgeAgent.Configuration;

/// <summary>What the configuration is read for.</summary>
public enum ConfigurationUse
{
    /// <summary>The daemon: it needs a source, and the files it names must exist.</summary>
    Run = 0,

    /// <summary>Offline reading of captures: what is needed only live is not asked for.</summary>
    Replay,
}

/// <summary>Outcome of reading the configuration.</summary>
/// <param name="Options">The options; null when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong, at once; warnings among them.</param>
/// <param name="Hash">
/// SHA-256 over the settings in force (environment included, comments and defaults not), in lower-case hex; empty without options.
/// </param>
public sealed record LoadResult(AgentOptions? Options, IReadOnlyList<ConfigurationFault> Faults, string Hash = "");

/// <summary>Reads the one YAML file and the <c>EDGEAGENT__…</c> variables over it. The outcome holds every fault, not the first.</summary>
public static class ConfigurationLoader
{
    /// <summary>Variables that begin so override the file: <c>EDGEAGENT__MQTT__URL</c>, <c>EDGEAGENT__TRUNKS__0__NAME</c>.</summary>
    public const string EnvironmentPrefix = "EDGEAGENT__";

    /// <summary>Largest configuration file, in bytes.</summary>
    public const int MaxFileBytes = 1_048_576;

    /// <summary>Reads <paramref name="path"/> with the variables of this process.</summary>
    public static LoadResult Load(string path, ConfigurationUse use = ConfigurationUse.Run) => Load(path, ProcessVariables(), use);

    /// <summary>What holds without a file: defaults, and the variables of this process.</summary>
    public static LoadResult Defaults(ConfigurationUse use) => Read("{}", ProcessVariables(), use);

    /// <summary>Reads <paramref name="path"/> with the given variables.</summary>
    public static LoadResult Load(string path, IReadOnlyDictionary<string, string> environment, ConfigurationUse use = ConfigurationUse.Run)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(environment);
        return ConfigurationFile.TryRead(path, MaxFileBytes, out string fault) is { } text
            ? Read(text, environment, use, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)))
            : Failed(fault);
    }

    /// <summary>Reads a configuration that is in memory.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="environment">Variables over it.</param>
    /// <param name="use">What for.</param>
    /// <param name="directory">Where a policy lies that is not named; null for nowhere.</param>
    internal static LoadResult Read(string yaml, IReadOnlyDictionary<string, string> environment, ConfigurationUse use, string? directory = null)
    {
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        if (YamlSource.Read(yaml, lines) is ConfigurationFault syntax)
        {
            return new LoadResult(null, [syntax]);
        }

        Dictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in environment.Keys.Where(n => n.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            variables[name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = name;
        }

        using MemoryStream stream = new(Encoding.UTF8.GetBytes(yaml));
        IConfigurationRoot written = new ConfigurationBuilder()
            .AddYamlStream(stream)
            .AddInMemoryCollection(variables.Select(v => KeyValuePair.Create(v.Key, (string?)environment[v.Value])))
            .Build();
        written = IndexedConfiguration.Of(written, lines.Keys.Concat(variables.Keys));

        string? OriginOf(string key) =>
            variables.TryGetValue(key, out string? variable) ? variable
            : lines.TryGetValue(key, out int line) ? string.Create(CultureInfo.InvariantCulture, $"line {line}")
            : null;
        KeyWalk walk = new(OriginOf);
        AgentKeys.Root.CheckChildren(written, "", walk);
        return Bind(walk, use, environment, OriginOf, directory);
    }

    private static LoadResult Bind(
        KeyWalk walk, ConfigurationUse use, IReadOnlyDictionary<string, string> environment, Func<string, string?> originOf, string? directory)
    {
        // Values are checked and in the binder's own form by now; an unknown key here would be a key of ours without a property.
        AgentOptions options = new();
        new ConfigurationBuilder().AddInMemoryCollection(walk.Values).Build()
            .Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        options.FillEmpty();
        ConfigurationFault[] ofPolicy = LoadPolicy(options, directory, originOf);

        ConfigurationChecks checks = new(originOf);
        checks.Check(options, use, environment);
        HashSet<string> faulty = [.. walk.Faults.Select(f => f.Key)]; // one fault a key: the second would follow from the first
        ConfigurationFault[] faults = [.. walk.Faults, .. ofPolicy.Concat(checks.Faults).Where(f => !faulty.Contains(f.Key))];
        options.Fingerprint = ConfigurationHash.Of(walk.Values);
        return faults.Any(f => f.Severity == FaultSeverity.Error)
            ? new LoadResult(null, faults)
            : new LoadResult(options, faults, options.Fingerprint);
    }

    /// <summary>Reads the policy that the client ordered, else the one the options name, else the one in <paramref name="directory"/>; gives what is wrong with it.</summary>
    private static ConfigurationFault[] LoadPolicy(AgentOptions options, string? directory, Func<string, string?> originOf)
    {
        string path = OrderedPolicy.PathIn(options.Store.Directory) is { } ordered ? ordered
            : options.Guards.PolicyFile.Length > 0 ? options.Guards.PolicyFile
            : directory is null ? ""
            : System.IO.Path.Combine(directory, PolicyLoader.FileName);
        if (path.Length == 0 || (options.Guards.PolicyFile.Length == 0 && !File.Exists(path)))
        {
            return [];
        }

        options.Policy = PolicyLoader.Load(path);
        return [.. options.Policy.Faults.Select(fault => fault.Key.Length == 0
            ? new ConfigurationFault("guards.policyFile", $"{path}: {fault.Message}", originOf("guards:policyFile"))
            : fault with { Origin = fault.Origin is null ? path : $"{path}, {fault.Origin}" })];
    }

    private static Dictionary<string, string> ProcessVariables()
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return environment;
    }

    private static LoadResult Failed(string message) => new(null, [new ConfigurationFault("", message)]);
}
