using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Tells an attempt that goes on for one that failed a moment ago from a new call of a human: a PBX that fails over tries the next trunk at
/// once, for the same number and person. Bounded; not thread-safe.
/// </summary>
internal sealed class FailoverMemory
{
    /// <summary>PBXs fail over within milliseconds; nobody dials again that fast.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private const int Capacity = 4_096;

    private readonly Dictionary<(NumberKey Number, E164Number Person), DateTimeOffset> _failed = [];
    private readonly Queue<(NumberKey Number, E164Number Person, DateTimeOffset At)> _order = new();

    /// <summary>An attempt ended as <see cref="Disposition.Failed"/>.</summary>
    public void OnFailed(NumberKey number, E164Number person, DateTimeOffset at)
    {
        if (!person.IsNumber)
        {
            return;
        }

        while (_order.TryPeek(out (NumberKey Number, E164Number Person, DateTimeOffset At) oldest)
            && (at - oldest.At > Window || _order.Count >= Capacity))
        {
            _order.Dequeue();
            if (_failed.GetValueOrDefault((oldest.Number, oldest.Person)) == oldest.At)
            {
                _failed.Remove((oldest.Number, oldest.Person));
            }
        }

        _failed[(number, person)] = at;
        _order.Enqueue((number, person, at));
    }

    /// <summary>Whether an attempt begun at <paramref name="at"/> goes on for one that failed; asked once for each attempt.</summary>
    public bool GoesOn(NumberKey number, E164Number person, DateTimeOffset at) =>
        _failed.Remove((number, person), out DateTimeOffset failedAt) && (at - failedAt).Duration() <= Window;
}
