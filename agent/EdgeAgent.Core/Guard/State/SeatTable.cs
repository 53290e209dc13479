namespace EdgeAgent.Core.Guard.State;

/// <summary>Calls of agent lines: how many at once, and how often a line dials again faster than a hand can. Bounded; not thread-safe.</summary>
/// <param name="maxSeats">Lines kept; one that has no call is forgotten first.</param>
public sealed class SeatTable(int maxSeats)
{
    private readonly Dictionary<ulong, Seat> _seats = [];

    /// <summary>Calls up on a line.</summary>
    public int CallsOf(ulong seat) => _seats.TryGetValue(seat, out Seat? known) ? known.Calls : 0;

    /// <summary>Quick redials of a line in the sixty minutes before <paramref name="minute"/>.</summary>
    public uint QuickRedialsOf(ulong seat, uint minute) => _seats.TryGetValue(seat, out Seat? known) ? known.Quick.SumAt(minute) : 0;

    /// <summary>Whether an attempt now comes this soon after the line's last call ended.</summary>
    public bool IsQuick(ulong seat, DateTimeOffset at, TimeSpan within) =>
        _seats.TryGetValue(seat, out Seat? known) && known.Calls == 0 && at >= known.LastEnd && at - known.LastEnd < within;

    /// <summary>An attempt of a line begins.</summary>
    public void OnAttempt(ulong seat, DateTimeOffset at, TimeSpan quick)
    {
        if (!_seats.TryGetValue(seat, out Seat? known))
        {
            if (_seats.Count >= maxSeats && !ForgetIdle(at))
            {
                return;
            }

            _seats.Add(seat, known = new Seat());
        }

        if (IsQuick(seat, at, quick))
        {
            known.Quick.Add(GuardMinutes.Of(at));
        }

        known.Calls++;
    }

    /// <summary>A known line is busy again with the call it had just now.</summary>
    public void Resume(ulong seat)
    {
        if (_seats.TryGetValue(seat, out Seat? known))
        {
            known.Calls++;
        }
    }

    /// <summary>A call of a line is over, answered or not.</summary>
    public void OnEnded(ulong seat, DateTimeOffset at)
    {
        if (_seats.TryGetValue(seat, out Seat? known) && known.Calls > 0)
        {
            known.Calls--;
            known.LastEnd = at > known.LastEnd ? at : known.LastEnd;
        }
    }

    /// <summary>Nobody knows which calls are still up: none is held against a line.</summary>
    public void FreeAll()
    {
        foreach (Seat seat in _seats.Values)
        {
            seat.Calls = 0;
        }
    }

    /// <summary>Begins to count anew with the calls that are still there.</summary>
    /// <param name="busy">One entry for each call.</param>
    internal void Recount(IEnumerable<ulong> busy)
    {
        FreeAll();
        foreach (ulong seat in busy)
        {
            Resume(seat);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_seats.Count);
        foreach ((ulong seat, Seat known) in _seats)
        {
            writer.Write(seat);
            writer.Write(known.Calls);
            writer.Write(known.LastEnd.UtcTicks);
            known.Quick.Save(writer);
        }
    }

    internal void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            Seat seat = new();
            _seats[reader.ReadUInt64()] = seat;
            seat.Calls = reader.ReadInt32();
            seat.LastEnd = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            seat.Quick.Load(reader);
        }
    }

    private bool ForgetIdle(DateTimeOffset at)
    {
        ulong[] idle = [.. _seats.Where(seat => seat.Value.Calls == 0 && at - seat.Value.LastEnd > TimeSpan.FromHours(1)).Select(seat => seat.Key)];
        foreach (ulong seat in idle)
        {
            _seats.Remove(seat);
        }

        return idle.Length > 0;
    }

    private sealed class Seat
    {
        private MinuteRing _quick;

        public int Calls { get; set; }

        public DateTimeOffset LastEnd { get; set; }

        public ref MinuteRing Quick => ref _quick;
    }
}
