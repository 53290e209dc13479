using System.CommandLine;
using EdgeAgent.Configuration;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent validate</c>: everything that would keep the agent from running, at once. The unit runs it first.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Option<string> config = CommonOptions.Config();
        ExampleCommand command = new(
            "validate",
            "Check the configuration and what the agent needs on this host, then exit (0, or 78 with every fault).",
            "edge-agent validate --config /etc/edge-agent/agent.yaml")
        {
            config,
        };
        command.SetAction(parse => Run(
            parse.GetRequiredValue(config), parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string path, TextWriter output, TextWriter error)
    {
        // First of all: without libssl the runtime aborts the process at the first hash, with a message nobody understands.
        if (HostChecks.MissingCryptography() is string missing)
        {
            error.WriteLine($"edge-agent: {missing}");
            return ExitCode.Config;
        }

        LoadResult result = ConfigurationLoader.Load(path);
        List<ConfigurationFault> faults = [.. result.Faults];
        if (HostChecks.SignOnce() is string signing)
        {
            faults.Add(new ConfigurationFault("", signing));
        }

        string? capture = null;
        if (result.Options is AgentOptions options)
        {
            faults.AddRange(options.Policy.Warnings.Select(warning => warning with { Origin = string.Join(", ", new[] { "policy", warning.Origin }.OfType<string>()) }));
            faults.AddRange(HostChecks.Capture(options.Sources, out capture));
            faults.AddRange(HostChecks.FileSizeLimit(options.Store) is { } limit ? [limit] : []);
        }

        ConfigurationReport.Write(faults, path, error);
        if (faults.Exists(f => f.Severity == FaultSeverity.Error))
        {
            error.WriteLine($"{path}: {ConfigurationReport.Count(faults, FaultSeverity.Error)}");
            return ExitCode.Config;
        }

        output.WriteLine($"{path}: good, {ConfigurationReport.Count(faults, FaultSeverity.Warning)}");
        output.WriteLine($"settings {result.Hash}");
        output.WriteLine(capture);
        return ExitCode.Ok;
    }
}
