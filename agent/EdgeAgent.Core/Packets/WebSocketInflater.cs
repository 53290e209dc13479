using System.IO.Compression;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Decompresses the messages of one direction (RFC 7692 §7.2.2). It always keeps what came before: a sender that does not refer to it
/// (<c>no_context_takeover</c>) is read all the same.
/// </summary>
internal sealed class WebSocketInflater : IDisposable
{
    /// <summary>What every sender leaves off the end of a message (RFC 7692 §7.2.1).</summary>
    public const int TailBytes = 4;

    private readonly Feed _feed = new();
    private DeflateStream _stream;
    private bool _isFresh = true;

    public WebSocketInflater() => _stream = new DeflateStream(_feed, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>Its direction was read last at this turn, see <see cref="WebSocketInflaters"/>.</summary>
    public long LastTurn { get; set; }

    /// <summary>Direction it reads.</summary>
    public required TcpFlow Flow { get; init; }

    /// <summary>Decompresses one message. What follows a failure is read without what came before it.</summary>
    /// <param name="compressed">Payload with room for <see cref="TailBytes"/> behind it.</param>
    /// <param name="length">Length of the payload.</param>
    /// <param name="message">Takes the message; grows as needed.</param>
    /// <param name="maxBytes">Longest message.</param>
    /// <param name="messageBytes">Length of the message.</param>
    public SipRejection Inflate(byte[] compressed, int length, ref byte[] message, int maxBytes, out int messageBytes)
    {
        compressed[length] = 0;
        compressed[length + 1] = 0;
        compressed[length + 2] = 0xFF;
        compressed[length + 3] = 0xFF;
        bool wasFresh = _isFresh;
        SipRejection rejection = TryInflate(compressed, length + TailBytes, ref message, maxBytes, out messageBytes);
        if (rejection == SipRejection.BadWebSocketCompression && !wasFresh)
        {
            // A sender may end its stream with a message and begin another (RFC 7692 §7.2.3.4).
            rejection = TryInflate(compressed, length + TailBytes, ref message, maxBytes, out messageBytes);
        }

        return rejection;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private SipRejection TryInflate(byte[] compressed, int length, ref byte[] message, int maxBytes, out int messageBytes)
    {
        _isFresh = false;
        _feed.Take(compressed.AsMemory(0, length));
        messageBytes = 0;
        SipRejection rejection = SipRejection.BadWebSocketCompression;
        try
        {
            while (true)
            {
                if (messageBytes == message.Length && !TryGrow(ref message, maxBytes))
                {
                    rejection = SipRejection.InflatedTooLarge;
                    break;
                }

                int read = _stream.Read(message, messageBytes, message.Length - messageBytes);
                if (read == 0)
                {
                    rejection = _feed.IsEmpty && messageBytes > 0 ? SipRejection.None : rejection;
                    break;
                }

                messageBytes += read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // Broken, or it refers to what was not captured.
        }

        if (rejection == SipRejection.None && messageBytes > maxBytes)
        {
            rejection = SipRejection.InflatedTooLarge;
        }

        if (rejection != SipRejection.None)
        {
            _stream.Dispose();
            _stream = new DeflateStream(_feed, CompressionMode.Decompress, leaveOpen: true);
            _isFresh = true;
        }

        return rejection;
    }

    private static bool TryGrow(ref byte[] message, int maxBytes)
    {
        if (message.Length > maxBytes)
        {
            return false;
        }

        // One byte past the bound, so that a message of exactly the bound is told from a longer one.
        Array.Resize(ref message, (int)Math.Min(Math.Max(TailPipes.BlockBytes, 2L * message.Length), maxBytes + 1L));
        return true;
    }

    /// <summary>Gives one message after the other to a decompressor that takes each end for a pause.</summary>
    private sealed class Feed : ForwardStream
    {
        private ReadOnlyMemory<byte> _rest;

        public bool IsEmpty => _rest.IsEmpty;

        public void Take(ReadOnlyMemory<byte> bytes) => _rest = bytes;

        public override int Read(Span<byte> buffer)
        {
            int length = Math.Min(buffer.Length, _rest.Length);
            _rest.Span[..length].CopyTo(buffer);
            _rest = _rest[length..];
            return length;
        }
    }
}
