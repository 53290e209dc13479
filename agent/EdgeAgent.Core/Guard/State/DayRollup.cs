namespace EdgeAgent.Core.Guard.State;

/// <summary>What guards remember of a number's civil day, Europe/Paris. Sums only, so that days add up.</summary>
public struct DayRollup
{
    /// <summary>Day number (<see cref="DateOnly.DayNumber"/>).</summary>
    public int Day { get; set; }

    /// <summary>Outbound attempts.</summary>
    public uint Attempts { get; set; }

    /// <summary>Those answered.</summary>
    public uint Answered { get; set; }

    /// <summary>Those that reached the person's end: answered, busy, not answered, refused there (NER, ITU-T E.425).</summary>
    public uint Reached { get; set; }

    /// <summary>403 and 603.</summary>
    public uint Refused { get; set; }

    /// <summary>Reports of spam: 607, 608, network blocks, and those imported.</summary>
    public uint Reports { get; set; }

    /// <summary>Answered calls whose end is known.</summary>
    public uint Ended { get; set; }

    /// <summary>Those below 10 s.</summary>
    public uint ShortCalls { get; set; }

    /// <summary>Call-backs.</summary>
    public uint CallBacks { get; set; }

    /// <summary>Those answered.</summary>
    public uint CallBacksAnswered { get; set; }

    /// <summary>Those that found nobody: 404, 480.</summary>
    public uint CallBacksUnreachable { get; set; }

    /// <summary>Talk time of <see cref="Ended"/> in seconds.</summary>
    public ulong TalkSeconds { get; set; }

    /// <summary>Sum of squares of it, for the spread.</summary>
    public ulong TalkSquares { get; set; }

    /// <summary>Attempts without answer, open ones among them.</summary>
    public readonly uint Unanswered => Attempts > Answered ? Attempts - Answered : 0;

    /// <summary>Adds every sum of <paramref name="other"/>.</summary>
    public void Add(in DayRollup other)
    {
        Attempts += other.Attempts;
        Answered += other.Answered;
        Reached += other.Reached;
        Refused += other.Refused;
        Reports += other.Reports;
        Ended += other.Ended;
        ShortCalls += other.ShortCalls;
        CallBacks += other.CallBacks;
        CallBacksAnswered += other.CallBacksAnswered;
        CallBacksUnreachable += other.CallBacksUnreachable;
        TalkSeconds += other.TalkSeconds;
        TalkSquares += other.TalkSquares;
    }

    internal readonly void Save(BinaryWriter writer)
    {
        writer.Write(Day);
        foreach (uint count in (ReadOnlySpan<uint>)[Attempts, Answered, Reached, Refused, Reports, Ended, ShortCalls, CallBacks, CallBacksAnswered, CallBacksUnreachable])
        {
            writer.Write7BitEncodedInt64(count);
        }

        writer.Write7BitEncodedInt64((long)TalkSeconds);
        writer.Write7BitEncodedInt64((long)TalkSquares);
    }

    internal static DayRollup Load(BinaryReader reader) => new()
    {
        Day = reader.ReadInt32(),
        Attempts = Count(reader),
        Answered = Count(reader),
        Reached = Count(reader),
        Refused = Count(reader),
        Reports = Count(reader),
        Ended = Count(reader),
        ShortCalls = Count(reader),
        CallBacks = Count(reader),
        CallBacksAnswered = Count(reader),
        CallBacksUnreachable = Count(reader),
        TalkSeconds = (ulong)reader.Read7BitEncodedInt64(),
        TalkSquares = (ulong)reader.Read7BitEncodedInt64(),
    };

    private static uint Count(BinaryReader reader) => (uint)reader.Read7BitEncodedInt64();
}

/// <summary>The days of one number on which anything happened, the last 36 of the calendar. Not thread-safe.</summary>
public sealed class DayHistory
{
    /// <summary>Days kept: seven whole ones, the 28 before them, and today.</summary>
    public const int Days = 36;

    private DayRollup[] _days = [];
    private int _count;

    /// <summary>Days held, ascending.</summary>
    public ReadOnlySpan<DayRollup> All => _days.AsSpan(0, _count);

    /// <summary>The rollup of a day, made when there is none; a day behind all that is kept is counted in the oldest.</summary>
    public ref DayRollup Of(int day)
    {
        int at = _count;
        while (at > 0 && _days[at - 1].Day > day)
        {
            at--;
        }

        if (at > 0 && _days[at - 1].Day == day)
        {
            return ref _days[at - 1];
        }

        if (at == 0 && _count > 0 && _days[_count - 1].Day - day >= Days)
        {
            return ref _days[0];
        }

        return ref Insert(at, day);
    }

    /// <summary>The rollup of a day; zeros when nothing happened.</summary>
    public DayRollup Find(int day)
    {
        for (int i = _count - 1; i >= 0 && _days[i].Day >= day; i--)
        {
            if (_days[i].Day == day)
            {
                return _days[i];
            }
        }

        return new DayRollup { Day = day };
    }

    /// <summary>Sum over days from <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <param name="first">First day number.</param>
    /// <param name="last">Last day number.</param>
    /// <param name="unseen">Days left out because too little of them was observed; null for none.</param>
    public DayRollup Sum(int first, int last, BlindDays? unseen = null)
    {
        DayRollup sum = new() { Day = last };
        for (int i = _count - 1; i >= 0 && _days[i].Day >= first; i--)
        {
            if (_days[i].Day <= last && unseen?.Contains(_days[i].Day) != true)
            {
                sum.Add(_days[i]);
            }
        }

        return sum;
    }

    /// <summary>Days after <paramref name="day"/>, the clock having been set back, become part of it.</summary>
    internal void SetBack(int day)
    {
        while (_count > 0 && _days[_count - 1].Day > day)
        {
            DayRollup later = _days[--_count];
            Of(day).Add(later);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        foreach (DayRollup day in All)
        {
            day.Save(writer);
        }
    }

    internal void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            DayRollup day = DayRollup.Load(reader);
            Of(day.Day) = day;
        }
    }

    private ref DayRollup Insert(int at, int day)
    {
        int newest = Math.Max(day, _count > 0 ? _days[_count - 1].Day : day);
        int gone = 0;
        while (gone < at && newest - _days[gone].Day >= Days)
        {
            gone++;
        }

        _days.AsSpan(gone, _count - gone).CopyTo(_days);
        _count -= gone;
        at -= gone;
        if (_count == _days.Length)
        {
            Array.Resize(ref _days, Math.Min(Days, Math.Max(4, _count * 2)));
        }

        _days.AsSpan(at, _count - at).CopyTo(_days.AsSpan(at + 1));
        _days[at] = new DayRollup { Day = day };
        _count++;
        return ref _days[at];
    }
}

/// <summary>Days of which too much was not observed: windows leave them out. Not thread-safe.</summary>
public sealed class BlindDays
{
    /// <summary>Time not observed from which on a day is left out.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    private readonly SortedDictionary<int, long> _ticks = [];

    /// <summary>True when the day is left out.</summary>
    public bool Contains(int day) => _ticks.TryGetValue(day, out long ticks) && ticks >= Most.Ticks;

    /// <summary>Part of a day was not observed.</summary>
    public void Add(int day, TimeSpan time)
    {
        _ticks[day] = _ticks.GetValueOrDefault(day) + time.Ticks;
        while (_ticks.Count > DayHistory.Days)
        {
            _ticks.Remove(_ticks.First().Key);
        }
    }

    internal void SetBack(int day)
    {
        while (_ticks.Count > 0 && _ticks.Last().Key > day)
        {
            _ticks.Remove(_ticks.Last().Key);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_ticks.Count);
        foreach ((int day, long ticks) in _ticks)
        {
            writer.Write(day);
            writer.Write(ticks);
        }
    }

    internal void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _ticks[reader.ReadInt32()] = reader.ReadInt64();
        }
    }
}
