using System.Security.Cryptography;
using EdgeAgent.Capture;
using EdgeAgent.Cli;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Numbers;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Reconcile;

/// <summary>One comparison: reads the file, reads the journal, prints, has the agent record it.</summary>
/// <param name="path">The file of calls, or <c>-</c>.</param>
/// <param name="layout">Where in it what stands.</param>
/// <param name="settings">What is compared.</param>
internal sealed class ReconcileRun(string path, CdrLayout layout, ReconcileSettings settings)
{
    private const int NumberCacheEntries = 16_384;

    /// <summary>A wrong time zone shifts every call by whole hours; looked for when less than this share is matched.</summary>
    private const double SuspectShare = 0.5;

    public string? ConfigPath { get; init; }

    /// <summary>File of records; null asks the running agent, or reads <see cref="Store"/>.</summary>
    public string? JournalPath { get; init; }

    public required string Socket { get; init; }

    public required string Store { get; init; }

    /// <summary>Share of missing and extra calls up to which the exit code is 0.</summary>
    public double MaxDifference { get; init; }

    /// <summary>Have the running agent record the outcome.</summary>
    public bool Records { get; init; }

    public bool PrintsJson { get; init; }

    public bool PrintsAll { get; init; }

    /// <summary>Does it.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> ExecuteAsync(TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (CaptureInput.LoadOptions(ConfigPath, [], error) is not { } options)
        {
            return ExitCode.Config;
        }

        (CdrFile file, string hash) = await ReadFileAsync(CallersOf(options), cancellationToken).ConfigureAwait(false);
        Demand(file);
        JournalFigures journal = new();
        await ReadJournalAsync(journal, cancellationToken).ConfigureAwait(false);
        Reconciler reconciler = new(file, journal, settings);
        Reconciliation outcome = reconciler.Run();
        await WarnOfShiftAsync(reconciler, outcome, file.Count, error).ConfigureAwait(false);
        bool isRecorded = Records && JournalPath is null && await RecordAsync(outcome, file, hash, cancellationToken).ConfigureAwait(false);
        ReconcileOutput printer = new(path, hash, file, journal, outcome, MaxDifference, isRecorded);
        if (PrintsJson)
        {
            printer.WriteJson(output);
        }
        else
        {
            printer.WriteTable(output, PrintsAll);
        }

        return outcome.Share <= MaxDifference ? ExitCode.Ok : ExitCode.NotReconciled;
    }

    private static CallerIds CallersOf(AgentOptions options) => new(new NumberNormaliser(new NumberSettings
    {
        DefaultRegion = options.Numbers.DefaultRegion,
        OtherPlans = new PhoneLibNumberPlan(options.Numbers.DefaultRegion, NumberCacheEntries),
    }));

    private async Task<(CdrFile File, string Hash)> ReadFileAsync(CallerIds callers, CancellationToken cancellationToken)
    {
        Stream source = path == CaptureSet.StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        await using (source.ConfigureAwait(false))
        {
            long? size = source.CanSeek ? source.Length : null;
            return await ProgressBar.RunAsync("Reading calls", size, onRead => Task.Run(() => Read(source, callers, onRead, cancellationToken), cancellationToken))
                .ConfigureAwait(false);
        }
    }

    private (CdrFile File, string Hash) Read(Stream source, CallerIds callers, Action<int>? onRead, CancellationToken cancellationToken)
    {
        using SHA256 sha = SHA256.Create();
        using MeteredStream metered = new(source, onRead ?? (_ => { }));
        using CryptoStream hashed = new(metered, sha, CryptoStreamMode.Read, leaveOpen: true);
        using Stream unpacked = UnpackedStream.Wrap(hashed);
        CdrFile file = new CdrReader(layout, callers).Read(unpacked, cancellationToken);
        hashed.CopyTo(Stream.Null); // what lies behind the end of a compressed file is part of the file
        return (file, Convert.ToHexStringLower(sha.Hash!));
    }

    private void Demand(CdrFile file)
    {
        if (layout.Channel is not null && layout.ChannelPatterns.Count == 0)
        {
            string seen = string.Join(", ", file.Channels.Take(12).Select(channel => $"{Terminal.Safe(channel.Key)} ({channel.Value})"));
            throw new CommandException(ExitCode.Usage, $"which channels are trunks? Say so with --trunk-pattern, such as 'PJSIP/trunk*'. The file holds {seen}");
        }

        if (file.Count == 0)
        {
            string first = file.Faults is [CdrFault fault, ..] ? $"; line {fault.Line}: {fault.Cause}" : "";
            throw new CommandException(
                ExitCode.BadInput, $"none of {file.Rows} rows is a call that counts: {file.Unreadable} not readable, {file.PassedOver} on other channels{first}");
        }
    }

    private async Task ReadJournalAsync(JournalFigures journal, CancellationToken cancellationToken)
    {
        if (JournalPath is null)
        {
            RecordRange everything = new(1, long.MaxValue, null, null);
            await JournalLines.ReadAsync(Socket, Store, everything, journal.Add, cancellationToken).ConfigureAwait(false);
            return;
        }

        FileStream export = File.OpenRead(JournalPath);
        await using (export.ConfigureAwait(false))
        {
            await LineReader.ReadAsync(export, journal.Add, cancellationToken).ConfigureAwait(false);
        }

        if (journal.From is null)
        {
            throw new CommandException(ExitCode.BadInput, $"{JournalPath} holds no minutes ({journal.Foreign} lines are no records); write it with edge-agent export");
        }
    }

    private static async Task WarnOfShiftAsync(Reconciler reconciler, Reconciliation outcome, int calls, TextWriter error)
    {
        if (outcome.Matched >= SuspectShare * calls)
        {
            return;
        }

        (int hours, long matched) = Enumerable.Range(-14, 29).Where(hours => hours != 0)
            .Select(hours => (hours, reconciler.TryRun(TimeSpan.FromHours(hours))?.Matched ?? 0))
            .MaxBy(tried => tried.Item2);
        if (matched > SuspectShare * calls && matched > 2 * outcome.Matched)
        {
            await error.WriteLineAsync(FormattableString.Invariant(
                $"edge-agent: warning: {matched} calls would match if the file's times were {hours:+0;-0} h: is --time-zone right?")).ConfigureAwait(false);
        }
    }

    private async Task<bool> RecordAsync(Reconciliation outcome, CdrFile file, string hash, CancellationToken cancellationToken)
    {
        using ControlClient client = new(Socket);
        try
        {
            await client.PostAsync(
                "v1/reconciliations",
                new ReconciliationDocument
                {
                    From = outcome.From,
                    To = outcome.To,
                    Calls = outcome.Listed,
                    Matched = outcome.Matched,
                    Missing = outcome.Missing,
                    Extra = outcome.Extra,
                    Blind = outcome.Blind,
                    Unreadable = file.Unreadable,
                    Share = outcome.Share,
                    FileHash = hash,
                },
                TelemetryJson.Plain.ReconciliationDocument,
                TelemetryJson.Plain.RecordedDocument,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.NotRunning)
        {
            return false; // the journal was read without an agent
        }
    }
}
