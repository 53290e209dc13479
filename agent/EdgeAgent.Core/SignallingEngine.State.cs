using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Core;

/// <content>Saving and restoring: open calls and open minutes outlive the process.</content>
public sealed partial class SignallingEngine
{
    private const byte StateVersion = 8;

    private int _savedBytes; // of the last state

    /// <summary>Writes everything a later engine needs to go on. No person's number in clear: pseudonyms stand for them.</summary>
    public byte[] Save()
    {
        ReleaseAllHep();
        CarryCounters();
        using MemoryStream stream = new(_savedBytes + (_savedBytes / 16)); // grown by doubling it would leave twice as much garbage
        using (BinaryWriter writer = new(stream))
        {
            writer.Write(StateVersion);
            writer.Write(Watermark.UtcTicks);
            writer.Write(_minutes.WallOffset.Ticks);
            SaveMinutes(writer);
            _callees.Save(writer);
            _roles.Save(writer);
            _calls.Save(writer, Persons);
            _ledger.Save(writer);
            Observation.Save(writer);
            Guards.Book.State.Save(writer);
        }

        byte[] state = stream.ToArray();
        _savedBytes = state.Length;
        return state;
    }

    /// <summary>Builds an engine that goes on where <see cref="Save"/> left off.</summary>
    /// <param name="settings">Settings, perhaps changed since: calls of a trunk that is gone are not restored.</param>
    /// <param name="output">Takes what the engine makes.</param>
    /// <param name="state">What <see cref="Save"/> gave.</param>
    /// <param name="isAfterBlind">Time passed unobserved since: what is not seen again may have ended meanwhile.</param>
    /// <param name="guards">Holds the attempts to persons, which are kept apart; null when there are none. The rest of what guards remember is put into it.</param>
    /// <exception cref="InvalidDataException">The bytes are no state of a known version.</exception>
    public static SignallingEngine Restore(
        EngineSettings settings, IEngineOutput output, ReadOnlyMemory<byte> state, bool isAfterBlind, GuardState? guards = null)
    {
        SignallingEngine engine = Load(settings, output, state, isAfterBlind, guards, out BinaryReader reader);
        using (reader)
        {
            try
            {
                engine.Guards.Book.State.Load(reader);
                engine.Guards.Book.State.Seats.Recount(engine._calls.BusySeats);
                return engine;
            }
            catch (Exception exception) when (exception is EndOfStreamException or FormatException)
            {
                throw new InvalidDataException("the saved state is damaged", exception);
            }
        }
    }

    /// <summary>Builds an engine that goes on for this one under other settings, with all it remembers; this one is at its end.</summary>
    public SignallingEngine GoOnWith(EngineSettings settings)
    {
        SignallingEngine next = Load(settings, _output, Save(), isAfterBlind: false, Guards.Book.State, out BinaryReader reader);
        reader.Dispose();
        next.Guards.Book.State.Seats.Recount(next._calls.BusySeats); // calls of a trunk that is gone were left out
        next.Counters.GoOnFrom(Counters);
        return next;
    }

    /// <summary>All but what guards remember, which is next in <paramref name="reader"/>.</summary>
    private static SignallingEngine Load(
        EngineSettings settings, IEngineOutput output, ReadOnlyMemory<byte> state, bool isAfterBlind, GuardState? guards, out BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(settings);
        reader = new BinaryReader(new MemoryStream(state.ToArray()));
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
            SignallingEngine engine = new(settings, output, minutes, guards) { Watermark = watermark };
            engine.LoadMinutes(reader);
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
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("the saved state is damaged", exception);
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
}
