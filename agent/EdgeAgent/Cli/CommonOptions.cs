using System.CommandLine;
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

    /// <summary>Control socket of the running agent.</summary>
    public static Option<string> Socket() => new("--socket")
    {
        Description = "Control socket of the running agent (controlSocket in its configuration)",
        HelpName = "PATH",
        DefaultValueFactory = _ => AgentOptions.DefaultControlSocket,
    };
}
