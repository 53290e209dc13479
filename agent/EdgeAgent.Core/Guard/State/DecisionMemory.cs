using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

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

    public void Save(BinaryWriter writer)
    {
        (ulong Attempt, DateTimeOffset At)[] order = [.. _order.Where(asked => _decisions.TryGetValue(asked.Attempt, out (DateTimeOffset At, GuardHit[]) known) && known.At == asked.At)];
        writer.Write(order.Length);
        foreach ((ulong attempt, DateTimeOffset at) in order)
        {
            GuardHit[] hits = _decisions[attempt].Hits;
            writer.Write(attempt);
            writer.Write(at.UtcTicks);
            writer.Write((byte)hits.Length);
            foreach (GuardHit hit in hits)
            {
                HitState.Save(writer, hit);
            }
        }

        ((NumberKey Number, ulong Person) Key, DateTimeOffset At)[] admitted = [.. _admitted.Notes];
        writer.Write(admitted.Length);
        foreach (((NumberKey number, ulong person), DateTimeOffset at) in admitted)
        {
            number.Save(writer);
            writer.Write(person);
            writer.Write(at.UtcTicks);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            ulong attempt = reader.ReadUInt64();
            DateTimeOffset at = new(reader.ReadInt64(), TimeSpan.Zero);
            GuardHit[] hits = new GuardHit[reader.ReadByte()];
            for (int i = 0; i < hits.Length; i++)
            {
                hits[i] = HitState.Load(reader);
            }

            Remember(attempt, at, hits);
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            NumberKey number = NumberKey.Load(reader);
            ulong person = reader.ReadUInt64();
            _admitted.Note((number, person), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
        }
    }

    /// <summary>An attempt was let through and counted.</summary>
    public void Admit(in GuardFacts facts) => _admitted.Note((facts.Number, facts.PersonKey), facts.At);

    /// <summary>Whether the attempt was let through a moment ago; once.</summary>
    public bool TakeAdmitted(in GuardFacts facts) => _admitted.TakeNear((facts.Number, facts.PersonKey), facts.At);
}
