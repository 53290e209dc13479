using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>One capture to be read: a file, or standard input.</summary>
public sealed class CaptureFile
{
    private readonly Func<Stream> _open;

    internal CaptureFile(string name, long? sizeBytes, Func<Stream> open)
    {
        Name = name;
        SizeBytes = sizeBytes;
        _open = open;
    }

    /// <summary>Path as given, or <c>-</c>.</summary>
    public string Name { get; }

    /// <summary>Size on disk, packed as it is; null where there is no end to know, such as a pipe.</summary>
    public long? SizeBytes { get; }

    /// <summary>Opens it for reading from the beginning, unpacked. Standard input can be opened once.</summary>
    /// <exception cref="CaptureSourceException">It cannot be opened.</exception>
    public Stream Open()
    {
        try
        {
            return UnpackedStream.Wrap(_open());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CaptureSourceException($"{Name} cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>What a look at the beginning of a capture told.</summary>
/// <param name="File">The capture.</param>
/// <param name="FirstPacketAt">Time of its first packet, null when it has none.</param>
/// <param name="Fault">Why the beginning cannot be read, null when it can.</param>
internal readonly record struct CapturePeek(CaptureFile File, DateTimeOffset? FirstPacketAt, CaptureFault? Fault);
