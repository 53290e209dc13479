using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// Verdicts given a moment ago, so that a copy of an attempt gets the same one, and an attempt that was let through is not counted again
/// when it is seen on the wire. Bounded in time and number; not thread-safe.
/// </summary>
internal sealed class DecisionMemory
{
    /// <summary>64·T1 of RFC 3261: no copy of a request comes later.</summary>
    private static readonly TimeSpan Copies = TimeSpan.FromSeconds(32);

    /// <summary>A PBX that was let through dials at once.</summary>
    private static readonly TimeSpan Dialling = TimeSpan.FromSeconds(10);

    private const int Capacity = 8_192;

    private readonly Dictionary<ulong, (DateTimeOffset At, GuardHit[] Hits)> _decisions = [];
    private readonly Queue<(ulong Attempt, DateTimeOffset At)> _order = new();
    private readonly RecentTimes<(NumberKey Number, ulong Person)> _admitted = new(Dialling, Capacity);

    /// <summary>The verdict on a copy of the attempt.</summary>
    public bool TryFind(ulong attempt, DateTimeOffset at, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out GuardHit[]? hits)
    {
        bool isKnown = _decisions.TryGetValue(attempt, out (DateTimeOffset At, GuardHit[] Hits) known) && (at - known.At).Duration() <= Copies;
        hits = isKnown ? known.Hits : null;
        return isKnown;
    }

    /// <summary>Remembers a verdict.</summary>
    public void Remember(ulong attempt, DateTimeOffset at, ReadOnlySpan<GuardHit> hits)
    {
        if (attempt == 0)
        {
            return;
        }

        while (_order.TryPeek(out (ulong Attempt, DateTimeOffset At) oldest) && (at - oldest.At > Copies || _order.Count >= Capacity))
        {
            _order.Dequeue();
            if (_decisions.TryGetValue(oldest.Attempt, out (DateTimeOffset At, GuardHit[]) known) && known.At == oldest.At)
            {
                _decisions.Remove(oldest.Attempt);
            }
        }

        _decisions[attempt] = (at, hits.IsEmpty ? [] : hits.ToArray());
        _order.Enqueue((attempt, at));
    }

    /// <summary>An attempt was let through and counted.</summary>
    public void Admit(in GuardFacts facts) => _admitted.Note((facts.Number, facts.PersonKey), facts.At);

    /// <summary>Whether the attempt was let through a moment ago; once.</summary>
    public bool TakeAdmitted(in GuardFacts facts) => _admitted.TakeNear((facts.Number, facts.PersonKey), facts.At);
}
