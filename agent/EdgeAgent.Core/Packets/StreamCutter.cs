using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// Cuts messages from bytes that are in order. Whole messages are read where the segment lies; only what is left over
/// goes into a pipe, which is given back as soon as it is empty.
/// </summary>
/// <param name="framer">Decides where a message ends.</param>
/// <param name="maxProbeBytes">Bytes without a start line after which a direction is another protocol.</param>
internal sealed class StreamCutter(StreamFramer framer, int maxProbeBytes)
{
    /// <summary>Block size of a pipe: holds nearly every SIP message in one piece.</summary>
    public const int TailBlockBytes = 4_096;

    private const int MaxSparePipes = 64;

    private static readonly PipeOptions TailOptions = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 0, // never waits: size is bounded by the framer's limits and MaxBufferedBytes
        resumeWriterThreshold: 0,
        minimumSegmentSize: TailBlockBytes,
        useSynchronizationContext: false);

    private readonly Stack<Pipe> _spare = new();
    private byte[] _scratch = [];

    /// <summary>Reads on in <paramref name="flow"/>.</summary>
    public void OnBytes(TcpFlow flow, ReadOnlyMemory<byte> bytes, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow.Tail is null)
        {
            ReadOnlySequence<byte> segment = new(bytes);
            Cut(flow, ref segment, at, sink);
            if (!segment.IsEmpty)
            {
                flow.Tail = _spare.TryPop(out Pipe? spare) ? spare : new Pipe(TailOptions);
                Write(flow.Tail.Writer, segment.FirstSpan);
                flow.TailBytes = segment.Length;
            }

            return;
        }

        Write(flow.Tail.Writer, bytes.Span);
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
            if (flow.HasSip || flow.Mode == TcpFlowMode.Framing)
            {
                sink.OnRejected(SipRejection.Truncated, flow.Key.Source, flow.Key.Destination, at);
            }

            ReleaseTail(flow);
        }

        flow.IsMidLine = false; // behind a gap a segment often begins with a message
        if (flow.Mode == TcpFlowMode.Framing)
        {
            flow.Mode = TcpFlowMode.Seeking;
        }
    }

    private static void Write(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes);
        ValueTask<FlushResult> flush = writer.FlushAsync();
        Debug.Assert(flush.IsCompletedSuccessfully, "without a threshold a flush never waits");
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
        }
    }

    private void ReleaseTail(TcpFlow flow)
    {
        Pipe pipe = flow.Tail!;
        flow.Tail = null;
        flow.TailBytes = 0;
        pipe.Writer.Complete();
        pipe.Reader.Complete();
        if (_spare.Count < MaxSparePipes)
        {
            pipe.Reset();
            _spare.Push(pipe);
        }
    }

    /// <summary>Cuts until bytes are missing; what <paramref name="buffer"/> holds then must be kept.</summary>
    private void Cut(TcpFlow flow, ref ReadOnlySequence<byte> buffer, DateTimeOffset at, ITcpStreamSink sink)
    {
        while (TryFindStartLine(flow, ref buffer, at, sink, out int startLineBytes))
        {
            ReadOnlySequence<byte> behindStartLine = buffer.Slice(startLineBytes);
            FrameResult result = framer(ref buffer, out ReadOnlySequence<byte> message);
            if (result.IsComplete)
            {
                OnSipFound(flow, sink);
                sink.OnMessage(Contiguous(message), flow.Key.Source, flow.Key.Destination, at);
            }
            else if (result.Rejection == SipRejection.None)
            {
                return;
            }
            else
            {
                sink.OnRejected(result.Rejection, flow.Key.Source, flow.Key.Destination, at);
                flow.Mode = TcpFlowMode.Seeking;
                buffer = behindStartLine;
            }
        }
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
        bool isMidLine = flow.IsMidLine;
        StartLineMatch match = StartLine.Seek(bytes, maxProbeBytes, ref isMidLine, out int skippedBytes, out startLineBytes);
        flow.IsMidLine = isMidLine;
        buffer = buffer.Slice(skippedBytes);
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
            _scratch = new byte[Math.Max(length, TailBlockBytes)];
        }

        bytes.CopyTo(_scratch);
        return _scratch.AsSpan(0, length);
    }
}
