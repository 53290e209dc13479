using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
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
    private readonly TodayFigures _today = new();
    private readonly ParisDay _paris = new();
    private readonly List<SealedMinute> _minutes = [];
    private readonly List<AgentEvent> _events = [];
    private readonly Dictionary<string, (long Kernel, long Queue)> _drops = new(StringComparer.Ordinal);
    private CaptureQuality _lastSealedQuality = new();
    private DateTimeOffset _blindUntil;
    private DateTimeOffset _snapshotAt;
    private long _beats;
    private RecordOrigin _origin;
    private volatile SignallingStatus? _picture;

    public SignallingLoop(IJournal journal, ICaptureSources sources, RecordOrigin origin)
    {
        _journal = journal;
        _sources = sources;
        _origin = origin;
    }

    /// <summary>The engine; set before the first packet.</summary>
    public SignallingEngine Engine { get; private set; } = null!;

    /// <summary>The last picture. Any thread.</summary>
    public SignallingStatus? Picture => _picture;

    /// <summary>Rounds of the loop, one a second at least. Any thread.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <summary>Goes on where the last run stopped; what lies between is recorded as blind.</summary>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="restored">What the journal holds.</param>
    /// <param name="today">The running civil day as journalled.</param>
    /// <param name="now">Instant from which packets are seen.</param>
    /// <exception cref="InvalidDataException">The saved state cannot be read; a new engine stands in place.</exception>
    public void Begin(
        EngineSettings settings,
        RestoredState restored,
        IReadOnlyList<KeyValuePair<Core.Numbers.NumberKey, NumberCounters>> today,
        DateTimeOffset now)
    {
        _today.Begin(_paris.Of(now), today);
        Engine = new SignallingEngine(settings, this);
        if (restored.Snapshot is not { State.IsEmpty: false } snapshot)
        {
            return;
        }

        try
        {
            Engine = SignallingEngine.Restore(settings, this, snapshot.State, isAfterBlind: true);
        }
        finally
        {
            _blindUntil = now;
            Engine.OnBlind(snapshot.Watermark, now);
            _events.Add(new AgentEvent
            {
                Kind = AgentEventKind.Blind,
                At = now,
                From = snapshot.Watermark,
                To = now,
                Reason = "agentStopped",
            });
        }
    }

    /// <summary>Takes one packet. What a source caught before the recorded end of the blind time is passed over: figures and record agree.</summary>
    public void OnPacket(in CapturedPacket packet)
    {
        if (packet.At >= _blindUntil)
        {
            Engine.OnPacket(packet);
        }
    }

    /// <summary>Takes new settings without losing a call or a counter.</summary>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="origin">Hashes of what they were made of.</param>
    /// <param name="now">Instant from which they hold.</param>
    public void Change(EngineSettings settings, RecordOrigin origin, DateTimeOffset now)
    {
        _origin = origin with { Packets = _origin.Packets, Dropped = _origin.Dropped };
        EngineCounters counters = Engine.Counters;
        Engine = SignallingEngine.Restore(settings, this, Engine.Save(), isAfterBlind: false);
        Engine.Counters.GoOnFrom(counters);
        _events.Add(new AgentEvent { Kind = AgentEventKind.Config, At = now, Reason = "reload" });
    }

    /// <summary>One look at the clock; at least one a second.</summary>
    public void OnTick(DateTimeOffset now, StoreOptions options)
    {
        Engine.OnClock(now - RingDelay);
        IReadOnlyList<SourceStatus> sources = _sources.Status; // once: each look reads the kernel's counters
        ReadDrops(sources, now);
        if (_minutes.Count > 0 || _events.Count > 0 || now - _snapshotAt >= options.SnapshotInterval || now < _snapshotAt)
        {
            Commit(now);
        }

        MakePicture(sources, now);
        Interlocked.Increment(ref _beats);
    }

    /// <summary>Hands everything to the journal; the state in it is what a later run begins with.</summary>
    public void Commit(DateTimeOffset now)
    {
        _journal.Submit(new JournalBatch([.. _minutes], [.. _events], new AgentSnapshot(Engine.Watermark, Engine.Save())) { Origin = _origin });
        _minutes.Clear();
        _events.Clear();
        _snapshotAt = now;
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

    private void ReadDrops(IReadOnlyList<SourceStatus> sources, DateTimeOffset now)
    {
        foreach (SourceStatus source in sources)
        {
            (long kernel, long queue) = _drops.GetValueOrDefault(source.Name);
            (long Kernel, long Queue) total = (source.KernelDrops + source.InterfaceDrops, source.QueueDrops);
            if (total != (kernel, queue))
            {
                Engine.OnDrops(now, total.Kernel - kernel, total.Queue - queue);
                _drops[source.Name] = total;
            }
        }

        _origin = _origin with
        {
            Packets = sources.Sum(source => source.Packets),
            Dropped = sources.Sum(source => source.KernelDrops + source.InterfaceDrops + source.QueueDrops),
        };
    }

    private void MakePicture(IReadOnlyList<SourceStatus> sources, DateTimeOffset now)
    {
        EngineCounters counters = Engine.Counters;
        CaptureQuality quality = new();
        quality.Add(counters.Quality);
        (Confidence confidence, string? cause) = WorstConfidence(sources);
        DateOnly day = _paris.Of(now);
        if (day > _today.Day)
        {
            _today.Begin(day, []);
        }

        _picture = new SignallingStatus(
            now,
            sources,
            counters.SipMessages,
            counters.Rejected,
            Engine.ActiveCalls,
            _today.With(Engine.OpenMinutes),
            Engine.HepSenders,
            quality,
            confidence,
            cause);
    }

    /// <summary>Of the last sealed minute and the open ones; a source that is down sees nothing at all.</summary>
    private (Confidence Confidence, string? Cause) WorstConfidence(IReadOnlyList<SourceStatus> sources)
    {
        if (sources.Count > 0 && sources.All(source => !source.IsUp))
        {
            return (Confidence.Blind, "sourceDown");
        }

        CaptureQuality worst = _lastSealedQuality;
        foreach (OpenMinute minute in Engine.OpenMinutes)
        {
            worst = minute.Quality.Confidence > worst.Confidence ? minute.Quality : worst;
        }

        return (worst.Confidence, worst.Cause);
    }
}
