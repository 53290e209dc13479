using EdgeAgent.Core.Guard;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Makes periods of what is seen of the sources once a second: outages, drops, places for HEP that fall silent. While another source sees, the
/// loss of one degrades; when none is left, the agent is blind. Pure but for its state; one signalling thread.
/// </summary>
internal sealed class SourceWatch(CallingTime calendar, ObservationPeriods periods)
{
    private readonly Dictionary<string, State> _states = new(StringComparer.Ordinal);
    private DateTimeOffset _lastLook;
    private DateTimeOffset _minute;

    /// <summary>Takes one look.</summary>
    /// <param name="sources">Every source.</param>
    /// <param name="now">Wall clock.</param>
    public void OnLook(IReadOnlyList<SourceSight> sources, DateTimeOffset now)
    {
        EndMinute(sources, now);
        DateTimeOffset before = _lastLook == default || _lastLook > now ? now : _lastLook;
        bool[] sees = [.. sources.Select(Sees)];
        DateTimeOffset change = ChangeAt(sources, before);
        for (int i = 0; i < sources.Count; i++)
        {
            SourceSight source = sources[i];
            State state = StateOf(source);
            bool isBlind = !sees.Where((_, other) => other != i).Contains(true);
            NoteOutages(source, state, isBlind, change, now);
            NoteDrops(source, state, before, now);
            if (state.Silence.IsSilent)
            {
                periods.Note(
                    source.Name, ObservationCause.HepSilent, isBlind, OpenOr(source, ObservationCause.HepSilent, change, state.Silence.SilentFrom), now);
            }
            else
            {
                periods.Close(source.Name, ObservationCause.HepSilent, now);
            }
        }

        CloseForgotten(sources);
        _lastLook = now;
    }

    /// <summary>The clock was set: looks on either side of it are not compared.</summary>
    public void OnClockStep()
    {
        _lastLook = default;
        _minute = default;
    }

    /// <summary>Writes what was learnt of the sources.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_states.Count);
        foreach ((string name, State state) in _states)
        {
            writer.Write(name);
            writer.Write(state.HasDelivered);
            writer.Write(state.LastOutage);
            writer.Write(state.Dropped);
            writer.Write(state.PacketsBefore);
            state.Silence.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="isSameRun">The sources go on counting; a new run's begin at 0.</param>
    internal void Load(BinaryReader reader, bool isSameRun)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            State state = new();
            _states[reader.ReadString()] = state;
            state.HasDelivered = reader.ReadBoolean();
            (long outage, long dropped, long packets) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            if (isSameRun)
            {
                (state.LastOutage, state.Dropped, state.PacketsBefore) = (outage, dropped, packets);
            }

            state.Silence.Load(reader);
        }
    }

    private bool Sees(SourceSight source)
    {
        State state = StateOf(source);
        state.HasDelivered |= source.Packets > 0;
        return source.Current is null && (!source.IsHep || (state.HasDelivered && !state.Silence.IsSilent));
    }

    /// <summary>When the number of sources that see last changed: the beginning of the latest loss, or the end of the latest outage.</summary>
    private DateTimeOffset ChangeAt(IReadOnlyList<SourceSight> sources, DateTimeOffset before)
    {
        DateTimeOffset latest = before;
        foreach (SourceSight source in sources)
        {
            foreach (Outage outage in source.Outages.Where(outage => outage.Number > StateOf(source).LastOutage))
            {
                DateTimeOffset at = outage.To ?? outage.From;
                latest = at > latest || latest == before ? at : latest;
            }
        }

        return latest;
    }

    private void NoteOutages(SourceSight source, State state, bool isBlind, DateTimeOffset change, DateTimeOffset now)
    {
        ObservationCause cause = ObservationCause.InterfaceDown;
        foreach (Outage outage in source.Outages.Where(outage => outage.Number > state.LastOutage))
        {
            if (outage.To is { } to)
            {
                if (periods.Find(source.Name, cause) is null)
                {
                    periods.Note(source.Name, cause, isBlind, outage.From, to);
                }

                periods.Close(source.Name, cause, to);
                state.LastOutage = outage.Number;
            }
            else
            {
                periods.Note(source.Name, cause, isBlind, OpenOr(source, cause, change, outage.From), now);
            }
        }

        if (source.Current is null && periods.Find(source.Name, cause) is { } ofAnEarlierRun)
        {
            periods.Close(source.Name, cause, ofAnEarlierRun.To);
        }
    }

    private void NoteDrops(SourceSight source, State state, DateTimeOffset before, DateTimeOffset now)
    {
        long dropped = source.Dropped - state.Dropped;
        state.Dropped = source.Dropped;
        if (dropped > 0)
        {
            periods.Note(source.Name, ObservationCause.CaptureDropping, false, before < now ? before : now.AddSeconds(-1), now, dropped);
        }
    }

    private DateTimeOffset OpenOr(SourceSight source, ObservationCause cause, DateTimeOffset whenOpen, DateTimeOffset whenNew) =>
        periods.Find(source.Name, cause) is null ? whenNew : whenOpen;

    private void EndMinute(IReadOnlyList<SourceSight> sources, DateTimeOffset now)
    {
        DateTimeOffset minute = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (minute == _minute)
        {
            return;
        }

        foreach (SourceSight source in sources.Where(source => source.IsHep))
        {
            State state = StateOf(source);
            if (_minute != default)
            {
                bool isObserved = source.Current is null && !periods.IsBlindAt(_minute);
                MinuteFacts facts = MinuteFacts.Of(calendar, _minute, isObserved);
                state.Silence.OnMinute(
                    facts.Start, facts.Day, facts.MinuteOfDay, facts.IsLegal, facts.IsObserved, source.Packets > state.PacketsBefore);
            }

            state.PacketsBefore = source.Packets;
        }

        _minute = minute;
    }

    /// <summary>A source that is configured no more ends what was open of it.</summary>
    private void CloseForgotten(IReadOnlyList<SourceSight> sources)
    {
        foreach (ObservationPeriod open in periods.Open.Where(open =>
            open.Cause is ObservationCause.InterfaceDown or ObservationCause.HepSilent && !sources.Any(source => source.Name == open.Source)).ToList())
        {
            periods.Close(open.Source, open.Cause, open.To);
        }
    }

    private State StateOf(SourceSight source)
    {
        if (!_states.TryGetValue(source.Name, out State? state))
        {
            state = new State();
            _states.Add(source.Name, state);
        }

        return state;
    }

    private sealed class State
    {
        public SilenceBaseline Silence { get; } = new();

        public bool HasDelivered { get; set; }

        public long LastOutage { get; set; }

        public long Dropped { get; set; }

        public long PacketsBefore { get; set; }
    }
}
