using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>
/// The decompressors of all directions, some 48 KiB each. Past their number the one used longest ago is given up: its direction goes on
/// without what came before, which is counted where a message refers to it. Not thread-safe.
/// </summary>
/// <param name="capacity">Decompressors at most.</param>
/// <param name="maxMessageBytes">Longest message.</param>
internal sealed class WebSocketInflaters(int capacity, int maxMessageBytes)
{
    private readonly List<WebSocketInflater> _all = [];
    private byte[] _message = [];
    private long _turn;

    /// <summary>Decompresses one message.</summary>
    /// <param name="flow">Its direction.</param>
    /// <param name="compressed">Payload with room for <see cref="WebSocketInflater.TailBytes"/> behind it.</param>
    /// <param name="length">Length of the payload.</param>
    /// <param name="message">Valid until the next call.</param>
    public SipRejection TryInflate(TcpFlow flow, byte[] compressed, int length, out ReadOnlySpan<byte> message)
    {
        WebSocketInflater inflater = flow.Inflater ?? Add(flow);
        inflater.LastTurn = ++_turn;
        SipRejection rejection = inflater.Inflate(compressed, length, ref _message, maxMessageBytes, out int messageBytes);
        message = _message.AsSpan(0, rejection == SipRejection.None ? messageBytes : 0);
        return rejection;
    }

    /// <summary>Decompresses one message without what came before; a direction that is not read yet costs nothing more.</summary>
    public bool TryProbe(TcpFlow flow, byte[] compressed, int length, out ReadOnlySpan<byte> message)
    {
        using WebSocketInflater probe = new() { Flow = flow };
        SipRejection rejection = probe.Inflate(compressed, length, ref _message, maxMessageBytes, out int messageBytes);
        message = _message.AsSpan(0, rejection == SipRejection.None ? messageBytes : 0);
        return rejection == SipRejection.None;
    }

    private WebSocketInflater Add(TcpFlow flow)
    {
        if (_all.Count >= capacity)
        {
            WebSocketInflater oldest = _all.MinBy(each => each.LastTurn)!;
            oldest.Flow.Inflater = null;
            oldest.Dispose();
            _all.Remove(oldest);
        }

        WebSocketInflater inflater = new() { Flow = flow };
        _all.Add(inflater);
        flow.Inflater = inflater;
        return inflater;
    }
}
