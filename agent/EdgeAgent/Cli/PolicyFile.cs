using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Guards;

namespace EdgeAgent.Cli;

/// <summary>A policy file named on the command line, or the configured one.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Result">Outcome of reading it.</param>
internal sealed record PolicyFile(string Name, PolicyResult Result)
{
    private const string Nothing = "{}";

    /// <summary>SHA-256 of what the file says.</summary>
    public string Hash => Result.Policy?.Hash ?? "";

    /// <summary>Reads <paramref name="path"/>, or the configured policy. Where nothing is configured the defaults hold.</summary>
    public static PolicyFile Read(string? path)
    {
        string file = path ?? PolicyLoader.DefaultPath;
        return path is null && !File.Exists(file)
            ? new PolicyFile($"the defaults ({file} does not exist)", PolicyLoader.Read(Nothing))
            : new PolicyFile(file, PolicyLoader.Load(file));
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

    /// <summary>What is allowed and probably not meant.</summary>
    public IReadOnlyList<ConfigurationFault> Warnings() => Result.Policy is { } policy
        ? [.. PolicyWarnings.Of(policy).Select(warning => new ConfigurationFault(warning.Key, warning.Message, null, FaultSeverity.Warning))]
        : [];
}
