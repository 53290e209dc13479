using System.Buffers;
using System.IO.Pipelines;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Cuts messages from bytes that are in order. Whole messages are read where the segment lies; only what is left over
/// goes into a pipe, which is given back as soon as it is empty.
/// </summary>
/// <param name="framer">Decides where a message ends.</param>
/// <param name="maxProbeBytes">Bytes without a start line after which a direction is another protocol.</param>
/// <param name="webSockets">Cuts what comes in WebSocket frames.</param>
/// <param name="hep">Cuts what comes in HEP packets.</param>
internal sealed class StreamCutter(StreamFramer framer, int maxProbeBytes, WebSocketCutter webSockets, HepCutter hep)
{
    private readonly TailPipes _tails = new();
    private byte[] _scratch = [];

    /// <summary>Cheap test for a segment of a stream that was given up: does it begin a SIP message after all?</summary>
    public bool IsLikely(ReadOnlySpan<byte> segment) => 
        StartLine.IsLikely(segment) || webSockets.IsLikely(segment) || hep.IsLikely(segment);

    /// <summary>Reads on in <paramref name="flow"/>.</summary>
    public void OnBytes(TcpFlow flow, ReadOnlyMemory<byte> bytes, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow.Tail is null)
        {
            if (flow is { Mode: TcpFlowMode.Seeking, HasSip: false } && hep.IsLikely(bytes.Span))
            {
                flow.Mode = TcpFlowMode.Unpacking; // a capture that begins in the middle of the stream
            }

            ReadOnlySequence<byte> segment = new(bytes);
            Cut(flow, ref segment, at, sink);
            if (!segment.IsEmpty)
            {
                flow.Tail = _tails.Take();
                TailPipes.Write(flow.Tail, segment.FirstSpan);
                flow.TailBytes = segment.Length;
            }

            return;
        }

        TailPipes.Write(flow.Tail, bytes.Span);
        if (!flow.Tail.Reader.TryRead(out ReadResult read))
        {
            return;
        }

        ReadOnlySequence<byte> buffer = read.Buffer;
        Cut(flow, ref buffer, at, sink);
        flow.TailBytes = buffer.Length; // asked before AdvanceTo, which gives the memory back
        flow.Tail.Reader.AdvanceTo(buffer.Start, read.Buffer.End);
        if (flow.TailBytes == 0)
        {
            ReleaseTail(flow);
        }
    }

    /// <summary>Forgets the message begun, and says so where it was one; reading goes on at a start line.</summary>
    public void DropTail(TcpFlow flow, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow.Tail is not null)
        {
            if (flow.HasSip || IsInside(flow))
            {
                sink.OnRejected(SipRejection.Truncated, flow.Key.Source, flow.Key.Destination, at);
            }

            ReleaseTail(flow);
        }

        flow.IsMidLine = false; // behind a gap a segment often begins with a message
        flow.WalkedBytes = 0;
        if (IsInside(flow))
        {
            flow.Mode = TcpFlowMode.Seeking;
        }
    }

    /// <summary>Its next byte belongs to something of which the beginning was recognised.</summary>
    private static bool IsInside(TcpFlow flow) => flow.Mode is TcpFlowMode.Framing or TcpFlowMode.Unframing or TcpFlowMode.Unpacking;

    private void ReleaseTail(TcpFlow flow)
    {
        _tails.Return(flow.Tail!);
        flow.Tail = null;
        flow.TailBytes = 0;
    }

    /// <summary>Cuts until bytes are missing; what <paramref name="buffer"/> holds then must be kept.</summary>
    private void Cut(TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink)
    {
        while (flow.Mode switch
        {
            TcpFlowMode.Unframing => TryUnframe(flow, ref buffer, at, sink),
            TcpFlowMode.Unpacking => TryUnpack(flow, ref buffer, at, sink),
            _ => TryFrame(flow, ref buffer, at, sink),
        })
        {
        }
    }

    /// <summary>Reads one message that begins with its start line.</summary>
    /// <returns>False when bytes are missing.</returns>
    private bool TryFrame(TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (!TryFindStartLine(flow, ref buffer, at, sink, out int startLineBytes))
        {
            return flow.Mode is TcpFlowMode.Unframing or TcpFlowMode.Unpacking;
        }

        ReadOnlySequence<byte> behindStartLine = buffer.Slice(startLineBytes);
        FrameResult result = framer(ref buffer, out ReadOnlySequence<byte> message);
        if (result.IsComplete)
        {
            OnSipFound(flow, sink);
            sink.OnMessage(Contiguous(message), flow.Key.Source, flow.Key.Destination, at);
            return true;
        }

        if (result.Rejection == SipRejection.None)
        {
            return false;
        }

        sink.OnRejected(result.Rejection, flow.Key.Source, flow.Key.Destination, at);
        flow.Mode = TcpFlowMode.Seeking;
        buffer = behindStartLine;
        return true;
    }

    /// <summary>Reads one message out of WebSocket frames; whether it is SIP is for the parser to say.</summary>
    /// <returns>False when bytes are missing.</returns>
    private bool TryUnframe(TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink)
    {
        FrameResult result = webSockets.TryCut(flow, ref buffer, out ReadOnlySpan<byte> message);
        if (result.Rejection != SipRejection.None)
        {
            sink.OnRejected(result.Rejection, flow.Key.Source, flow.Key.Destination, at);
            if (result.Rejection is not (SipRejection.BadWebSocketCompression or SipRejection.InflatedTooLarge)) // else frames go on
            {
                flow.Mode = TcpFlowMode.Seeking;
                flow.IsMidLine = false;
            }
        }
        else if (result.IsComplete && !SipParser.IsKeepAlive(message))
        {
            if (SipFramer.LooksLikeStart(message))
            {
                OnSipFound(flow, sink);
            }

            sink.OnMessage(message, flow.Key.Source, flow.Key.Destination, at);
        }

        return result != default;
    }

    /// <summary>Reads one HEP packet; what is in it is for its parser to say.</summary>
    /// <returns>False when bytes are missing.</returns>
    private bool TryUnpack(TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink)
    {
        FrameResult result = HepCutter.TryCut(ref buffer, out ReadOnlySequence<byte> packet);
        if (result.IsComplete)
        {
            flow.IsHep = true;
            OnSipFound(flow, sink);
            sink.OnHep(Contiguous(packet), flow.Key.Source, at);
        }
        else if (result.Rejection != SipRejection.None)
        {
            sink.OnRejected(result.Rejection, flow.Key.Source, flow.Key.Destination, at);
            flow.Mode = TcpFlowMode.Seeking;
        }

        return result != default;
    }

    private static void OnSipFound(TcpFlow flow, ITcpStreamSink sink)
    {
        flow.HasSip = true;
        flow.ProbedBytes = 0;
        if (flow.UntoldGapBytes > 0)
        {
            sink.OnGap(flow.UntoldGapBytes);
            flow.UntoldGapBytes = 0;
        }
    }

    /// <summary>Moves <paramref name="buffer"/> to a start line.</summary>
    /// <returns>False when the buffer holds none; what may become one is left in it.</returns>
    private bool TryFindStartLine(
        TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink, out int startLineBytes)
    {
        startLineBytes = 0;
        if (flow.Mode == TcpFlowMode.Framing)
        {
            SkipKeepAlives(ref buffer);
            if (buffer.IsEmpty)
            {
                return false;
            }

            StartLineMatch match = StartLine.Match(Front(buffer), out startLineBytes);
            if (match == StartLineMatch.Yes)
            {
                return true;
            }

            if (match == StartLineMatch.Perhaps && buffer.Length <= maxProbeBytes)
            {
                return false;
            }

            sink.OnRejected(SipRejection.NotSip, flow.Key.Source, flow.Key.Destination, at);
            flow.Mode = TcpFlowMode.Seeking;
            flow.IsMidLine = false;
        }

        return !buffer.IsEmpty && TrySeek(flow, ref buffer, out startLineBytes);
    }

    private bool TrySeek(TcpFlow flow, ref ReadOnlySequence<byte> buffer, out int startLineBytes)
    {
        ReadOnlySpan<byte> bytes = Contiguous(buffer);
        StartLineMatch packet = hep.Seek(flow, bytes, out int packetAt);
        startLineBytes = 0;
        if (packet == StartLineMatch.Yes)
        {
            flow.Mode = TcpFlowMode.Unpacking;
        }

        if (flow.IsHep)
        {
            hep.OnSkipped(flow, packetAt);
        }

        if (packet != StartLineMatch.No || flow.IsHep)
        {
            buffer = buffer.Slice(packetAt);
            return false;
        }

        StartLineMatch frame = webSockets.Seek(flow, bytes, out int frameAt);
        bool isMidLine = flow.IsMidLine;

        // Also where frames were seen or agreed on: else an HTTP head sent in front would hide the plain SIP behind it.
        StartLineMatch match = StartLine.Seek(bytes, maxProbeBytes, ref isMidLine, out int skippedBytes, out startLineBytes);

        if (frame == StartLineMatch.Yes && (match != StartLineMatch.Yes || frameAt <= skippedBytes))
        {
            flow.IsWebSocket = true;
            flow.Mode = TcpFlowMode.Unframing;
            buffer = buffer.Slice(frameAt);
            return false;
        }

        if (match != StartLineMatch.Yes)
        {
            skippedBytes = Math.Min(skippedBytes, frameAt); // either may begin with what is left
        }

        if (skippedBytes > 0)
        {
            flow.IsMidLine = bytes[skippedBytes - 1] != (byte)'\n';
            buffer = buffer.Slice(skippedBytes);
        }

        if (match == StartLineMatch.Yes)
        {
            flow.Mode = TcpFlowMode.Framing;
            return true;
        }

        if (!flow.HasSip)
        {
            flow.ProbedBytes += skippedBytes;
            if (flow.ProbedBytes > maxProbeBytes)
            {
                flow.Mode = TcpFlowMode.Ignored;
                buffer = buffer.Slice(buffer.End);
            }
        }

        return false;
    }

    /// <summary>Empty lines between messages (RFC 3261 §7.5, RFC 5626 §3.5.1).</summary>
    private static void SkipKeepAlives(ref ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlySpan<byte> front = buffer.FirstSpan;
            int at = front.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            if (at == 0)
            {
                return;
            }

            buffer = buffer.Slice(at < 0 ? front.Length : at);
        }
    }

    /// <summary>Enough of the buffer's beginning to judge its first line, without a copy where it lies in one piece.</summary>
    private ReadOnlySpan<byte> Front(in ReadOnlySequence<byte> buffer) =>
        buffer.IsSingleSegment || buffer.FirstSpan.Contains((byte)'\n')
            ? buffer.FirstSpan
            : Contiguous(buffer.Slice(0, Math.Min(buffer.Length, maxProbeBytes)));

    private ReadOnlySpan<byte> Contiguous(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.FirstSpan;
        }

        int length = (int)bytes.Length; // bounded by the framer's limits
        if (_scratch.Length < length)
        {
            _scratch = new byte[Math.Max(length, TailPipes.BlockBytes)];
        }

        bytes.CopyTo(_scratch);
        return _scratch.AsSpan(0, length);
    }
}
