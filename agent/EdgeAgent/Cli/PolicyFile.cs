using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Guards;
using Microsoft.Extensions.Configuration;

namespace EdgeAgent.Cli;

/// <summary>A policy file named on the command line, or the configured one.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Result">Outcome of reading it.</param>
internal sealed record PolicyFile(string Name, PolicyResult Result)
{
    private const int MaxConfigurationBytes = 1_048_576;

    /// <summary>SHA-256 of what the file says.</summary>
    public string Hash => Result.Policy?.Hash ?? "";

    /// <summary>Reads <paramref name="path"/>.</summary>
    public static PolicyFile Read(string path) => new(path, PolicyLoader.Load(path));

    /// <summary>
    /// Reads <paramref name="path"/>, or what holds under the configuration at <paramref name="config"/>: the policy the client ordered, else the
    /// configured one. Where there is none the defaults hold.
    /// </summary>
    public static PolicyFile Read(string? path, string config)
    {
        if (path is not null)
        {
            return Read(path);
        }

        (string? named, string store) = NamedBy(config);
        if (OrderedPolicy.PathIn(store) is { } ordered)
        {
            return Read(ordered);
        }

        string file = named ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(config))!, PolicyLoader.FileName);
        return named is null && !File.Exists(file) ? new PolicyFile($"the defaults ({file} does not exist)", PolicyLoader.Default) : Read(file);
    }

    /// <summary>False when there are faults, which were printed.</summary>
    public bool IsGood(TextWriter error)
    {
        ConfigurationReport.Write(Result.Faults, Name, error);
        if (Result.Policy is null)
        {
            error.WriteLine($"{Name}: {ConfigurationReport.Count(Result.Faults, FaultSeverity.Error)}");
        }

        return Result.Policy is not null;
    }

    /// <summary>The policy and the store directory a configuration names, whatever else is wrong with either.</summary>
    private static (string? Policy, string Store) NamedBy(string config)
    {
        string usual = new StoreOptions().Directory;
        if (ConfigurationFile.TryRead(config, MaxConfigurationBytes, out _) is not { } text || YamlSource.Read(text, []) is not null)
        {
            return (null, usual);
        }

        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        IConfigurationRoot written = new ConfigurationBuilder().AddYamlStream(stream).Build();
        return (
            written["guards:policyFile"] is { Length: > 0 } named ? named : null,
            written["store:directory"] is { Length: > 0 } directory ? directory : usual);
    }
}
