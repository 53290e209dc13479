using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using EdgeAgent.Numbers;
using EdgeAgent.Replay;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent replay</c>: the daemon's own counting, on captures.</summary>
internal static class ReplayCommand
{
    private const string Embedded = "embedded";

    public static Command Create()
    {
        Argument<string[]> paths = new("PATH")
        {
            Description = "Captures (pcap, pcapng, also .gz and .zst), directories of them, or - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> config = new("--config", "-c") { Description = "Configuration file; without it the defaults hold", HelpName = "FILE" };
        Option<string[]> trunks = new("--trunk", "-t")
        {
            Description = "Carrier's address or network, in place of the configured trunks; may be repeated",
            HelpName = "CIDR",
        };
        Option<DateTimeOffset?> from = Time("--from", "Pass over packets before this time");
        Option<DateTimeOffset?> to = Time("--to", "Pass over packets from this time on");
        Option<string?> number = new("--number", "-n") { Description = "Show this number only", HelpName = "NUMBER" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> csv = new("--csv") { Description = "Print CSV" };
        Option<bool> calls = new("--calls") { Description = "List single calls too" };
        Option<string?> key = new("--key") { Description = "Pseudonym key; made when it does not exist. Without it a key of this run is used", HelpName = "FILE" };
        Option<string?> publish = new("--publish") { Description = "Publish to this broker, or to one started for this run", HelpName = "URL|embedded" };
        Option<string?> store = new("--store") { Description = "Directory of the store used for publishing; without it a temporary one", HelpName = "PATH" };
        ExampleCommand command = new(
            "replay",
            "Read captures through the agent's own counting and print figures per number.",
            "edge-agent replay --trunk 198.51.100.0/24 monday.pcap",
            "tcpdump -i eth0 -w - port 5060 | edge-agent replay --json -",
            "edge-agent replay --calls --csv /var/spool/captures > calls.csv")
        {
            paths, config, trunks, from, to, number, json, csv, calls, key, publish, store,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
            {
                result.AddError("--json and --csv exclude each other.");
            }

            if (result.GetValue(store) is not null && result.GetValue(publish) is null)
            {
                result.AddError("--store goes with --publish.");
            }
        });
        command.SetAction((parse, cancellationToken) => RunAsync(
            new ReplayRequest
            {
                Paths = parse.GetRequiredValue(paths),
                ConfigPath = parse.GetValue(config),
                Trunks = parse.GetValue(trunks) ?? [],
                From = parse.GetValue(from),
                To = parse.GetValue(to),
                Number = parse.GetValue(number),
                Format = parse.GetValue(json) ? ReplayFormat.Json : parse.GetValue(csv) ? ReplayFormat.Csv : ReplayFormat.Table,
                ListsCalls = parse.GetValue(calls),
                KeyPath = parse.GetValue(key),
                Publish = parse.GetValue(publish),
                StorePath = parse.GetValue(store),
            },
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
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

    private static async Task<int> RunAsync(
        ReplayRequest request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (LoadOptions(request, error) is not { } options)
        {
            return ExitCode.Config;
        }

        request = request with { Number = request.Number is { } number ? NumberNames.Normalise(number, options) : null };
        CaptureSet captures = await FindAsync(request.Paths, cancellationToken).ConfigureAwait(false);
        foreach (string skipped in captures.Skipped)
        {
            await error.WriteLineAsync($"edge-agent: {skipped}: no capture, passed over").ConfigureAwait(false);
        }

        byte[] key = request.KeyPath is null
            ? System.Security.Cryptography.RandomNumberGenerator.GetBytes(PersonPseudonymiser.KeyBytes)
            : PseudonymKeyFile.LoadOrCreate(request.KeyPath);
        using PersonPseudonymiser pseudonymiser = new(key, options.Numbers.Client);
        ReplayRun run = new(request, options, pseudonymiser, error);
        using PosixSignalRegistration? interrupt = request.Paths.Contains(CaptureSet.StandardInput) ? OutliveFirstInterrupt() : null;
        using ReplayOutput printer = ReplayOutput.Create(request, Console.OpenStandardOutput, output);

        // What a subscriber received stands before the report, and beside it where a program reads the report.
        TextWriter received = request.Format == ReplayFormat.Table ? output : error;
        ReplayPublishing? publishing = await PublishAsync(request, options, received, cancellationToken).ConfigureAwait(false);
        string? published = null;
        ReplayReport report;
        try
        {
            report = await ProgressBar.RunAsync(
                captures,
                onRead => run.ExecuteAsync(captures, printer, publishing, onRead, cancellationToken)).ConfigureAwait(false);
            published = publishing is null ? null : await CompleteAsync(publishing, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (publishing is not null)
            {
                await publishing.DisposeAsync().ConfigureAwait(false);
            }
        }

        if (request.Publish == Embedded)
        {
            await received.WriteLineAsync().ConfigureAwait(false);
        }

        printer.Complete(report);
        if (published is not null)
        {
            await error.WriteLineAsync(published).ConfigureAwait(false);
        }

        return run.HasDamage ? ExitCode.BadInput : ExitCode.Ok;
    }

    /// <summary>
    /// Ctrl-C reaches both ends of <c>tcpdump -w - | edge-agent replay -</c>: tcpdump ends, and with it our input; what came is to be
    /// reported. A second one ends us too.
    /// </summary>
    private static PosixSignalRegistration OutliveFirstInterrupt()
    {
        int interrupts = 0;
        return PosixSignalRegistration.Create(
            PosixSignal.SIGINT, signal => signal.Cancel = Interlocked.Increment(ref interrupts) == 1);
    }

    private static AgentOptions? LoadOptions(ReplayRequest request, TextWriter error)
    {
        LoadResult loaded = request.ConfigPath is { } path
            ? ConfigurationLoader.Load(path, ConfigurationUse.Replay)
            : ConfigurationLoader.Defaults(ConfigurationUse.Replay);
        ConfigurationReport.Write(loaded.Faults, request.ConfigPath ?? "environment", error);
        if (loaded.Options is not { } options)
        {
            return null;
        }

        foreach (string trunk in request.Trunks)
        {
            if (!HostPattern.TryParse(trunk, out _, out string fault))
            {
                throw new CommandException(ExitCode.Usage, $"--trunk \"{trunk}\" {fault}");
            }
        }

        if (request.Trunks.Count > 0)
        {
            options.Trunks = [.. request.Trunks.Select(trunk => new TrunkOptions { Name = trunk, Hosts = [trunk] })];
        }

        return options;
    }

    private static async Task<CaptureSet> FindAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        try
        {
            return await CaptureSet.ResolveAsync(paths, Console.OpenStandardInput, cancellationToken).ConfigureAwait(false);
        }
        catch (CaptureSourceException fault)
        {
            throw new CommandException(ExitCode.BadInput, fault.Message, fault);
        }
    }

    private static async Task<ReplayPublishing?> PublishAsync(
        ReplayRequest request, AgentOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (request.Publish is not { } target)
        {
            return null;
        }

        if (target != Embedded)
        {
            options.Mqtt.Url = target;
        }

        ReplayPublisher publisher = await ReplayPublisher.StartAsync(
            new ReplayPublication
            {
                AgentId = request.ConfigPath is null ? "replay" : options.AgentId,
                Broker = options.Mqtt,
                Trunks = [.. options.Trunks.Select(trunk => KeyValuePair.Create(trunk.Name, trunk.Hosts))],
                IsEmbedded = target == Embedded,
                Output = output,
                StoreDirectory = request.StorePath,
            },
            TimeProvider.System,
            NullLoggerFactory.Instance,
            cancellationToken).ConfigureAwait(false);
        return new ReplayPublishing(publisher, cancellationToken);
    }

    private static async Task<string> CompleteAsync(ReplayPublishing publishing, CancellationToken cancellationToken)
    {
        try
        {
            ReplayCounts counts = await publishing.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return $"Published {counts.Records} records; the broker acknowledged {counts.Acknowledged}"
                + (counts.Received is { } received ? $", a subscriber received {received}." : ".");
        }
        catch (TimeoutException fault)
        {
            throw new CommandException(ExitCode.Unavailable, fault.Message, fault);
        }
    }
}
