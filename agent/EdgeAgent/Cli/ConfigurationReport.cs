using EdgeAgent.Configuration;

namespace EdgeAgent.Cli;

/// <summary>Prints what is wrong with a configuration.</summary>
internal static class ConfigurationReport
{
    /// <summary>Prints every fault, one a line.</summary>
    public static void Write(IEnumerable<ConfigurationFault> faults, string path, TextWriter error)
    {
        foreach (ConfigurationFault fault in faults)
        {
            error.WriteLine($"{path}: {(fault.Severity == FaultSeverity.Warning ? "warning: " : "")}{fault}");
        }
    }

    /// <summary><c>3 faults</c>.</summary>
    public static string Count(IReadOnlyCollection<ConfigurationFault> faults, FaultSeverity severity)
    {
        int count = faults.Count(f => f.Severity == severity);
        string word = severity == FaultSeverity.Error ? "fault" : "warning";
        return count == 1 ? $"1 {word}" : $"{count} {word}s";
    }
}
