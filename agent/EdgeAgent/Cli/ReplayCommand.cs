using System.CommandLine;
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
        Option<string?> config = CaptureInput.Config();
        Option<string[]> trunks = CaptureInput.Trunks();
        Option<DateTimeOffset?> from = CommonOptions.Time("--from", "Pass over packets before this time");
        Option<DateTimeOffset?> to = CommonOptions.Time("--to", "Pass over packets from this time on");
        Option<string?> number = new("--number", "-n") { Description = "Show this number only", HelpName = "NUMBER" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> csv = new("--csv") { Description = "Print CSV" };
        Option<bool> calls = new("--calls") { Description = "List single calls too" };
        Option<string?> key = CaptureInput.KeyFile();
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

    private static async Task<int> RunAsync(
        ReplayRequest request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (CaptureInput.LoadOptions(request.ConfigPath, request.Trunks, error) is not { } options)
        {
            return ExitCode.Config;
        }

        request = request with { Number = request.Number is { } number ? NumberNames.Normalise(number, options) : null };
        CaptureSet captures = await CaptureInput.FindAsync(request.Paths, error, cancellationToken).ConfigureAwait(false);
        using PersonPseudonymiser pseudonymiser = new(CaptureInput.Key(request.KeyPath), options.Numbers.Client);
        ReplayRun run = new(request, options, pseudonymiser, error);
        using PosixSignalRegistration? interrupt = CaptureInput.OutliveFirstInterrupt(request.Paths);
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
                Origin = RecordOrigin.Of(options),
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
