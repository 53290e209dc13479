using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Which phone's leg is behind a call on a trunk: what it dialled a moment before shows up there with the same last digits, whatever the
/// dial plan does to the number. Bounded in time and in number; not thread-safe.
/// </summary>
/// <param name="window">How long after the phone dialled the call on the trunk may begin.</param>
/// <param name="capacity">Legs remembered at once; past it the oldest is forgotten.</param>
internal sealed class AgentLines(TimeSpan window, int capacity)
{
    private readonly Dictionary<ulong, Dialled> _byDigits = [];
    private readonly Queue<(ulong Digits, DateTimeOffset At)> _order = new();

    /// <summary>Legs forgotten within the window because there were too many.</summary>
    public long Forgotten { get; private set; }

    /// <summary>A phone dials; ignored where that is no whole number. While two lines dial one person nobody can tell whose call is whose.</summary>
    public void Note(Call leg)
    {
        if (SubscriberDigits.Of(leg.Parties) is not { } digits)
        {
            return;
        }

        DateTimeOffset at = leg.Start;
        while (_order.TryPeek(out (ulong Digits, DateTimeOffset At) oldest) && (at - oldest.At > window || _order.Count >= capacity))
        {
            _order.Dequeue();
            if (_byDigits.TryGetValue(oldest.Digits, out Dialled known) && known.At == oldest.At)
            {
                _byDigits.Remove(oldest.Digits);
                Forgotten += at - oldest.At <= window ? 1 : 0;
            }
        }

        bool isContested = _byDigits.TryGetValue(digits, out Dialled other)
            && (other.Leg is null || (other.Leg.Seat != leg.Seat && other.Leg.State != CallState.Ended));
        _byDigits[digits] = new Dialled(isContested ? null : leg, at);
        _order.Enqueue((digits, at));
    }

    /// <summary>The leg, still up, that dialled <paramref name="person"/> a moment before <paramref name="at"/>; null where none is known.</summary>
    public Call? Find(E164Number person, DateTimeOffset at) =>
        person.IsNumber && _byDigits.TryGetValue(SubscriberDigits.Of(person), out Dialled known) && at >= known.At && at - known.At <= window
        && known.Leg is { State: not CallState.Ended } leg
            ? leg
            : null;

    private readonly record struct Dialled(Call? Leg, DateTimeOffset At);
}
