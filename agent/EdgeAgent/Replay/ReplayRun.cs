using System.Buffers;
using System.IO.Pipelines;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Replay;

/// <summary>Reads captures through the daemon's own engine.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="options">The configuration in force.</param>
/// <param name="pseudonymiser">Names persons.</param>
/// <param name="error">Where faults of single files go.</param>
internal sealed class ReplayRun(
    ReplayRequest request, AgentOptions options, PersonPseudonymiser pseudonymiser, TextWriter error)
{
    /// <summary>Bytes read at once: large enough that records across two reads are rare.</summary>
    private const int ReadBytes = 1_048_576;

    /// <summary>Beginning of the first capture that is searched for this PBX's own address.</summary>
    private const int ScoutBytes = 4 * 1_048_576;

    /// <summary>A file was damaged; what was readable of it is counted.</summary>
    public bool HasDamage { get; private set; }

    /// <summary>Reads everything, in order.</summary>
    public async Task<ReplayReport> ExecuteAsync(
        CaptureSet captures, ReplayOutput output, ReplayPublishing? publishing, Action<int>? onRead, CancellationToken cancellationToken)
    {
        EngineSettings settings = EngineSettingsFactory.Create(options, pseudonymiser, HostNames.Resolve) with
        {
            PseudonymisesUnknownSides = request.Publish is not null,
            Hep = new HepSettings { ReadsCaptured = true, FollowsClockSteps = false },
        };
        SignallingEngine? engine = null;
        ReplayFigures figures = new(request.ListsCalls ? OnCall : null, publishing);
        ReplaySink? sink = null;
        foreach (CaptureFile file in captures.Files)
        {
            Stream stream = file.Open(onRead);
            if (engine is null)
            {
                (settings, stream) = await ScoutAsync(settings, stream, cancellationToken).ConfigureAwait(false);
                engine = new SignallingEngine(settings, figures);
                sink = new ReplaySink(engine, request.From, request.To);
            }

            HasDamage |= !await ReadAsync(file.Name, stream, sink!, cancellationToken).ConfigureAwait(false);
        }

        engine!.Finish();
        return new ReplayReport(
            [.. captures.Files.Select(file => file.Name)],
            engine.Counters,
            figures,
            sink!.First,
            sink.Last,
            AssumedBy(settings, engine),
            request.Number);

        void OnCall(Call call)
        {
            if (request.Number is null || call.Parties.Number.ToString() == request.Number)
            {
                engine!.Persons.NameOf(call);
                output.OnCall(call.ToRecord(settings.Trunks.NameOf(call.Trunk)));
            }
        }
    }

    /// <summary>Looks at the beginning of the first capture for this PBX's own address inside a trunk's range; gives the stream back whole.</summary>
    private static async Task<(EngineSettings Settings, Stream Stream)> ScoutAsync(
        EngineSettings settings, Stream stream, CancellationToken cancellationToken)
    {
        if (settings.Trunks.All.All(trunk => trunk.Ranges.All(range => range.IsSingleHost)))
        {
            return (settings, stream);
        }

        byte[] beginning = new byte[ScoutBytes];
        int length;
        try
        {
            length = await stream.ReadAtLeastAsync(beginning, ScoutBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return (settings, stream); // damaged compression: reading it will say so, with its place
        }

        ReadOnlyMemory<byte> read = beginning.AsMemory(0, length);
        OwnHostScout scout = new(settings.Trunks);
        await CaptureReader.ReadAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(read)), scout, CaptureLimits.Default, cancellationToken).ConfigureAwait(false);
        return (settings with { Trunks = settings.Trunks.WithOwnHosts(scout.OwnHosts) }, new RejoinedStream(read, stream));
    }

    private async Task<bool> ReadAsync(string name, Stream stream, ReplaySink sink, CancellationToken cancellationToken)
    {
        await using (stream.ConfigureAwait(false))
        {
            PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
            CaptureReadResult result = await CaptureReader.ReadAsync(reader, sink, CaptureLimits.Default, cancellationToken).ConfigureAwait(false);
            await reader.CompleteAsync().ConfigureAwait(false);
            if (result.Fault is { } fault)
            {
                await error.WriteLineAsync(
                    $"edge-agent: {name}: {CaptureFaults.Describe(fault)} at byte {result.FaultOffset}; "
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
