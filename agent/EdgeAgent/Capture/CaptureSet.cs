using System.IO.Pipelines;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>The captures that path arguments stand for, in the order in which they were taken.</summary>
/// <param name="Files">Captures, by the time of their first packet; standard input and pipes last.</param>
/// <param name="Skipped">Files of a directory that are no captures.</param>
public sealed record CaptureSet(IReadOnlyList<CaptureFile> Files, IReadOnlyList<string> Skipped)
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The first record lies in the first block of every file but those with very long comments.</summary>
    private const int PeekBufferBytes = 16 * 1_024;

    /// <summary>Finds the captures and looks at the first packet of each.</summary>
    /// <param name="paths">Files, directories (their own files only), or <c>-</c>.</param>
    /// <param name="openStandardInput">Gives standard input; called when its file is opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CaptureSourceException">A path does not exist or cannot be read; all such paths are named.</exception>
    public static async Task<CaptureSet> ResolveAsync(
        IEnumerable<string> paths, Func<Stream> openStandardInput, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<CapturePeek> captures = [];
        List<string> skipped = [];
        List<string> faults = [];
        foreach (string path in paths.Distinct(StringComparer.Ordinal))
        {
            if (path == StandardInput)
            {
                captures.Add(new CapturePeek(new CaptureFile(path, null, openStandardInput), null, null));
                continue;
            }

            try
            {
                await AddPathAsync(path, captures, skipped, cancellationToken).ConfigureAwait(false);
            }
            catch (CaptureSourceException exception)
            {
                faults.Add(exception.Message);
            }
        }

        if (faults.Count > 0)
        {
            throw new CaptureSourceException(string.Join(Environment.NewLine, faults));
        }

        // A stable order: what has no time stays as it was named.
        return new CaptureSet(
            [.. captures.OrderBy(capture => capture.FirstPacketAt ?? DateTimeOffset.MaxValue).Select(capture => capture.File)],
            skipped);
    }

    private static async Task AddPathAsync(
        string path, List<CapturePeek> captures, List<string> skipped, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            captures.Add(await PeekAsync(path, cancellationToken).ConfigureAwait(false));
            return;
        }

        int before = captures.Count;
        foreach (string file in FilesOf(path))
        {
            CapturePeek capture = await PeekAsync(file, cancellationToken).ConfigureAwait(false);
            if (capture.Fault is CaptureFault.NotACapture)
            {
                skipped.Add(file);
            }
            else
            {
                captures.Add(capture);
            }
        }

        if (captures.Count == before)
        {
            throw new CaptureSourceException($"{path}: no capture file in this directory.");
        }
    }

    private static string[] FilesOf(string directory)
    {
        try
        {
            string[] files = Directory.GetFiles(directory);
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CaptureSourceException($"{directory} cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task<CapturePeek> PeekAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CaptureSourceException($"{path}: no such file or directory.");
        }

        long size = new FileInfo(path).Length;
        if (size == 0)
        {
            // Empty, or a pipe or device: what is read from those is gone.
            return new CapturePeek(new CaptureFile(path, null, () => OpenFile(path)), null, null);
        }

        CaptureFile file = new(path, size, () => OpenFile(path));
        await using Stream stream = file.Open();
        PipeReader input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: PeekBufferBytes));
        FirstPacket first = new(input);
        CaptureReadResult result = await CaptureReader.ReadAsync(input, first, CaptureLimits.Default, cancellationToken)
            .ConfigureAwait(false);
        await input.CompleteAsync().ConfigureAwait(false);
        return new CapturePeek(file, first.At, result.Fault);
    }

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    /// <summary>Keeps the first time it sees and ends the reading.</summary>
    private sealed class FirstPacket(PipeReader input) : ICapturedPacketSink
    {
        public DateTimeOffset? At { get; private set; }

        public void OnPacket(in CapturedPacket packet)
        {
            if (At is null)
            {
                At = packet.At;
                input.CancelPendingRead();
            }
        }
    }
}
