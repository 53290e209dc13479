using System.IO.Compression;

namespace EdgeAgent.Core.Hep;

/// <summary>Decompresses payloads (chunk 16) into one buffer that is used again; what grows past the bound is refused unread.</summary>
/// <param name="maxBytes">Longest message, in bytes.</param>
internal sealed class HepInflater(int maxBytes)
{
    private const int FirstBytes = 16_384;

    private byte[] _message = [];

    /// <param name="compressed">A zlib (RFC 1950) or gzip (RFC 1952) stream.</param>
    /// <param name="message">The message, valid until the next call.</param>
    public bool TryInflate(ReadOnlySpan<byte> compressed, out ReadOnlySpan<byte> message)
    {
        message = default;
        using MemoryStream input = new(compressed.ToArray(), writable: false);
        bool isGzip = compressed is [0x1F, 0x8B, ..];
        using Stream stream = isGzip ? new GZipStream(input, CompressionMode.Decompress) : new ZLibStream(input, CompressionMode.Decompress);
        try
        {
            int length = 0;
            while (true)
            {
                if (length == _message.Length && !TryGrow())
                {
                    return false;
                }

                int read = stream.Read(_message, length, _message.Length - length);
                length += read;
                if (read == 0)
                {
                    message = _message.AsSpan(0, length);
                    return length > 0;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return false; // IOException: what zlib reports beside broken data, as a dictionary that is asked for (RFC 1950 §2.2)
        }
    }

    private bool TryGrow()
    {
        if (_message.Length > maxBytes)
        {
            return false;
        }

        // One byte past the bound, so that a message of exactly the bound is told from a longer one.
        Array.Resize(ref _message, Math.Min(Math.Max(FirstBytes, 2 * _message.Length), maxBytes + 1));
        return true;
    }
}
