namespace EdgeAgent.Core.Packets;

/// <summary>The directions that are followed, and the three orders in which they are given up.</summary>
/// <param name="capacity">Directions at most.</param>
internal sealed class TcpFlowTable(int capacity)
{
    private readonly Dictionary<TcpFlowKey, TcpFlow> _flows = [];
    private readonly LinkedList<TcpFlow> _recent = new();
    private readonly LinkedList<TcpFlow> _waiting = new();
    private readonly LinkedList<TcpFlow> _buffering = new();

    public int Count => _flows.Count;

    public bool IsFull => _flows.Count >= capacity;

    /// <summary>Bytes held by all directions together.</summary>
    public long BufferedBytes { get; private set; }

    /// <summary>The direction whose last segment is oldest.</summary>
    public TcpFlow? Oldest => _recent.First?.Value;

    /// <summary>The direction whose gap is oldest.</summary>
    public TcpFlow? LongestWaiting => _waiting.First?.Value;

    /// <summary>The direction whose held bytes changed longest ago.</summary>
    public TcpFlow? LongestBuffering => _buffering.First?.Value;

    public TcpFlow? Find(in TcpFlowKey key) => _flows.GetValueOrDefault(key);

    /// <summary>The caller has made room.</summary>
    public TcpFlow Add(in TcpFlowKey key, DateTimeOffset at)
    {
        TcpFlow flow = new(key) { LastSeen = at };
        _flows.Add(key, flow);
        _recent.AddLast(flow.Recent);
        return flow;
    }

    /// <summary>The caller has emptied it.</summary>
    public void Remove(TcpFlow flow)
    {
        Charge(flow);
        StopWaiting(flow);
        _recent.Remove(flow.Recent);
        _flows.Remove(flow.Key);
    }

    public void Touch(TcpFlow flow, DateTimeOffset at)
    {
        flow.LastSeen = at;
        if (flow.Recent.Next is not null)
        {
            _recent.Remove(flow.Recent);
            _recent.AddLast(flow.Recent);
        }
    }

    /// <summary>A gap begins, or another one takes its place.</summary>
    public void WaitFrom(TcpFlow flow, DateTimeOffset at)
    {
        StopWaiting(flow);
        flow.WaitingSince = at;
        _waiting.AddLast(flow.Waiting);
    }

    public void StopWaiting(TcpFlow flow)
    {
        if (flow.IsWaiting)
        {
            _waiting.Remove(flow.Waiting);
        }
    }

    /// <summary>Brings the total up to date with what the flow holds now; a pipe costs a block at least.</summary>
    public void Charge(TcpFlow flow)
    {
        long bytes = flow.Held.Bytes
            + (flow.Tail is null ? 0 : Math.Max(flow.TailBytes, TailPipes.BlockBytes));
        if (bytes == flow.ChargedBytes)
        {
            return;
        }

        BufferedBytes += bytes - flow.ChargedBytes;
        flow.ChargedBytes = bytes;
        if (flow.Buffering.List is not null)
        {
            _buffering.Remove(flow.Buffering);
        }

        if (bytes > 0)
        {
            _buffering.AddLast(flow.Buffering);
        }
    }
}
