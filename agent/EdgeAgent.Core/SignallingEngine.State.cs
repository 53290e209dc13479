using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core;

/// <content>Saving and restoring: open calls, open minutes and the day's attempts outlive the process.</content>
public sealed partial class SignallingEngine
{
    private const byte StateVersion = 4;

    /// <summary>Writes everything a later engine needs to go on. No person's number in clear: pseudonyms stand for them.</summary>
    public byte[] Save()
    {
        ReleaseAllHep();
        CarryCounters();
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream))
        {
            writer.Write(StateVersion);
            writer.Write(Watermark.UtcTicks);
            writer.Write(_minutes.WallOffset.Ticks);
            SaveMinutes(writer);
            SaveDay(writer);
            _callees.Save(writer);
            _roles.Save(writer);
            _calls.Save(writer, Persons);
            _ledger.Save(writer);
            Observation.Save(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Builds an engine that goes on where <see cref="Save"/> left off.</summary>
    /// <param name="settings">Settings, perhaps changed since: calls of a trunk that is gone are not restored.</param>
    /// <param name="output">Takes what the engine makes.</param>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="isAfterBlind">Time passed unobserved since: what is not seen again may have ended meanwhile.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a known version.</exception>
    public static SignallingEngine Restore(
        EngineSettings settings, IEngineOutput output, ReadOnlyMemory<byte> state, bool isAfterBlind)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using BinaryReader reader = new(new MemoryStream(state.ToArray()));
        try
        {
            if (reader.ReadByte() != StateVersion)
            {
                throw new InvalidDataException("the saved state has an unknown version");
            }

            DateTimeOffset watermark = new(reader.ReadInt64(), TimeSpan.Zero);
            MinuteLedger minutes = new(settings.SealLag, settings.MaxNumbers, settings.SealsEmptyMinutes)
            {
                WallOffset = new TimeSpan(reader.ReadInt64()),
                FirstUnsealed = reader.ReadInt64(),
            };
            SignallingEngine engine = new(settings, output, minutes) { Watermark = watermark };
            engine.LoadMinutes(reader);
            engine.LoadDay(reader);
            engine._callees.Load(reader);
            engine._roles.Load(reader);
            engine._calls.Load(reader, isAfterBlind);
            engine._ledger.Load(reader);
            minutes.RestoreUp(engine._calls.NumbersUp);
            if (!engine.Observation.Load(reader, isSameRun: !isAfterBlind))
            {
                minutes.ForgetTrunks();
            }

            return engine;
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("the saved state is cut short", exception);
        }
    }

    private void SaveMinutes(BinaryWriter writer)
    {
        writer.Write(_minutes.FirstUnsealed);
        writer.Write(_minutes.Open.Count);
        foreach (OpenMinute minute in _minutes.Open)
        {
            writer.Write(minute.Index);
            minute.Save(writer);
        }
    }

    private void LoadMinutes(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _minutes.Reopen(reader.ReadInt64()).Load(reader);
        }
    }

    private void SaveDay(BinaryWriter writer)
    {
        writer.Write(_day.Day.DayNumber);
        writer.Write(_day.Counts.Count);
        foreach ((NumberKey number, long count) in _day.Counts)
        {
            number.Save(writer);
            writer.Write(count);
        }
    }

    private void LoadDay(BinaryReader reader)
    {
        DateOnly day = DateOnly.FromDayNumber(reader.ReadInt32());
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            NumberKey number = NumberKey.Load(reader);
            _day.Restore(day, number, reader.ReadInt64());
        }
    }
}
