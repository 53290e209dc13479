using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeAgent.Capture;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Explain;
using EdgeAgent.Pipeline;
using EdgeAgent.Replay;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent explain</c>: one call's story, from the very engine that counts.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Argument<string> callId = new("CALL-ID") { Description = "Call-ID as replay --calls prints it" };
        Argument<string[]> files = new("FILE")
        {
            Description = "Captures (pcap, pcapng, also .gz and .zst), directories of them, or - for standard input, which is read without FILE",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> config = CaptureInput.Config();
        Option<string[]> trunks = CaptureInput.Trunks();
        Option<string?> key = CaptureInput.KeyFile();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "explain",
            "Tell one call's story: each message, what it changed, and why it was counted so.",
            "edge-agent explain --trunk 198.51.100.0/24 a84b4c76e66710@192.0.2.4 monday.pcap",
            "edge-agent explain a84b4c76e66710@192.0.2.4 --json < monday.pcap")
        {
            callId, files, config, trunks, key, json,
        };
        command.SetAction(async (parse, cancellationToken) => await RunAsync(
            parse.GetRequiredValue(callId),
            PathsOf(parse.GetValue(files) ?? []),
            new ExplainOptions(parse.GetValue(config), parse.GetValue(trunks) ?? [], parse.GetValue(key), parse.GetValue(json)),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken).ConfigureAwait(false));
        return command;
    }

    private static string[] PathsOf(string[] files) => files.Length > 0 ? files
        : Console.IsInputRedirected ? [CaptureSet.StandardInput]
        : throw new CommandException(ExitCode.Usage, "explain: name a capture, or give one on standard input.");

    private static async Task<int> RunAsync(
        string callId,
        string[] paths,
        ExplainOptions asked,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        if (CaptureInput.LoadOptions(asked.ConfigPath, asked.Trunks, error) is not { } options)
        {
            return ExitCode.Config;
        }

        CaptureSet captures = await CaptureInput.FindAsync(paths, error, cancellationToken).ConfigureAwait(false);
        using PersonPseudonymiser pseudonymiser = new(CaptureInput.Key(asked.KeyPath), options.Numbers.Client);
        using PosixSignalRegistration? interrupt = CaptureInput.OutliveFirstInterrupt(paths);
        CallStory story = new(callId);
        EngineSettings settings = EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve) with { Trace = story };
        EngineRun run = new(error);
        await ProgressBar.RunAsync(captures, async onRead =>
        {
            await run.ExecuteAsync(captures, settings, new ReplayFigures(null, null), (null, null), onRead, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (story.Entries.Count == 0)
        {
            await ReportMissingAsync(story, error).ConfigureAwait(false);
            return ExitCode.NotFound;
        }

        Print(ReportOf(story, run, asked), asked.IsJson, output);
        return run.HasDamage ? ExitCode.BadInput : ExitCode.Ok;
    }

    private static StoryReport ReportOf(CallStory story, EngineRun run, ExplainOptions asked)
    {
        return new StoryReport(story.CallId, story.Entries, [.. story.Attempts.Select(AttemptOf)], asked.KeyPath is null);

        StoryAttempt AttemptOf(Call call)
        {
            run.Engine.Persons.NameAll(call);
            return new StoryAttempt(call.ToRecord(run.Settings.Trunks.NameOf(call.Trunk)), call.Parties.Source, call.Parties.Attestation)
            {
                HasOtherOrigin = call.Parties.HasOtherOrigin,
                HasBadPassport = call.Parties.HasBadPassport,
                IsForwarded = call.Parties.IsForwarded,
            };
        }
    }

    private static void Print(StoryReport report, bool isJson, TextWriter output)
    {
        if (isJson)
        {
            using Stream stream = Console.OpenStandardOutput();
            StoryJson.Write(stream, report);
        }
        else
        {
            StoryPrinter.Write(output, report);
        }
    }

    private static async Task ReportMissingAsync(CallStory story, TextWriter error)
    {
        await error.WriteLineAsync($"edge-agent: no message has the Call-ID {Terminal.Safe(story.CallId)}.").ConfigureAwait(false);
        foreach (string near in story.Near)
        {
            await error.WriteLineAsync($"edge-agent: did you mean {Terminal.Safe(near)}").ConfigureAwait(false);
        }
    }

    private sealed record ExplainOptions(string? ConfigPath, IReadOnlyList<string> Trunks, string? KeyPath, bool IsJson);
}
