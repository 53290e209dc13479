using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <content>Saving and restoring the table.</content>
public sealed partial class CallTable
{
    /// <summary>Writes every call that moves figures. Phone legs stay out: their caller may be a person's number in clear.</summary>
    internal void Save(BinaryWriter writer, PersonNames persons)
    {
        // Oldest first, since the last added of one Call-ID is taken for the newest.
        foreach (Call call in _index.All.Reverse())
        {
            if (call.IsCounted)
            {
                writer.Write(true);
                call.Save(writer, _trunks.NameOf(call.Trunk), persons.NameOf(call));
            }
        }

        writer.Write(false);
        SaveForwarding(writer);
    }

    /// <summary>Numbers of the calls that are up and move figures; one entry for each call.</summary>
    internal IEnumerable<NumberKey> NumbersUp =>
        _index.All.Where(call => call.State == CallState.Answered && call.IsCounted).Select(call => call.Parties.Number);

    /// <summary>Reads what <see cref="Save"/> wrote. Calls of a trunk that is configured no more are left out.</summary>
    internal void Load(BinaryReader reader, bool isAfterBlind)
    {
        while (reader.ReadBoolean())
        {
            Call call = Call.Load(reader, name => name.Length == 0 ? -1 : _trunks.IndexOf(name));
            if (call.Trunk < 0 && !_trunks.IsEmpty)
            {
                continue;
            }

            call.IsCounted = true;
            call.IsAcrossBlind = isAfterBlind;
            _index.Add(call);
            ActiveCalls += call.State == CallState.Ended ? 0 : 1;
            _wheel.Arm(call, call.Deadline);
        }

        LoadForwarding(reader);
    }
}
