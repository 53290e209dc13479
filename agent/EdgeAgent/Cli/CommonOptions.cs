using System.CommandLine;
using System.Globalization;
using EdgeAgent.Configuration;

namespace EdgeAgent.Cli;

/// <summary>Options that mean the same on several commands.</summary>
internal static class CommonOptions
{
    /// <summary>Path of the configuration.</summary>
    public static Option<string> Config() => new("--config", "-c")
    {
        Description = "Configuration file",
        HelpName = "FILE",
        DefaultValueFactory = _ => "/etc/edge-agent/agent.yaml",
    };

    /// <summary>Print for programs.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Whole(string name, string description, string unit, int usual, int least, int most)
    {
        Option<int> option = new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is int given && (given < least || given > most))
            {
                result.AddError($"{name} is {least} to {most}.");
            }
        });
        return option;
    }

    /// <summary>A time.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description + " (ISO 8601; UTC when it names no offset)",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                return time;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no time such as 2026-11-24T10:00:00Z.");
            return null;
        },
    };

    /// <summary>Control socket of the running agent.</summary>
    public static Option<string> Socket() => new("--socket")
    {
        Description = "Control socket of the running agent (controlSocket in its configuration)",
        HelpName = "PATH",
        DefaultValueFactory = _ => AgentOptions.DefaultControlSocket,
    };
}
