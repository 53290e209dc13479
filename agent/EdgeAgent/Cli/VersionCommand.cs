using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("version", "Print the version of this executable.", "edge-agent version --json") { json };
        command.SetAction(parse =>
        {
            VersionDocument version = new(
                AgentVersion.Current,
                RuntimeInformation.FrameworkDescription,
                RuntimeInformation.OSDescription,
                RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
            TextWriter output = parse.InvocationConfiguration.Output;
            output.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(version, TelemetryJson.Plain.VersionDocument)
                : $"edge-agent {version.Version} ({version.Runtime}, {version.Architecture})");
            return ExitCode.Ok;
        });
        return command;
    }
}
