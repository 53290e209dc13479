namespace EdgeAgent.Core.Packets;

/// <summary>
/// Puts TCP segments in order, each direction for itself, and cuts SIP messages from them. Pure: time is that of the
/// packets. Every direction, waiting segment and byte is bounded by <see cref="TcpLimits"/>. One thread.
/// </summary>
/// <param name="framer">Decides where a message ends.</param>
/// <param name="limits">Bounds.</param>
/// <param name="maxMessageBytes">Longest message in WebSocket frames; the framer bounds all others.</param>
/// <param name="readsHep">HEP version 3 is taken off streams that begin with it.</param>
public sealed class TcpReassembler(StreamFramer framer, TcpLimits limits, int maxMessageBytes, bool readsHep = false)
{
    /// <summary>
    /// A segment this far from the expected byte is no loss and no late copy: no SIP window is that wide. The port pair is
    /// in use again and its SYN was not captured.
    /// </summary>
    private const int MaxJumpBytes = 1_048_576;

    private readonly StreamCutter _cutter = new(
        framer, limits.MaxProbeBytes, new WebSocketCutter(maxMessageBytes, limits.MaxProbeBytes, limits.MaxInflaters), new HepCutter(readsHep, limits.MaxProbeBytes));
    private readonly TcpFlowTable _flows = new(limits.MaxFlows);

    /// <summary>Directions forgotten because the table was full.</summary>
    public long Evictions { get; private set; }

    /// <summary>Directions followed now.</summary>
    public int Flows => _flows.Count;

    /// <summary>Bytes that wait now, for an earlier segment or for the rest of a message.</summary>
    public long BufferedBytes => _flows.BufferedBytes;

    /// <summary>Takes one segment and hands over every message that becomes whole with it.</summary>
    /// <param name="segment">A TCP segment; its payload is not kept.</param>
    /// <param name="at">Its capture time.</param>
    /// <param name="sink">Takes the messages; must not call back into this object.</param>
    public void OnSegment(in TransportPacket segment, DateTimeOffset at, ITcpStreamSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Advance(at, sink);
        TcpFlowKey key = new(segment.Source, segment.Destination);
        if (_flows.LongestWaiting is not null && (segment.Control & TcpControl.Ack) != 0)
        {
            OnAcknowledged(_flows.Find(key.Reverse), segment.Acknowledgement, at, sink);
        }

        TcpFlow? flow = _flows.Find(key);
        uint sequence = segment.Sequence;
        bool isFin = (segment.Control & TcpControl.Fin) != 0;
        if ((segment.Control & TcpControl.Rst) != 0)
        {
            OnReset(flow, sequence, at, sink);
            return;
        }

        if ((segment.Control & TcpControl.Syn) != 0)
        {
            sequence++; // SYN takes a number of its own
            flow = OnSyn(flow, key, sequence, at, sink);
        }
        else if (flow is null && !segment.Payload.IsEmpty)
        {
            flow = Add(key, at, sink);
        }

        if (flow is null)
        {
            return;
        }

        _flows.Touch(flow, at);
        if ((!segment.Payload.IsEmpty || isFin) && TryPlace(flow, segment, sequence, at, sink))
        {
            Order(flow, segment, sequence, isFin, at, sink);
            _flows.Charge(flow);
            EnforceTotal(at, sink);
        }
    }

    /// <summary>Gives up what has waited too long: missing segments, and directions that have fallen silent.</summary>
    public void Advance(DateTimeOffset at, ITcpStreamSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (_flows.LongestWaiting is { } waiting && at - waiting.WaitingSince >= limits.MaxHold)
        {
            SkipGap(waiting, at, sink);
            _flows.Charge(waiting);
        }

        while (_flows.Oldest is { } idle && at - idle.LastSeen >= limits.MaxIdle)
        {
            Forget(idle, at, sink);
        }
    }

    /// <summary>The capture is over: gaps are skipped, messages begun are reported, every direction is forgotten.</summary>
    public void Complete(DateTimeOffset at, ITcpStreamSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (_flows.Oldest is { } flow)
        {
            Forget(flow, at, sink);
        }
    }

    /// <summary>RFC 5961 §3.2: only a reset with the very next number is one; all others are noise or an attack.</summary>
    private void OnReset(TcpFlow? flow, uint sequence, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow is null || !flow.IsAnchored || flow.Next != sequence)
        {
            return;
        }

        if (_flows.Find(flow.Key.Reverse) is { } reverse)
        {
            Forget(reverse, at, sink);
        }

        Forget(flow, at, sink);
    }

    private TcpFlow OnSyn(TcpFlow? flow, TcpFlowKey key, uint start, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow is not null)
        {
            if (flow.Start == start)
            {
                return flow; // the same SYN again
            }

            Forget(flow, at, sink);
        }

        flow = Add(key, at, sink);
        flow.Begin(start);
        return flow;
    }

    /// <summary>Makes sure that the flow knows where it stands.</summary>
    /// <returns>False when the segment is of no interest.</returns>
    private bool TryPlace(TcpFlow flow, in TransportPacket segment, uint sequence, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow.Mode == TcpFlowMode.Ignored)
        {
            if (!_cutter.IsLikely(segment.Payload.Span))
            {
                return false;
            }

            flow.Mode = TcpFlowMode.Seeking; // the probe fell into a long body: this is SIP after all
            flow.ProbedBytes = 0;
            flow.IsMidLine = false;
            flow.MoveTo(sequence);
            return true;
        }

        if (!flow.IsAnchored)
        {
            flow.MoveTo(sequence);
        }
        else if (Math.Abs((long)flow.Ahead(sequence)) > MaxJumpBytes)
        {
            Restart(flow, sequence, at, sink);
        }

        return flow.Mode != TcpFlowMode.Closed;
    }

    private void Restart(TcpFlow flow, uint sequence, DateTimeOffset at, ITcpStreamSink sink)
    {
        ReleaseHeld(flow, at, sink);
        _cutter.DropTail(flow, at, sink);
        flow.Mode = TcpFlowMode.Seeking;
        flow.MoveTo(sequence);
    }

    private void Order(
        TcpFlow flow, in TransportPacket segment, uint sequence, bool isFin, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow.Ahead(sequence) > 0)
        {
            flow.Held.Add(sequence, segment.Payload.Span, isFin, at);
            if (!flow.IsWaiting)
            {
                _flows.WaitFrom(flow, at);
            }

            while (flow.Held.Count > limits.MaxHeldSegments || flow.Held.Bytes > limits.MaxHeldBytes)
            {
                SkipGap(flow, at, sink);
            }

            return;
        }

        Accept(flow, sequence, segment.Payload, isFin, at, sink);
        if (segment.IsCut && flow.Mode is not (TcpFlowMode.Ignored or TcpFlowMode.Closed))
        {
            OnGap(flow, 1, sink); // how much the snap length took is not known here
            _cutter.DropTail(flow, at, sink);
            flow.LoseAnchor();
        }
        else if (flow.Held.Count > 0)
        {
            int held = flow.Held.Count;
            Drain(flow, at, sink);
            if (flow.Held.Count > 0 && flow.Held.Count < held)
            {
                _flows.WaitFrom(flow, at); // the next gap has its own time
            }
        }
    }

    /// <summary>Reads what is new in bytes that begin at or before the next one.</summary>
    private void Accept(
        TcpFlow flow, uint sequence, ReadOnlyMemory<byte> bytes, bool isFin, DateTimeOffset at, ITcpStreamSink sink)
    {
        int known = -flow.Ahead(sequence);
        if (known > bytes.Length || flow.Mode == TcpFlowMode.Closed)
        {
            return;
        }

        ReadOnlyMemory<byte> fresh = bytes[known..];
        flow.MoveTo(flow.Next + (uint)fresh.Length);
        if (!fresh.IsEmpty && flow.Mode != TcpFlowMode.Ignored)
        {
            _cutter.OnBytes(flow, fresh, at, sink);
        }

        if (isFin)
        {
            _cutter.DropTail(flow, at, sink);
            flow.Mode = TcpFlowMode.Closed; // kept, so that late copies are known as such
        }
    }

    /// <summary>Reads the waiting segments whose turn has come, at <paramref name="at"/>: the time the receiver got them.</summary>
    private void Drain(TcpFlow flow, DateTimeOffset? at, ITcpStreamSink sink)
    {
        while (flow.Held.Count > 0 && flow.Ahead(flow.Held.First.Sequence) <= 0)
        {
            HeldSegment next = flow.Held.Take();
            Accept(flow, next.Sequence, next.Bytes, next.IsFin, at ?? next.At, sink);
            next.Return();
        }

        if (flow.Mode is TcpFlowMode.Ignored or TcpFlowMode.Closed)
        {
            flow.Held.Clear();
        }

        if (flow.Held.Count == 0)
        {
            _flows.StopWaiting(flow);
        }
    }

    /// <summary>The receiver has what is missing here: waiting on would only let the two directions fall apart in time.</summary>
    private void OnAcknowledged(TcpFlow? flow, uint acknowledgement, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (flow is { IsWaiting: true } && at - flow.WaitingSince >= limits.MinHold
            && unchecked((int)(acknowledgement - flow.Held.First.Sequence)) >= 0)
        {
            SkipGap(flow, at, sink);
            _flows.Charge(flow);
        }
    }

    /// <summary>Gives up the missing bytes before the first waiting segment, which is read at its own capture time.</summary>
    private void SkipGap(TcpFlow flow, DateTimeOffset at, ITcpStreamSink sink)
    {
        _flows.WaitFrom(flow, at);
        HeldSegment first = flow.Held.First;
        OnGap(flow, flow.Ahead(first.Sequence), sink);
        _cutter.DropTail(flow, first.At, sink);
        flow.MoveTo(first.Sequence);
        Drain(flow, at: null, sink);
    }

    private static void OnGap(TcpFlow flow, long bytes, ITcpStreamSink sink)
    {
        if (flow.HasSip)
        {
            sink.OnGap(bytes);
        }
        else
        {
            flow.UntoldGapBytes += bytes;
        }
    }

    private void ReleaseHeld(TcpFlow flow, DateTimeOffset at, ITcpStreamSink sink)
    {
        while (flow.Held.Count > 0)
        {
            SkipGap(flow, at, sink);
        }
    }

    private TcpFlow Add(in TcpFlowKey key, DateTimeOffset at, ITcpStreamSink sink)
    {
        if (_flows.IsFull && _flows.Oldest is { } oldest)
        {
            Evictions++;
            Forget(oldest, at, sink);
        }

        return _flows.Add(key, at);
    }

    private void Forget(TcpFlow flow, DateTimeOffset at, ITcpStreamSink sink)
    {
        ReleaseHeld(flow, at, sink);
        _cutter.DropTail(flow, at, sink);
        _flows.Remove(flow);
    }

    private void EnforceTotal(DateTimeOffset at, ITcpStreamSink sink)
    {
        while (BufferedBytes > limits.MaxBufferedBytes && _flows.LongestBuffering is { } longest)
        {
            ReleaseHeld(longest, at, sink);
            _cutter.DropTail(longest, at, sink);
            _flows.Charge(longest);
        }
    }
}
