using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;

namespace EdgeAgent.Core.Metrics;

/// <summary>
/// All that is known about how well was observed: periods, sources, trunks, coverage of legal calling time. Times are those of the wall clock.
/// Not thread-safe: one signalling thread.
/// </summary>
public sealed class Observation
{
    private static readonly ObservationCause[] OfTrunks =
        [ObservationCause.EncryptedTrunk, ObservationCause.OneWay, ObservationCause.SilentTrunk];

    private readonly CallingTime _calendar;
    private readonly SourceWatch _sources;
    private readonly string[] _trunkNames;
    private readonly TrunkSight[] _trunks;
    private DateTimeOffset _sealedUntil;

    internal Observation(TrunkTable trunks, GuardPolicy policy)
    {
        _calendar = new CallingTime(policy.Hours, policy.Calendars);
        _sources = new SourceWatch(_calendar, Periods);
        Coverage = new CoverageLedger(_calendar);
        _trunkNames = [.. trunks.All.Select(trunk => trunk.Name)];
        _trunks = [.. _trunkNames.Select(_ => new TrunkSight())];
    }

    /// <summary>What was not observed, and when.</summary>
    public ObservationPeriods Periods { get; } = new();

    /// <summary>How much of legal calling time was observed.</summary>
    public CoverageLedger Coverage { get; }

    /// <summary>Nothing could be seen at that instant: a guard says nothing about what is missing there.</summary>
    public bool IsBlindAt(DateTimeOffset at) => Periods.IsBlindAt(at);

    /// <summary>Whether calls are legal at that instant in Europe/Paris.</summary>
    internal bool IsCallingTime(DateTimeOffset at) => _calendar.Contains(at);

    /// <summary>No source sees anything now.</summary>
    internal bool IsWithoutSource => Periods.Open.Any(open =>
        open.IsBlind && open.Cause is (ObservationCause.InterfaceDown or ObservationCause.HepSilent));

    /// <summary>Takes one look at the sources.</summary>
    internal void OnSources(IReadOnlyList<SourceSight> sources, DateTimeOffset now) => _sources.OnLook(sources, now);

    /// <summary>The wall clock was set from <paramref name="from"/> to <paramref name="to"/>.</summary>
    internal void OnClockStep(DateTimeOffset from, DateTimeOffset to)
    {
        TimeSpan step = to - from;
        bool isForward = step > TimeSpan.Zero;
        Periods.OnClockStep(step);
        Periods.Record(
            ObservationPeriod.WholeAgent,
            ObservationCause.ClockStepped,
            isBlind: isForward,
            isForward ? from : to,
            isForward ? to : from,
            (long)Math.Round(step.TotalMilliseconds));
        _sources.OnClockStep();
        if (!isForward)
        {
            Coverage.StepBack(to);
            _sealedUntil = _sealedUntil < to ? _sealedUntil : to;
        }
    }

    /// <summary>A minute is about to be sealed: how well it was seen is put into it.</summary>
    /// <returns>Blind time since the last sealed minute, this one included.</returns>
    /// <param name="minute">The minute.</param>
    /// <param name="untold">Blind time of the minute but that of stops and suspensions, which is told as soon as it is over, and of steps of the clock, which never was.</param>
    internal TimeSpan OnSealing(SealedMinute minute, out TimeSpan untold)
    {
        DateTimeOffset end = minute.Start + TimeSpan.FromMinutes(1);
        LookAtTrunks(minute, end);
        CaptureQuality quality = minute.Quality;
        TimeSpan[] blind = new TimeSpan[ObservationCauses.Count];
        quality.Blind = Periods.Share(isBlind: true, minute.Start, end, blind);
        quality.BlindCause = FirstOf(blind);
        untold = quality.Blind - blind[(int)ObservationCause.AgentStopped] - blind[(int)ObservationCause.Suspended] - blind[(int)ObservationCause.ClockStepped];
        TimeSpan[] degraded = new TimeSpan[ObservationCauses.Count];
        quality.Degraded = Periods.Share(isBlind: false, minute.Start, end, degraded);
        quality.DegradedCause = FirstOf(degraded);

        TimeSpan skipped = _sealedUntil == default || _sealedUntil >= minute.Start
            ? TimeSpan.Zero
            : Periods.Share(isBlind: true, _sealedUntil, minute.Start, blind);
        Coverage.Advance(minute.Start, ShareOfSkipped);
        Coverage.Advance(end, (from, to, lost) => Periods.Share(isBlind: true, from, to, lost));
        _sealedUntil = end;
        return skipped + quality.Blind;
    }

    /// <summary>Gives the records that are due.</summary>
    internal void Publish(DateTimeOffset now, Action<AgentEvent> tell)
    {
        Periods.Publish(now, _sealedUntil, tell);
        foreach (DayCoverage day in Coverage.TakeFinished())
        {
            DateTimeOffset end = Coverage.EndOf(day.Day);
            tell(new AgentEvent
            {
                Kind = AgentEventKind.Coverage,
                At = end,
                From = Coverage.StartOf(day.Day),
                To = end,
                Coverage = day,
            });
        }
    }

    /// <summary>Nothing more will come: what is open ends where it was last known.</summary>
    internal void Finish(DateTimeOffset now, Action<AgentEvent> tell)
    {
        foreach (ObservationPeriod open in Periods.Open.ToList())
        {
            Periods.Close(open.Source, open.Cause, open.To);
        }

        Publish(now, tell);
    }

    /// <summary>Writes all of it.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_sealedUntil.UtcTicks);
        Periods.Save(writer);
        Coverage.Save(writer);
        _sources.Save(writer);
        writer.Write(_trunks.Length);
        for (int i = 0; i < _trunks.Length; i++)
        {
            writer.Write(_trunkNames[i]);
            _trunks[i].Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote. What was known of a trunk that is configured no more is dropped, its periods end.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="isSameRun">The process did not end between.</param>
    /// <returns>True when the trunks are the same, so that their indexes are.</returns>
    internal bool Load(BinaryReader reader, bool isSameRun)
    {
        _sealedUntil = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        Periods.Load(reader);
        Coverage.Load(reader);
        _sources.Load(reader, isSameRun);
        int count = reader.ReadInt32();
        bool isSame = count == _trunks.Length;
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            TrunkSight sight = TrunkSight.Load(reader);
            int index = Array.IndexOf(_trunkNames, name);
            isSame &= index == i;
            if (index >= 0)
            {
                _trunks[index] = sight;
                continue;
            }

            foreach (ObservationPeriod open in Periods.Open.Where(open => open.Source == name && OfTrunks.Contains(open.Cause)).ToList())
            {
                Periods.Close(name, open.Cause, open.To);
            }
        }

        return isSame;
    }

    private void LookAtTrunks(SealedMinute minute, DateTimeOffset end)
    {
        TimeSpan[] blind = new TimeSpan[ObservationCauses.Count];
        Periods.Share(isBlind: true, minute.Start, end, blind);
        Periods.Share(isBlind: false, minute.Start, end, blind);
        bool isObserved = !blind.Where((time, cause) => time > TimeSpan.Zero && !OfTrunks.Contains((ObservationCause)cause)).Any();
        MinuteFacts facts = MinuteFacts.Of(_calendar, minute.Start, isObserved);
        for (int i = 0; i < _trunks.Length; i++)
        {
            _trunks[i].OnMinute(facts, i < minute.Trunks.Count ? minute.Trunks[i] : null);
        }

        bool isBlind = Array.Exists(_trunks, trunk => trunk.IsKnown) && Array.TrueForAll(_trunks, trunk => !trunk.IsKnown || trunk.Hidden is not null);
        for (int i = 0; i < _trunks.Length; i++)
        {
            foreach (ObservationCause cause in OfTrunks)
            {
                NoteTrunk(_trunkNames[i], _trunks[i], cause, isBlind, minute.Start, end);
            }
        }
    }

    private void NoteTrunk(string name, TrunkSight trunk, ObservationCause cause, bool isBlind, DateTimeOffset start, DateTimeOffset end)
    {
        bool isHidden = trunk.Hidden?.Cause == cause;
        DateTimeOffset? since = isHidden ? trunk.Hidden!.Value.From : cause == ObservationCause.OneWay ? trunk.HalfSeenFrom : null;
        if (since is not { } from)
        {
            Periods.Close(name, cause, start);
            return;
        }

        isBlind &= isHidden;
        bool isNew = Periods.Find(name, cause) is null;
        Periods.Note(name, cause, isBlind, isNew ? from : start, end);
        if (isNew && isBlind)
        {
            Coverage.Revise(from, start, cause);
        }
    }

    /// <summary>Minutes that were never sealed: what no period explains, the agent was not there for.</summary>
    private TimeSpan ShareOfSkipped(DateTimeOffset from, DateTimeOffset to, TimeSpan[] lost)
    {
        TimeSpan explained = Periods.Share(isBlind: true, from, to, lost);
        lost[(int)ObservationCause.AgentStopped] += to - from - explained;
        return to - from;
    }

    private static ObservationCause? FirstOf(TimeSpan[] perCause)
    {
        int index = Array.FindIndex(perCause, static time => time > TimeSpan.Zero);
        return index < 0 ? null : (ObservationCause)index;
    }
}
