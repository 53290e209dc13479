using System.Buffers;

namespace EdgeAgent.Core.Sip;

/// <summary>
/// Cuts messages from a byte stream by their Content-Length (RFC 3261 §18.3). Pure; keeps nothing between calls, so the
/// caller offers the bytes left over again, with more behind them.
/// </summary>
public static class SipFramer
{
    /// <summary>Bytes of a head copied together at first when it lies in several segments; most heads are shorter.</summary>
    private const int FirstCopyBytes = 2_048;

    /// <summary>Takes the first whole SIP message off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">
    /// Unread bytes. On return the bytes after the message; without one, the bytes from the first that is no keep-alive on
    /// (RFC 5626 §3.5.1). After a rejection skip to the next start line with <see cref="IndexOfStart"/>.
    /// </param>
    /// <param name="limits">Sizes in bytes past which the peer is refused, before anything is buffered for it.</param>
    /// <param name="message">A slice of the buffer: copy what must outlive it.</param>
    /// <returns>Complete, rejected with a cause, or <c>default</c> when more bytes are needed. Never throws on input.</returns>
    public static FrameResult TryCut(
        ref ReadOnlySequence<byte> buffer, SipLimits limits, out ReadOnlySequence<byte> message)
    {
        message = default;
        SkipKeepAlives(ref buffer);
        FrameResult result = SipHeadMeasure.Read(buffer.FirstSpan, limits, out long total);
        if (result == default && !buffer.IsSingleSegment)
        {
            result = MeasureAcrossSegments(in buffer, limits, out total);
        }

        if (!result.IsComplete || buffer.Length < total)
        {
            return result.IsComplete ? default : result;
        }

        SequencePosition end = buffer.GetPosition(total);
        message = buffer.Slice(0, end);
        buffer = buffer.Slice(end);
        return result;
    }

    /// <summary>
    /// Whether bytes begin with a start line: a method, a URI and <c>SIP/2.0</c>, or <c>SIP/2.0</c> and a status code.
    /// </summary>
    /// <param name="bytes">Bytes from the beginning of a line; what follows the line is not looked at.</param>
    public static bool LooksLikeStart(ReadOnlySpan<byte> bytes)
    {
        int lineEnd = bytes.IndexOf((byte)'\n');
        return SipStartLine.TryRead(lineEnd < 0 ? bytes : bytes[..lineEnd], out _);
    }

    /// <summary>
    /// Finds where a message may begin, for a stream joined in its middle or interrupted by a gap. A line inside a body can
    /// look like it (message/sipfrag); the parser then refuses what follows.
    /// </summary>
    /// <param name="bytes">Bytes from the stream; the first counts as the beginning of a line.</param>
    /// <returns>Index of the start line, or -1 when there is none.</returns>
    public static int IndexOfStart(ReadOnlySpan<byte> bytes)
    {
        int position = 0;
        while (position < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[position..];
            int lineEnd = rest.IndexOf((byte)'\n');
            if (SipStartLine.TryRead(lineEnd < 0 ? rest : rest[..lineEnd], out _))
            {
                return position;
            }

            if (lineEnd < 0)
            {
                return -1;
            }

            position += lineEnd + 1;
        }

        return -1;
    }

    private static void SkipKeepAlives(ref ReadOnlySequence<byte> buffer)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length > 0 && first[0] is not ((byte)'\r' or (byte)'\n'))
        {
            return;
        }

        SequenceReader<byte> reader = new(buffer);
        reader.AdvancePastAny((byte)'\r', (byte)'\n');
        buffer = reader.UnreadSequence;
    }

    /// <summary>Copies the head together, in two attempts: most heads are short, and none may exceed its limit.</summary>
    private static FrameResult MeasureAcrossSegments(
        in ReadOnlySequence<byte> buffer, SipLimits limits, out long total)
    {
        Span<byte> small = stackalloc byte[FirstCopyBytes];
        int available = (int)Math.Min(buffer.Length, FirstCopyBytes);
        buffer.Slice(0, available).CopyTo(small);
        FrameResult result = SipHeadMeasure.Read(small[..available], limits, out total);
        if (result != default || available == buffer.Length)
        {
            return result;
        }

        // One byte past the limit is enough to see that it is exceeded.
        available = (int)Math.Min(buffer.Length, limits.MaxHeadBytes + 1L);
        byte[] copy = ArrayPool<byte>.Shared.Rent(available);
        buffer.Slice(0, available).CopyTo(copy);
        result = SipHeadMeasure.Read(copy.AsSpan(0, available), limits, out total);
        ArrayPool<byte>.Shared.Return(copy);
        return result;
    }
}
