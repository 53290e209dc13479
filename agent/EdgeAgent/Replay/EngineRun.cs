using System.Buffers;
using System.IO.Pipelines;
using EdgeAgent.Capture;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Replay;

/// <summary>Captures through the daemon's own engine, whatever is made of its output.</summary>
/// <param name="error">Where faults of single files go.</param>
internal sealed class EngineRun(TextWriter error)
{
    /// <summary>Bytes read at once: large enough that records across two reads are rare.</summary>
    private const int ReadBytes = 1_048_576;

    /// <summary>Beginning of the first capture that is searched for this PBX's own address.</summary>
    private const int ScoutBytes = 4 * 1_048_576;

    private SignallingEngine? _engine;
    private EngineSettings? _settings;
    private ReplaySink? _sink;

    /// <summary>The engine; there from the first packet on.</summary>
    public SignallingEngine Engine => _engine ?? throw new InvalidOperationException("Nothing was read yet.");

    /// <summary>The settings in force, this PBX's own addresses included.</summary>
    public EngineSettings Settings => _settings ?? throw new InvalidOperationException("Nothing was read yet.");

    /// <summary>A file was damaged; what was readable of it is counted.</summary>
    public bool HasDamage { get; private set; }

    /// <summary>Earliest packet time, null without packets.</summary>
    public DateTimeOffset? First => _sink?.First;

    /// <summary>Latest packet time.</summary>
    public DateTimeOffset? Last => _sink?.Last;

    /// <summary>Reads everything, in order, and closes every call.</summary>
    public async Task ExecuteAsync(
        CaptureSet captures,
        EngineSettings settings,
        IEngineOutput output,
        (DateTimeOffset? From, DateTimeOffset? To) period,
        Action<int>? onRead,
        CancellationToken cancellationToken)
    {
        foreach (CaptureFile file in captures.Files)
        {
            Stream stream = file.Open(onRead);
            if (_sink is null)
            {
                (_settings, stream) = await ScoutAsync(settings, stream, cancellationToken).ConfigureAwait(false);
                _settings = _settings with { Guards = _settings.Guards with { WritesAttempts = false } };
                _engine = new SignallingEngine(_settings, output);
                _sink = new ReplaySink(_engine, period.From, period.To);
            }

            HasDamage |= !await ReadAsync(file.Name, stream, _sink, cancellationToken).ConfigureAwait(false);
        }

        Engine.Finish();
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
}
