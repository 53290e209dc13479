using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Pipeline;
using EdgeAgent.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string> config = CommonOptions.Config();
        ExampleCommand command = new(
            "run",
            "Watch the configured interfaces until told to stop (SIGTERM); SIGHUP reads the configuration again.",
            "edge-agent run --config /etc/edge-agent/agent.yaml")
        {
            config,
        };
        command.SetAction((parse, cancellationToken) =>
            RunAsync(parse.GetRequiredValue(config), parse.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, TextWriter error, CancellationToken cancellationToken)
    {
        if (HostChecks.MissingCryptography() is string missing)
        {
            throw new CommandException(ExitCode.Config, missing);
        }

        LoadResult loaded = ConfigurationLoader.Load(path);
        ConfigurationFault? limit = loaded.Options is null ? null : HostChecks.FileSizeLimit(loaded.Options.Store);
        if (loaded.Options is null || limit is not null)
        {
            ConfigurationReport.Write(limit is null ? loaded.Faults : [limit], path, error);
            return ExitCode.Config;
        }

        ControlSocket.MakeRoom(loaded.Options.ControlSocket);
        ConfigurationState state = new(path, loaded, TimeProvider.System.GetUtcNow());
        WebApplication host = AgentHost.Build(state, (services, _) => services.AddPipeline(state));
        await using (host.ConfigureAwait(false))
        {
            return await AgentHost.RunAsync(host, cancellationToken).ConfigureAwait(false);
        }
    }
}
