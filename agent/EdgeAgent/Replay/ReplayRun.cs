using System.IO.Pipelines;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Replay;

/// <summary>Reads captures through the daemon's own engine and prints what came of it.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="options">The configuration in force.</param>
/// <param name="pseudonymiser">Names persons.</param>
/// <param name="error">Where faults of single files go.</param>
internal sealed class ReplayRun(
    ReplayRequest request, AgentOptions options, PersonPseudonymiser pseudonymiser, TextWriter error)
{
    /// <summary>Bytes read at once: large enough that records across two reads are rare.</summary>
    private const int ReadBytes = 1_048_576;

    /// <summary>Reads everything, in order.</summary>
    /// <returns><see cref="ExitCode.Ok"/>, or <see cref="ExitCode.BadInput"/> when a file was damaged; what was readable is counted.</returns>
    public async Task<int> ExecuteAsync(
        CaptureSet captures, ReplayOutput output, ReplayPublishing? publishing, IProgress<ReplayProgress> progress, CancellationToken cancellationToken)
    {
        EngineSettings settings = EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve) with
        {
            PseudonymisesUnknownSides = request.Publish is not null,
        };
        settings = settings with { Trunks = await ScoutAsync(captures, settings.Trunks, cancellationToken).ConfigureAwait(false) };
        SignallingEngine? engine = null;
        ReplayFigures figures = new(request.ListsCalls ? call => OnCall(call) : null, publishing);
        engine = new SignallingEngine(settings, figures);
        ReplaySink sink = new(engine, request.From, request.To);
        bool isDamaged = false;
        foreach (CaptureFile file in captures.Files)
        {
            isDamaged |= !await ReadAsync(file, sink, progress, cancellationToken).ConfigureAwait(false);
        }

        engine.Finish();
        output.Complete(new ReplayReport(
            [.. captures.Files.Select(file => file.Name)],
            engine.Counters,
            figures,
            sink.First,
            sink.Last,
            AssumedBy(settings, engine),
            request.Number));
        return isDamaged ? ExitCode.BadInput : ExitCode.Ok;

        void OnCall(Call call)
        {
            if (request.Number is null || call.Parties.Number.ToString() == request.Number)
            {
                engine!.Persons.NameOf(call);
                output.OnCall(call.ToRecord(settings.Trunks.NameOf(call.Trunk)));
            }
        }
    }

    /// <summary>Looks at the beginning of the first capture for this PBX's own address inside a trunk's range.</summary>
    private static async Task<TrunkTable> ScoutAsync(CaptureSet captures, TrunkTable trunks, CancellationToken cancellationToken)
    {
        if (trunks.IsEmpty || captures.Files.Count == 0 || await captures.Files[0].PeekAsync(cancellationToken).ConfigureAwait(false) is not { } beginning)
        {
            return trunks;
        }

        OwnHostScout scout = new(trunks);
        await CaptureReader.ReadAsync(PipeReader.Create(beginning), scout, CaptureLimits.Default, cancellationToken).ConfigureAwait(false);
        return trunks.WithOwnHosts(scout.OwnHosts);
    }

    private async Task<bool> ReadAsync(
        CaptureFile file, ReplaySink sink, IProgress<ReplayProgress> progress, CancellationToken cancellationToken)
    {
        Stream stream = file.Open(bytes => progress.Report(new ReplayProgress(file.Name, bytes)));
        await using (stream.ConfigureAwait(false))
        {
            PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
            CaptureReadResult result = await CaptureReader.ReadAsync(reader, sink, CaptureLimits.Default, cancellationToken).ConfigureAwait(false);
            await reader.CompleteAsync().ConfigureAwait(false);
            if (result.Fault is { } fault)
            {
                await error.WriteLineAsync($"edge-agent: {file.Name}: {CaptureFaults.Describe(fault)} at byte {result.FaultOffset}; "
                    + $"{result.Packets} packets before it were counted").ConfigureAwait(false);
            }

            return result.Fault is null;
        }
    }

    private ReplayAssumptions AssumedBy(EngineSettings settings, SignallingEngine engine) => new(
        [.. settings.Trunks.All.Select(trunk => trunk.Name)],
        [.. settings.Trunks.OwnHosts.Select(host => new IpEndpoint(host, 0).ToIPAddress().ToString())],
        engine.Roles.LearntPhones,
        engine.Roles.LearntTrunks,
        settings.IdentityOrder,
        options.Numbers.DefaultRegion,
        request.KeyPath is null);
}

/// <summary>How far a replay has come.</summary>
/// <param name="File">File being read.</param>
/// <param name="Bytes">Bytes of it read, as stored.</param>
internal readonly record struct ReplayProgress(string File, long Bytes);
