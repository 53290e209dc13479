using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Which agent line is behind a call on a trunk. A line is a phone and the name it calls under; what it dialled a moment before shows up on
/// the trunk with the same last digits, whatever the dial plan does to the number. Bounded in time and in number; not thread-safe.
/// </summary>
/// <param name="window">How long after the phone dialled the call on the trunk may begin.</param>
/// <param name="capacity">Calls of phones remembered at once; past it the oldest is forgotten.</param>
internal sealed class AgentLines(TimeSpan window, int capacity)
{
    private readonly Dictionary<ulong, Dialled> _byDigits = [];
    private readonly Queue<(ulong Digits, DateTimeOffset At)> _order = new();

    /// <summary>Calls of phones forgotten within the window because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>A phone dials.</summary>
    /// <param name="seat">Its line.</param>
    /// <param name="parties">Whom it calls; ignored where that is no whole number.</param>
    /// <param name="at">Time of the INVITE.</param>
    public void Note(ulong seat, in CallParties parties, DateTimeOffset at)
    {
        if (SubscriberDigits.Of(parties) is not { } digits)
        {
            return;
        }

        while (_order.TryPeek(out (ulong Digits, DateTimeOffset At) oldest) && (at - oldest.At > window || _order.Count >= capacity))
        {
            _order.Dequeue();
            if (_byDigits.TryGetValue(oldest.Digits, out Dialled known) && known.At == oldest.At)
            {
                _byDigits.Remove(oldest.Digits);
                Forgotten += at - oldest.At <= window ? 1 : 0;
            }
        }

        _byDigits[digits] = new Dialled(seat, at);
        _order.Enqueue((digits, at));
    }

    /// <summary>The line that dialled <paramref name="person"/> a moment before <paramref name="at"/>; 0 where none is known.</summary>
    public ulong Find(E164Number person, DateTimeOffset at) =>
        person.IsNumber && _byDigits.TryGetValue(SubscriberDigits.Of(person), out Dialled known) && at >= known.At && at - known.At <= window
            ? known.Seat
            : 0;

    private readonly record struct Dialled(ulong Seat, DateTimeOffset At);
}
