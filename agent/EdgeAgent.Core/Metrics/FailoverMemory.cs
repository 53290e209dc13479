using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Tells an attempt that goes on for one that failed a moment ago from a new call of a human: a PBX that fails over tries the next trunk at
/// once, for the same number and person. Persons are remembered by the beginning of their pseudonym, so that it may outlive a restart.
/// Bounded; not thread-safe.
/// </summary>
/// <param name="persons">Names persons.</param>
/// <param name="capacity">Failed attempts remembered at once.</param>
internal sealed class FailoverMemory(PersonNames persons, int capacity)
{
    /// <summary>PBXs fail over within milliseconds; nobody dials again that fast.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly RecentTimes<(NumberKey Number, ulong Person)> _failed = new(Window, capacity);
    private DateTimeOffset _last;

    /// <summary>Failed attempts forgotten within the window because there were too many.</summary>
    public long Forgotten => _failed.Forgotten;

    /// <summary>An attempt ended as <see cref="Disposition.Failed"/>.</summary>
    public void OnFailed(Call call, DateTimeOffset at)
    {
        if (persons.KeyOf(call) is var person and not 0)
        {
            Note((call.Parties.Number, person), at);
        }
    }

    /// <summary>Whether an attempt goes on for one that failed; asked once for each attempt.</summary>
    public bool GoesOn(Call call) =>
        call.Start - _last <= Window // else none can be meant: the MAC costs as much as all counting
        && persons.KeyOf(call) is var person and not 0 && _failed.TakeNear((call.Parties.Number, person), call.Start);

    /// <summary>Writes what is remembered.</summary>
    public void Save(BinaryWriter writer)
    {
        ((NumberKey Number, ulong Person) Key, DateTimeOffset At)[] notes = [.. _failed.Notes];
        writer.Write(notes.Length);
        foreach (((NumberKey number, ulong person), DateTimeOffset at) in notes)
        {
            number.Save(writer);
            writer.Write(person);
            writer.Write(at.UtcTicks);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            Note((NumberKey.Load(reader), reader.ReadUInt64()), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
        }
    }

    private void Note((NumberKey Number, ulong Person) key, DateTimeOffset at)
    {
        _failed.Note(key, at);
        _last = at > _last ? at : _last;
    }
}
