using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

/// <summary>Everything guards remember of one number. Not thread-safe.</summary>
/// <param name="number">The number.</param>
public sealed class NumberState(NumberKey number)
{
    /// <summary>Users and carriers told apart; further ones are not kept.</summary>
    public const int MaxUsers = 8;

    /// <summary>Pairs of source and day whose reports are remembered, so that they are not counted again.</summary>
    public const int MaxImported = 512;

    private readonly List<(ulong User, int Day)> _users = [];
    private readonly List<(string Trunk, CarrierWindow Window)> _carriers = [];
    private readonly List<(int Day, ulong Source, uint Count)> _imported = [];
    private MinuteRing _hour;

    /// <summary>The number.</summary>
    public NumberKey Number { get; } = number;

    /// <summary>Day of the first attempt seen.</summary>
    public int FirstDay { get; internal set; }

    /// <summary>It was already there while the installation only observed: not new, whatever <see cref="FirstDay"/> says.</summary>
    public bool IsOld { get; internal set; }

    /// <summary>Attempts of the last sixty minutes.</summary>
    public ref MinuteRing Hour => ref _hour;

    /// <summary>Its days.</summary>
    public DayHistory Days { get; } = new();

    /// <summary>Where it stands.</summary>
    public Suspension Suspension { get; } = new();

    /// <summary>The answer rate an alert compares with; negative for none.</summary>
    public double AnswerBaseline { get; internal set; } = -1;

    /// <summary>Day on which the report rate first passed its threshold in a row of days; 0 for none.</summary>
    public int ReportedSince { get; internal set; }

    /// <summary>Carriers that ended attempts.</summary>
    public IReadOnlyList<(string Trunk, CarrierWindow Window)> Carriers => _carriers;

    /// <summary>The window of a carrier; the first of them stands for those past the bound.</summary>
    public CarrierWindow CarrierOf(string trunk)
    {
        foreach ((string name, CarrierWindow window) in _carriers)
        {
            if (name == trunk)
            {
                return window;
            }
        }

        if (_carriers.Count == MaxUsers)
        {
            return _carriers[0].Window;
        }

        _carriers.Add((trunk, new CarrierWindow()));
        return _carriers[^1].Window;
    }

    /// <summary>Somebody used the number.</summary>
    public void OnUser(ulong user, int day)
    {
        for (int i = 0; i < _users.Count; i++)
        {
            if (_users[i].User == user)
            {
                _users[i] = (user, Math.Max(day, _users[i].Day));
                return;
            }
        }

        if (_users.Count < MaxUsers)
        {
            _users.Add((user, day));
        }
    }

    /// <summary>A source told how many reports of a day it has by now.</summary>
    /// <param name="day">The day.</param>
    /// <param name="source">Hash of the source's name.</param>
    /// <param name="count">All its reports of that day.</param>
    /// <returns>How many of them are new: what was told before is not counted again, nor what comes of too many sources.</returns>
    public uint OnImported(int day, ulong source, uint count)
    {
        int at = _imported.FindIndex(known => known.Day == day && known.Source == source);
        uint before = at >= 0 ? _imported[at].Count : 0;
        _imported.RemoveAll(known => known.Day <= day - DayHistory.Days);
        if (count <= before || (at < 0 && _imported.Count >= MaxImported))
        {
            return 0;
        }

        _imported.RemoveAll(known => known.Day == day && known.Source == source);
        _imported.Add((day, source, count));
        return count - before;
    }

    /// <summary>Different users since a day, <paramref name="user"/> among them; 0 for none more.</summary>
    public int UsersSince(int day, ulong user = 0)
    {
        int count = user == 0 ? 0 : 1;
        foreach ((ulong known, int last) in _users)
        {
            count += last >= day && known != user ? 1 : 0;
        }

        return count;
    }

    internal void SetBack(uint minute, int day)
    {
        FirstDay = Math.Min(FirstDay, day);
        ReportedSince = Math.Min(ReportedSince, day);
        _hour.SetBack(minute);
        Days.SetBack(day);
        Suspension.SetBack(day);
        for (int i = 0; i < _users.Count; i++)
        {
            _users[i] = (_users[i].User, Math.Min(day, _users[i].Day));
        }

        foreach ((_, CarrierWindow window) in _carriers)
        {
            window.SetBack(minute / 60);
        }
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(FirstDay);
        writer.Write(IsOld);
        writer.Write(AnswerBaseline);
        writer.Write(ReportedSince);
        _hour.Save(writer);
        Days.Save(writer);
        Suspension.Save(writer);
        writer.Write((byte)_users.Count);
        foreach ((ulong user, int day) in _users)
        {
            writer.Write(user);
            writer.Write(day);
        }

        writer.Write(_imported.Count);
        foreach ((int day, ulong source, uint count) in _imported)
        {
            writer.Write(day);
            writer.Write(source);
            writer.Write(count);
        }

        writer.Write((byte)_carriers.Count);
        foreach ((string trunk, CarrierWindow window) in _carriers)
        {
            writer.Write(trunk);
            window.Save(writer);
        }
    }

    internal void Load(BinaryReader reader)
    {
        FirstDay = reader.ReadInt32();
        IsOld = reader.ReadBoolean();
        AnswerBaseline = reader.ReadDouble();
        ReportedSince = reader.ReadInt32();
        _hour.Load(reader);
        Days.Load(reader);
        Suspension.Load(reader);
        for (int count = reader.ReadByte(); count > 0; count--)
        {
            _users.Add((reader.ReadUInt64(), reader.ReadInt32()));
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _imported.Add((reader.ReadInt32(), reader.ReadUInt64(), reader.ReadUInt32()));
        }

        for (int count = reader.ReadByte(); count > 0; count--)
        {
            CarrierOf(reader.ReadString()).Load(reader);
        }
    }
}
