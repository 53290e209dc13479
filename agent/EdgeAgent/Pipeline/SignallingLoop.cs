using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Store;

namespace EdgeAgent.Pipeline;

/// <summary>
/// What the signalling thread does between packets: tells the engine the time, hands batches to the journal, makes the picture for
/// status. Owned by one thread but for <see cref="Picture"/> and <see cref="Beats"/>.
/// </summary>
internal sealed class SignallingLoop : IEngineOutput
{
    /// <summary>Packets up to this age may still wait in a kernel ring; the engine's clock stays behind it.</summary>
    private static readonly TimeSpan RingDelay = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly ICaptureSources _sources;
    private readonly Func<ClockReading> _clocks;
    private readonly ClockWatch _clockWatch = new();
    private readonly TodayFigures _today = new();
    private readonly ParisDay _paris = new();
    private readonly List<SealedMinute> _minutes = [];
    private readonly List<AgentEvent> _events = [];
    private readonly Dictionary<string, (long Kernel, long Queue)> _drops = new(StringComparer.Ordinal);
    private CaptureQuality _lastSealedQuality = new();
    private DateTimeOffset _blindUntil;
    private PacketTimeline _timeline = new(TimeSpan.Zero);
    private ClockReading _now;
    private TimeSpan _snapshotAt;
    private TimeSpan? _eventsAt; // of the last commit that had events; null before the first
    private long _beats;
    private RecordOrigin _origin;
    private volatile SignallingStatus? _picture;

    /// <param name="journal">Takes what is to be kept.</param>
    /// <param name="sources">Where packets come from.</param>
    /// <param name="clocks">Reads the clocks.</param>
    /// <param name="origin">Hashes of what the engine is built with.</param>
    public SignallingLoop(IJournal journal, ICaptureSources sources, Func<ClockReading> clocks, RecordOrigin origin)
    {
        _journal = journal;
        _sources = sources;
        _clocks = clocks;
        _origin = origin;
    }

    /// <summary>The engine; set before the first packet.</summary>
    public SignallingEngine Engine { get; private set; } = null!;

    /// <summary>Wall clock at the last look.</summary>
    public DateTimeOffset Now => _now.Wall;

    /// <summary>The last picture. Any thread.</summary>
    public SignallingStatus? Picture => _picture;

    /// <summary>Rounds of the loop, one a second at least. Any thread.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Goes on where the last run stopped; what lies between is recorded as blind. Packets are counted from here on.</summary>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="restored">What the journal holds.</param>
    /// <param name="today">The running civil day as journalled.</param>
    /// <exception cref="InvalidDataException">The saved state cannot be read; a new engine stands in place.</exception>
    public void Begin(
        EngineSettings settings,
        RestoredState restored,
        IReadOnlyList<KeyValuePair<Core.Numbers.NumberKey, NumberCounters>> today)
    {
        _now = _clocks();
        _clockWatch.Look(_now);
        _today.Begin(_paris.Of(_now.Wall), today);
        Engine = new SignallingEngine(settings, this, PersonsOf(restored, settings));
        if (restored.Snapshot is not { State.IsEmpty: false } snapshot)
        {
            Engine.Observation.Coverage.Begin(_now.Wall);
            _timeline.OnLook(_now.Wall, TimeSpan.Zero);
            TellPolicy("start", settings.Policy.Hash, null);
            return;
        }

        try
        {
            Engine = SignallingEngine.Restore(settings, this, snapshot.State, isAfterBlind: true, PersonsOf(restored, settings));
        }
        catch (InvalidDataException)
        {
            // Open calls and what guards remember of numbers (suspensions too) are gone: the centre must hear of it.
            _events.Add(new AgentEvent { Kind = AgentEventKind.StoreLoss, At = _now.Wall, Reason = "state", To = _now.Wall });
            Engine.Observation.Coverage.Begin(_now.Wall);
            throw;
        }
        finally
        {
            GoOn(snapshot.Watermark);
            TellPolicy("start", settings.Policy.Hash, null);
        }
    }

    /// <summary>Takes one packet. What a source caught before the recorded end of the blind time is passed over: figures and record agree.</summary>
    public void OnPacket(in CapturedPacket packet)
    {
        if (!_timeline.IsNear(packet.At))
        {
            LookAtClocks(); // it may have been set since the last look
        }

        DateTimeOffset at = _timeline.Of(packet.At);
        if (at >= _blindUntil)
        {
            Engine.OnPacket(packet with { At = at });
        }
    }

    /// <summary>Takes new settings without losing a call or a counter.</summary>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="origin">Hashes of what they were made of.</param>
    /// <param name="policyChanges">What differs between the policies, one line each.</param>
    public void Change(EngineSettings settings, RecordOrigin origin, IReadOnlyList<string> policyChanges)
    {
        _origin = origin with { Packets = _origin.Packets, Dropped = _origin.Dropped };
        Engine = Engine.GoOnWith(settings);
        _events.Add(new AgentEvent { Kind = AgentEventKind.Config, At = _now.Wall, Reason = "reload" });
        TellPolicy("reload", settings.Policy.Hash, policyChanges);
    }

    /// <summary>One look at clocks and sources; at least one a second.</summary>
    public void OnTick(StoreOptions options)
    {
        LookAtClocks();
        IReadOnlyList<SourceStatus> sources = _sources.Status; // once: each look reads the kernel's counters
        ReadDrops(sources);
        Engine.OnSources([.. sources.Select(source => source.ToSight())], _now.Wall); // before minutes are sealed: it says how well they were seen
        Engine.OnClock(_now.Wall - _timeline.Offset - RingDelay);
        bool isNews = _events.Count > 0 && !(_now.Monotonic - _eventsAt < options.SnapshotInterval); // one at once, a storm with each snapshot
        if (_minutes.Count > 0 || isNews || _now.Monotonic - _snapshotAt >= options.SnapshotInterval)
        {
            Commit();
        }

        MakePicture(sources);
        Interlocked.Increment(ref _beats);
    }

    /// <summary>Hands everything to the journal; the state in it is what a later run begins with.</summary>
    public void Commit()
    {
        DateTimeOffset watermark = Engine.Watermark + Engine.WallOffset;
        IReadOnlyList<AttemptDocument> attempts = _minutes.Count == 0
            ? []
            : Engine.Guards.Book.State.Log.TakeBefore(GuardMinutes.Of(watermark)); // once a minute, with a transaction that is there anyway
        _journal.Submit(new JournalBatch([.. _minutes], [.. _events], new AgentSnapshot(watermark, Engine.Save())) 
        {
            Origin = _origin,
            Attempts = attempts,
            Consents = Engine.Guards.Book.State.Consents.TakeChanges(),
        });
        _eventsAt = _events.Count > 0 ? _now.Monotonic : _eventsAt;
        _minutes.Clear();
        _events.Clear();
        _snapshotAt = _now.Monotonic;
    }

    /// <inheritdoc/>
    public void OnSealed(SealedMinute minute)
    {
        _minutes.Add(minute);
        _today.Add(_paris.Of(minute.Start), minute);
        _lastSealedQuality = minute.Quality;
    }

    /// <inheritdoc/>
    public void OnEvent(AgentEvent agentEvent) => _events.Add(agentEvent);

    /// <inheritdoc/>
    public void OnClosed(Call call)
    {
        // Single calls are neither stored nor sent: minutes are the evidence.
    }

    /// <summary>What guards remember of persons.</summary>
    private GuardState PersonsOf(RestoredState restored, EngineSettings settings)
    {
        GuardState guards = new(settings.Guards, settings.Policy.Alerts);
        foreach (byte[] document in restored.Attempts)
        {
            AttemptLog.TryLoad(document, guards.Attempts);
        }

        guards.Attempts.SetBack(GuardMinutes.Of(_now.Wall)); // the disk keeps what was written while a clock was ahead

        foreach (byte[] document in restored.Consents)
        {
            guards.Consents.TryLoad(document);
        }

        return guards;
    }

    /// <summary>A new run goes on from <paramref name="watermark"/>, up to which the last one saw everything; wall clock.</summary>
    private void GoOn(DateTimeOffset watermark)
    {
        if (_now.Wall < watermark)
        {
            Engine.OnClockStep(watermark, _now.Wall); // set back while nobody looked: by this much at least
        }

        _timeline = new PacketTimeline(Engine.WallOffset);
        _timeline.OnLook(_now.Wall, TimeSpan.Zero);
        _blindUntil = _now.Wall - _timeline.Offset;
        Engine.OnBlind(watermark, _now.Wall, ObservationCause.AgentStopped);
    }

    /// <summary>Records that guards go by another policy than before.</summary>
    private void TellPolicy(string reason, string hash, IReadOnlyList<string>? changes)
    {
        GuardState guards = Engine.Guards.Book.State;
        if (guards.PolicyHash.Length > 0 && guards.PolicyHash != hash)
        {
            _events.Add(new AgentEvent { Kind = AgentEventKind.Policy, At = _now.Wall, Reason = reason, Changes = changes });
        }

        guards.PolicyHash = hash;
    }

    private void LookAtClocks()
    {
        DateTimeOffset before = _now.Wall;
        _now = _clocks();
        ClockChange change = _clockWatch.Look(_now);
        if (change.Suspended > TimeSpan.Zero)
        {
            Engine.OnBlind(before, _now.Wall - change.Step, ObservationCause.Suspended);
        }

        if (change.Step != TimeSpan.Zero)
        {
            Engine.OnClockStep(_now.Wall - change.Step, _now.Wall);
        }

        _timeline.OnLook(_now.Wall, change.Step);
    }

    private void ReadDrops(IReadOnlyList<SourceStatus> sources)
    {
        foreach (SourceStatus source in sources)
        {
            (long kernel, long queue) = _drops.GetValueOrDefault(source.Name);
            (long Kernel, long Queue) total = (source.KernelDrops + source.InterfaceDrops, source.QueueDrops);
            if (total != (kernel, queue))
            {
                Engine.OnDrops(_now.Wall - _timeline.Offset, total.Kernel - kernel, total.Queue - queue);
                _drops[source.Name] = total;
            }
        }

        _origin = _origin with
        {
            Packets = sources.Sum(source => source.Packets),
            Dropped = sources.Sum(source => source.KernelDrops + source.InterfaceDrops + source.QueueDrops),
        };
    }

    private void MakePicture(IReadOnlyList<SourceStatus> sources)
    {
        EngineCounters counters = Engine.Counters;
        CaptureQuality quality = new();
        quality.Add(counters.Quality);
        (Confidence confidence, string? cause) = WorstConfidence();
        DateOnly day = _paris.Of(_now.Wall);
        if (day != _today.Day)
        {
            _today.Begin(day, []);
        }

        Observation observation = Engine.Observation;
        _picture = new SignallingStatus(
            _now.Wall,
            sources,
            counters.SipMessages,
            counters.Rejected,
            Engine.ActiveCalls,
            _today.With(Engine.OpenMinutes),
            Engine.HepSenders,
            quality,
            confidence,
            cause)
        {
            Unobserved = [.. observation.Periods.Open.Select(open => new UnobservedPeriod(open.Source, open.Cause, open.IsBlind, open.From))],
            Coverage = observation.Coverage.Today,
            CoverageBefore = observation.Coverage.Yesterday,
        };
    }

    /// <summary>Of the last sealed minute, the open ones, and what is not observed right now.</summary>
    private (Confidence Confidence, string? Cause) WorstConfidence()
    {
        CaptureQuality worst = _lastSealedQuality;
        foreach (OpenMinute minute in Engine.OpenMinutes)
        {
            worst = minute.Quality.Confidence > worst.Confidence ? minute.Quality : worst;
        }

        ObservationPeriod? now = Engine.Observation.Periods.Open.OrderByDescending(open => open.IsBlind).ThenBy(open => open.Cause).FirstOrDefault();
        Confidence ofNow = now is null ? Confidence.Full : now.IsBlind ? Confidence.Blind : Confidence.Degraded;
        return ofNow > worst.Confidence ? (ofNow, ObservationCauses.NameOf(now!.Cause)) : (worst.Confidence, worst.Cause);
    }
}
