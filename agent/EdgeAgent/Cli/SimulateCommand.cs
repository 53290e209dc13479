using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Pipeline;
using EdgeAgent.Replay;
using EdgeAgent.Simulate;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent simulate</c>: what a policy would have blocked in captures.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        Argument<string[]> paths = new("CAPTURE")
        {
            Description = "Captures in order of time (pcap, pcapng, also .gz and .zst), directories of them, or - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> policy = new("--policy", "-p") { Description = "Policy to try (default: the one of --config, else the defaults)", HelpName = "FILE" };
        Option<TimeSpan?> observeFor = ObserveFor();
        Option<string?> config = CaptureInput.Config();
        Option<string[]> trunks = CaptureInput.Trunks();
        Option<DateTimeOffset?> from = CommonOptions.Time("--from", "Pass over packets before this time");
        Option<DateTimeOffset?> to = CommonOptions.Time("--to", "Pass over packets from this time on");
        Option<bool> json = CommonOptions.Json();
        Option<bool> csv = new("--csv") { Description = "Print CSV: a line per rule, number and hour" };
        ExampleCommand command = new(
            "simulate",
            "Say what a policy would have blocked in captures, by rule, number and hour. A call that would have been blocked counts as not "
            + "made: it uses no quota and has no outcome. Numbers without from: in the policy are new with their first call.",
            "tcpdump -r november.pcap -w - port 5060 | edge-agent simulate --policy new-policy.yaml --trunk 198.51.100.0/24 --csv -",
            "edge-agent simulate --policy new-policy.yaml --config /etc/edge-agent/agent.yaml november.pcap")
        {
            paths, policy, observeFor, config, trunks, from, to, json, csv,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
            {
                result.AddError("--json and --csv exclude each other.");
            }
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            TextWriter error = parse.InvocationConfiguration.Error;
            if (CaptureInput.LoadOptions(parse.GetValue(config), parse.GetValue(trunks) ?? [], error) is not { } options
                || Policy(parse.GetValue(policy), parse.GetValue(config), options, error) is not { } tried)
            {
                return ExitCode.Config;
            }

            string[] captures = parse.GetRequiredValue(paths);
            (SimulationReport report, bool hasDamage) = await SimulateAsync(
                captures, options, tried, parse.GetValue(observeFor) ?? TimeSpan.Zero, (parse.GetValue(from), parse.GetValue(to)), error, cancellationToken)
                .ConfigureAwait(false);
            TextWriter output = parse.InvocationConfiguration.Output;
            Action<SimulationReport, TextWriter> write =
                parse.GetValue(json) ? SimulationOutput.WriteJson : parse.GetValue(csv) ? SimulationOutput.WriteCsv : SimulationOutput.WriteTable;
            write(report, output);
            return hasDamage ? ExitCode.BadInput : ExitCode.Ok;
        });
        return command;
    }

    private static Option<TimeSpan?> ObserveFor() => new("--observe-for")
    {
        Description = "How long rules only observe at the beginning, whatever the policy says (default: 0 s)",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (Scalars.ReadDuration(result.Tokens[0].Value) is TimeSpan time && time <= TimeSpan.FromDays(90))
            {
                return time;
            }

            result.AddError($"--observe-for: '{result.Tokens[0].Value}' is no duration from 0 s to 90 d.");
            return null;
        },
    };

    /// <summary>The policy to try; null when it is faulty, which was reported.</summary>
    private static PolicyFile? Policy(string? path, string? config, AgentOptions options, TextWriter error)
    {
        if (path is null)
        {
            return new PolicyFile(config is null ? "the defaults" : "the configured policy", options.Policy);
        }

        PolicyFile policy = PolicyFile.Read(path);
        return policy.IsGood(error) ? policy : null;
    }

    private static async Task<(SimulationReport Report, bool HasDamage)> SimulateAsync(
        string[] paths,
        AgentOptions options,
        PolicyFile policy,
        TimeSpan observeFor,
        (DateTimeOffset? From, DateTimeOffset? To) period,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        CaptureSet captures = await CaptureInput.FindAsync(paths, error, cancellationToken).ConfigureAwait(false);
        using PersonPseudonymiser pseudonymiser = new(CaptureInput.Key(null), options.Numbers.Client);
        using PosixSignalRegistration? interrupt = CaptureInput.OutliveFirstInterrupt(paths);
        SimulationFigures figures = new();
        EngineSettings settings = EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve) with
        {
            Policy = policy.Result.Policy! with { DefaultClient = options.Numbers.Client, ObserveFor = observeFor },
            HoldsBackRefused = true,
            Verdicts = figures,
            Hep = new HepSettings { ReadsCaptured = true, FollowsClockSteps = false },
        };
        EngineRun run = new(error);
        await ProgressBar.RunAsync(captures, async onRead =>
        {
            await run.ExecuteAsync(captures, settings, figures, period, onRead, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        string[] files = [.. captures.Files.Select(file => file.Name)];
        return (new SimulationReport(files, policy.Name, policy.Result, observeFor, run.First, run.Last, figures), run.HasDamage);
    }
}
