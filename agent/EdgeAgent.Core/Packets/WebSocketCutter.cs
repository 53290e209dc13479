using System.Buffers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Takes messages out of WebSocket frames (RFC 6455 §5): one message of the sub-protocol <c>sip</c> is one SIP message
/// (RFC 7118 §5), without need of a Content-Length. The frames of a message stay in the buffer until the last is there.
/// </summary>
/// <param name="maxMessageBytes">Bytes of all frames of one message, heads included, past which the peer is refused.</param>
/// <param name="maxHeadBytes">Longest HTTP head that is waited for.</param>
/// <param name="maxInflaters">See <see cref="TcpLimits.MaxInflaters"/>.</param>
internal sealed class WebSocketCutter(int maxMessageBytes, int maxHeadBytes, int maxInflaters)
{
    private readonly WebSocketInflaters _inflaters = new(maxInflaters, maxMessageBytes);
    private byte[] _message = [];

    /// <summary>Whether a segment begins with a frame that begins a SIP message.</summary>
    public bool IsLikely(ReadOnlySpan<byte> segment) => WebSocketStart.Match(segment, maxMessageBytes) == StartLineMatch.Yes;

    /// <summary>
    /// Looks for the first frame: behind the HTTP head that opens a connection, or where a frame begins a SIP message, for a
    /// stream joined in its middle or interrupted. A stream known to be plain SIP has none.
    /// </summary>
    /// <param name="flow">Direction the bytes are of.</param>
    /// <param name="bytes">Unread bytes.</param>
    /// <param name="at">Where frames begin, or may begin; the length of <paramref name="bytes"/> where they do not.</param>
    public StartLineMatch Seek(TcpFlow flow, ReadOnlySpan<byte> bytes, out int at)
    {
        if (flow.HasSip && !flow.IsWebSocket)
        {
            at = bytes.Length;
            return StartLineMatch.No;
        }

        if (!flow.IsWebSocket && flow.ProbedBytes == 0 && !flow.IsMidLine)
        {
            StartLineMatch upgrade = WebSocketUpgrade.Match(bytes, out at, out bool isDeflated);
            flow.IsDeflated |= isDeflated;
            if (upgrade == StartLineMatch.Yes || (upgrade == StartLineMatch.Perhaps && bytes.Length <= maxHeadBytes))
            {
                return upgrade;
            }
        }

        if (flow.IsDeflated && BeginsCompressed(flow, bytes))
        {
            at = 0;
            return StartLineMatch.Yes;
        }

        return WebSocketStart.Seek(bytes, maxMessageBytes, out at);
    }

    /// <summary>
    /// Behind a gap a compressed message is looked for where a segment begins, as nearly every one does. One that refers to what was lost
    /// is passed over.
    /// </summary>
    private bool BeginsCompressed(TcpFlow flow, ReadOnlySpan<byte> bytes)
    {
        if (!WebSocketFrame.TryRead(bytes, out WebSocketFrame frame).IsComplete
            || !frame.IsCompressed || !frame.IsFinal || frame.TotalBytes > bytes.Length || frame.TotalBytes > maxMessageBytes)
        {
            return false;
        }

        int length = (int)frame.PayloadBytes;
        Reserve(length);
        bytes.Slice(frame.HeadBytes, length).CopyTo(_message);
        frame.Unmask(_message.AsSpan(0, length));
        return _inflaters.TryProbe(flow, _message, length, out ReadOnlySpan<byte> message) && SipFramer.LooksLikeStart(message);
    }

    /// <summary>Cuts the first whole message off the front of <paramref name="buffer"/>.</summary>
    /// <param name="flow">Remembers how far the buffer was walked, so that small segments cost no second walk.</param>
    /// <param name="buffer">
    /// Unread bytes, beginning at a frame; on return, those behind the message. After a rejection its frames are dropped, of the
    /// frame refused nothing: its length is not to be trusted. A message that cannot be decompressed is dropped whole.
    /// </param>
    /// <param name="message">Valid until the next call.</param>
    /// <returns>Complete, rejected with a cause, or <c>default</c> when more bytes are needed.</returns>
    public FrameResult TryCut(TcpFlow flow, ref ReadOnlySequence<byte> buffer, out ReadOnlySpan<byte> message)
    {
        message = default;
        while (true)
        {
            ReadOnlySequence<byte> rest = buffer.Slice(flow.WalkedBytes);
            FrameResult result = ReadHead(rest, out WebSocketFrame frame);
            if (result.IsComplete)
            {
                result = Judge(flow, frame);
            }

            if (result.Rejection != SipRejection.None)
            {
                buffer = rest; // what cannot go on a message may begin one, in a frame or without
                flow.WalkedBytes = 0;
                return result;
            }

            if (!result.IsComplete || rest.Length < frame.TotalBytes)
            {
                return default;
            }

            if (frame.IsControl && flow.WalkedBytes == 0)
            {
                buffer = rest.Slice(frame.TotalBytes);
                continue;
            }

            flow.WalkedBytes += frame.TotalBytes;
            if (frame.IsFinal && !frame.IsControl)
            {
                SipRejection rejection = Join(flow, buffer.Slice(0, flow.WalkedBytes), out message);
                buffer = buffer.Slice(flow.WalkedBytes);
                flow.WalkedBytes = 0;
                return rejection == SipRejection.None ? result : FrameResult.Rejected(rejection);
            }
        }
    }

    /// <summary>Whether the frame may stand here; asked before its payload is waited for.</summary>
    private FrameResult Judge(TcpFlow flow, in WebSocketFrame frame)
    {
        bool isBegun = flow.WalkedBytes > 0;
        return (frame.IsCompressed && !flow.IsDeflated) || (!frame.IsControl && frame.Opcode == WebSocketFrame.Continuation != isBegun)
            ? FrameResult.Rejected(SipRejection.BadWebSocketFrame)
            : frame.TotalBytes > maxMessageBytes - flow.WalkedBytes ? FrameResult.Rejected(SipRejection.BodyTooLarge)
            : FrameResult.Complete;
    }

    /// <summary>Puts the payloads of a message together, and decompresses it; what control frames carry is left out.</summary>
    private SipRejection Join(TcpFlow flow, ReadOnlySequence<byte> frames, out ReadOnlySpan<byte> message)
    {
        Reserve((int)frames.Length); // bounded by maxMessageBytes
        int length = 0;
        bool isCompressed = false;
        while (ReadHead(frames, out WebSocketFrame frame).IsComplete)
        {
            if (!frame.IsControl)
            {
                Span<byte> payload = _message.AsSpan(length, (int)frame.PayloadBytes);
                frames.Slice(frame.HeadBytes, frame.PayloadBytes).CopyTo(payload);
                frame.Unmask(payload);
                length += payload.Length;
                isCompressed |= frame.IsCompressed;
            }

            frames = frames.Slice(frame.TotalBytes);
        }

        message = _message.AsSpan(0, length);
        return isCompressed ? _inflaters.TryInflate(flow, _message, length, out message) : SipRejection.None;
    }

    private void Reserve(int length)
    {
        if (_message.Length < length + WebSocketInflater.TailBytes)
        {
            _message = new byte[Math.Max(length + WebSocketInflater.TailBytes, TailPipes.BlockBytes)];
        }
    }

    private static FrameResult ReadHead(in ReadOnlySequence<byte> bytes, out WebSocketFrame frame)
    {
        if (bytes.IsSingleSegment || bytes.FirstSpan.Length >= WebSocketFrame.MaxHeadBytes)
        {
            return WebSocketFrame.TryRead(bytes.FirstSpan, out frame);
        }

        Span<byte> head = stackalloc byte[WebSocketFrame.MaxHeadBytes];
        head = head[..(int)Math.Min(head.Length, bytes.Length)];
        bytes.Slice(0, head.Length).CopyTo(head);
        return WebSocketFrame.TryRead(head, out frame);
    }
}
