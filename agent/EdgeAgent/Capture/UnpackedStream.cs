using System.IO.Compression;
using EdgeAgent.Core.Packets;
using ZstdSharp;

namespace EdgeAgent.Capture;

/// <summary>
/// Unpacks gzip and Zstandard, told by their first bytes and not by the name: rotated files are renamed at will. Reads
/// forward only, so that it works on a pipe. Damage shows as <see cref="InvalidDataException"/>, whatever the format.
/// </summary>
internal sealed class UnpackedStream : ForwardStream
{
    private const int MagicBytes = 4;
    private const int PackedBufferBytes = 128 * 1_024;

    private readonly Stream _source;

    private UnpackedStream(Stream source) => _source = source;

    /// <summary>Reads the first bytes of <paramref name="raw"/> and chooses.</summary>
    public static Stream Wrap(Stream raw)
    {
        byte[] magic = new byte[MagicBytes];
        int length;
        try
        {
            length = raw.ReadAtLeast(magic, MagicBytes, throwOnEndOfStream: false);
        }
        catch
        {
            raw.Dispose();
            throw;
        }

        Stream whole = Rejoin(raw, magic.AsMemory(0, length));
        return magic switch
        {
            [0x1F, 0x8B, ..] => new UnpackedStream(
                new GZipStream(new BufferedStream(whole, PackedBufferBytes), CompressionMode.Decompress)),
            [0x28, 0xB5, 0x2F, 0xFD] => new UnpackedStream(
                new DecompressionStream(new BufferedStream(whole, PackedBufferBytes), leaveOpen: false)),
            _ => whole,
        };
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _source.Read(buffer);
        }
        catch (ZstdException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (ZstdException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Stream Rejoin(Stream raw, ReadOnlyMemory<byte> first)
    {
        if (raw.CanSeek)
        {
            raw.Position = 0;
            return raw;
        }

        return new RejoinedStream(first, raw);
    }
}
