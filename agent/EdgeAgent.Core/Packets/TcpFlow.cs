using System.IO.Pipelines;

namespace EdgeAgent.Core.Packets;

/// <summary>What is known about the bytes of one direction.</summary>
internal enum TcpFlowMode
{
    /// <summary>Looking for a start line: the stream was just met, has a gap, or held something refused.</summary>
    Seeking = 0,

    /// <summary>The next byte begins a message.</summary>
    Framing,

    /// <summary>The next byte begins a WebSocket frame.</summary>
    Unframing,

    /// <summary>The next byte begins a HEP packet.</summary>
    Unpacking,

    /// <summary>Another protocol; only a segment that begins like a SIP message is looked at again.</summary>
    Ignored,

    /// <summary>FIN was reached; late copies are not read again.</summary>
    Closed,
}

/// <summary>Key of one direction of a connection.</summary>
internal readonly record struct TcpFlowKey(IpEndpoint Source, IpEndpoint Destination)
{
    public TcpFlowKey Reverse => new(Destination, Source);

    /// <summary>Seeded per process (<see cref="HashCode"/>): peers choose addresses and ports.</summary>
    public override int GetHashCode() => HashCode.Combine(
        (ulong)Source.Address,
        (ulong)(Source.Address >> 64),
        (ulong)Destination.Address,
        (ulong)(Destination.Address >> 64),
        (Source.Port << 16) | Destination.Port);
}

/// <summary>State of one direction of a TCP connection. Owned by <see cref="TcpReassembler"/>, one thread.</summary>
internal sealed class TcpFlow
{
    public TcpFlow(TcpFlowKey key)
    {
        Key = key;
        Recent = new LinkedListNode<TcpFlow>(this);
        Waiting = new LinkedListNode<TcpFlow>(this);
        Buffering = new LinkedListNode<TcpFlow>(this);
    }

    public TcpFlowKey Key { get; }

    public TcpFlowMode Mode { get; set; }

    /// <summary>False until a segment tells where the stream stands.</summary>
    public bool IsAnchored { get; private set; }

    /// <summary>Sequence number of the next byte in order.</summary>
    public uint Next { get; private set; }

    /// <summary>First sequence number behind SYN, null when the capture began later.</summary>
    public uint? Start { get; private set; }

    /// <summary>A whole message was read: gaps and refusals matter from here on.</summary>
    public bool HasSip { get; set; }

    /// <summary>SIP comes in WebSocket frames here; once known it stays so.</summary>
    public bool IsWebSocket { get; set; }

    /// <summary>SIP comes in HEP packets here.</summary>
    public bool IsHep { get; set; }

    /// <summary>Its messages may be compressed: agreed on when it was opened (RFC 7692).</summary>
    public bool IsDeflated { get; set; }

    /// <summary>Decompresses its messages; null until one is.</summary>
    public WebSocketInflater? Inflater { get; set; }

    /// <summary>Bytes of unread whole frames: those of a message whose last frame is still to come.</summary>
    public long WalkedBytes { get; set; }

    /// <summary>Missing bytes of a stream that is not known to be SIP yet: told with its first message, or never.</summary>
    public long UntoldGapBytes { get; set; }

    /// <summary>Bytes looked at without finding a message.</summary>
    public int ProbedBytes { get; set; }

    /// <summary>The last byte seen while seeking was not the end of a line.</summary>
    public bool IsMidLine { get; set; }

    /// <summary>Beginning of a message whose rest is still to come; null while there is none.</summary>
    public Pipe? Tail { get; set; }

    public long TailBytes { get; set; }

    public HeldSegments Held { get; } = new();

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>When the present gap was met.</summary>
    public DateTimeOffset WaitingSince { get; set; }

    /// <summary>Segments are held behind a gap.</summary>
    public bool IsWaiting => Waiting.List is not null;

    /// <summary>Bytes last added to the total of all directions.</summary>
    public long ChargedBytes { get; set; }

    /// <summary>Place among all directions, by last segment.</summary>
    public LinkedListNode<TcpFlow> Recent { get; }

    /// <summary>Place among directions with a gap, by <see cref="WaitingSince"/>.</summary>
    public LinkedListNode<TcpFlow> Waiting { get; }

    /// <summary>Place among directions that hold bytes, by last change.</summary>
    public LinkedListNode<TcpFlow> Buffering { get; }

    public void Begin(uint start)
    {
        Start = start;
        MoveTo(start);
    }

    public void MoveTo(uint next)
    {
        Next = next;
        IsAnchored = true;
    }

    public void LoseAnchor() => IsAnchored = false;

    /// <summary>Signed distance of <paramref name="sequence"/> from the next byte, right across the wrap (RFC 9293 §3.4).</summary>
    public int Ahead(uint sequence) => unchecked((int)(sequence - Next));
}
