using System.CommandLine;
using EdgeAgent.Anonymise;
using EdgeAgent.Capture;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent anonymise</c>: a capture that can be sent with a bug report.</summary>
internal static class AnonymiseCommand
{
    public static Command Create()
    {
        Argument<string> input = new("IN") { Description = "Capture (pcap, pcapng, also .gz and .zst); a file, since it is read twice" };
        Argument<string> output = new("OUT") { Description = "Capture to be written (pcap)" };
        Option<string?> config = CaptureInput.Config();
        Option<string[]> trunks = CaptureInput.Trunks();
        Option<string?> key = new("--key")
        {
            Description = "Key of the replacements, made when it does not exist; without it every run replaces otherwise",
            HelpName = "FILE",
        };
        Option<bool> force = new("--force") { Description = "Overwrite OUT" };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "anonymise",
            "Write a capture without names, numbers and addresses that counts like the original.",
            "edge-agent anonymise --trunk 198.51.100.0/24 monday.pcap report.pcap")
        {
            input, output, config, trunks, key, force, json,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            new Request(
                parse.GetRequiredValue(input),
                parse.GetRequiredValue(output),
                parse.GetValue(config),
                parse.GetValue(trunks) ?? [],
                parse.GetValue(key),
                parse.GetValue(force),
                parse.GetValue(json)),
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Request request, TextWriter error, CancellationToken cancellationToken)
    {
        if (CaptureInput.LoadOptions(request.ConfigPath, request.Trunks, error) is not { } options)
        {
            return ExitCode.Config;
        }

        CheckPaths(request);
        CaptureSet captures = await CaptureInput.FindAsync([request.Input], error, cancellationToken).ConfigureAwait(false);
        byte[] key = CaptureInput.Key(request.KeyPath);
        using PersonPseudonymiser pseudonymiser = new(key, options.Numbers.Client);
        AnonymiseRun run = new(EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve), key, error);
        AnonymiseRun.Learnt learnt = await run.LearnAsync(captures, cancellationToken).ConfigureAwait(false);
        if (learnt.Tap.Messages == 0)
        {
            throw new CommandException(ExitCode.BadInput, $"{request.Input}: no SIP in it, nothing was written.");
        }

        AnonymiseReport report = await WriteAsync(run, captures, learnt, request, cancellationToken).ConfigureAwait(false);
        report.Write(error);
        if (request.IsJson)
        {
            using Stream stream = Console.OpenStandardOutput();
            report.WriteJson(stream);
        }

        return report.Differences.Count > 0 ? ExitCode.Fault
            : learnt.Run.HasDamage ? ExitCode.BadInput
            : ExitCode.Ok;
    }

    private static void CheckPaths(Request request)
    {
        if (request.Input == CaptureSet.StandardInput || Directory.Exists(request.Input))
        {
            throw new CommandException(ExitCode.Usage, "anonymise: IN must be one file, since it is read twice.");
        }

        if (File.Exists(request.Output) && (!request.IsForced || IsSame(request.Input, request.Output)))
        {
            throw new CommandException(ExitCode.Usage, IsSame(request.Input, request.Output)
                ? "anonymise: IN and OUT are the same file."
                : $"{request.Output} exists; --force overwrites it.");
        }
    }

    private static bool IsSame(string first, string second)
    {
        return Target(first) == Target(second);

        static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
    }

    /// <summary>Written aside and renamed: OUT is whole or not there.</summary>
    private static async Task<AnonymiseReport> WriteAsync(
        AnonymiseRun run, CaptureSet captures, AnonymiseRun.Learnt learnt, Request request, CancellationToken cancellationToken)
    {
        string temporary = $"{request.Output}.{Environment.ProcessId}.tmp";
        try
        {
            AnonymiseReport report;
            FileStream stream = new(temporary, FileMode.Create, FileAccess.Write);
            await using (stream.ConfigureAwait(false))
            {
                report = await run.WriteAsync(captures, learnt, stream, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, request.Output, overwrite: request.IsForced);
            return report;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private sealed record Request(
        string Input, string Output, string? ConfigPath, IReadOnlyList<string> Trunks, string? KeyPath, bool IsForced, bool IsJson);
}
