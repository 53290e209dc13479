using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard.State;

/// <summary>
/// What was told a moment ago, so that it is told once: a minute's counters say how often. What a rule says of a call to a person is news
/// again with the next minute, what it says of the number itself, which every call repeats, with the next hour. Not thread-safe.
/// </summary>
internal sealed class ReportedHits
{
    private const uint Hour = 60;

    private readonly HashSet<(NumberKey Number, GuardId Rule, string Reason)> _ofCalls = [];
    private readonly HashSet<(NumberKey Number, GuardId Rule, string Reason)> _ofNumbers = [];
    private uint _minute;

    /// <summary>Notes a hit.</summary>
    /// <returns>True for the first of its number, rule and reason in the minute, or the hour.</returns>
    public bool IsNews(NumberKey number, in GuardHit hit, DateTimeOffset at)
    {
        uint minute = GuardMinutes.Of(at);
        if (minute != _minute)
        {
            _ofCalls.Clear();
        }

        if (minute / Hour != _minute / Hour)
        {
            _ofNumbers.Clear();
        }

        _minute = minute;
        bool isOfCall = hit.Rule is GuardId.Hours or GuardId.LocalHoliday or GuardId.Consent or GuardId.PersonAttempts or GuardId.Redial;
        return (isOfCall ? _ofCalls : _ofNumbers).Add((number, hit.Rule, hit.Reason));
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_minute);
        Save(writer, _ofCalls);
        Save(writer, _ofNumbers);
    }

    internal void Load(BinaryReader reader)
    {
        _minute = reader.ReadUInt32();
        Load(reader, _ofCalls);
        Load(reader, _ofNumbers);
    }

    private static void Save(BinaryWriter writer, HashSet<(NumberKey Number, GuardId Rule, string Reason)> told)
    {
        writer.Write(told.Count);
        foreach ((NumberKey number, GuardId rule, string reason) in told)
        {
            number.Save(writer);
            writer.Write((byte)rule);
            writer.Write(reason);
        }
    }

    private static void Load(BinaryReader reader, HashSet<(NumberKey Number, GuardId Rule, string Reason)> told)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            told.Add((NumberKey.Load(reader), (GuardId)reader.ReadByte(), reader.ReadString()));
        }
    }
}
