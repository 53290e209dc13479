using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

/// <summary>What was told in the running minute, so that it is told once: a minute's counters say how often. Not thread-safe.</summary>
internal sealed class ReportedHits
{
    private readonly HashSet<(NumberKey Number, GuardId Rule, string Reason)> _reported = [];
    private uint _minute;

    /// <summary>Notes a hit.</summary>
    /// <returns>True for the first of its number, rule and reason in the minute.</returns>
    public bool IsNews(NumberKey number, in GuardHit hit, DateTimeOffset at)
    {
        uint minute = GuardMinutes.Of(at);
        if (minute != _minute)
        {
            _minute = minute;
            _reported.Clear();
        }

        return _reported.Add((number, hit.Rule, hit.Reason));
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_minute);
        writer.Write(_reported.Count);
        foreach ((NumberKey number, GuardId rule, string reason) in _reported)
        {
            number.Save(writer);
            writer.Write((byte)rule);
            writer.Write(reason);
        }
    }

    internal void Load(BinaryReader reader)
    {
        _minute = reader.ReadUInt32();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _reported.Add((NumberKey.Load(reader), (GuardId)reader.ReadByte(), reader.ReadString()));
        }
    }
}
