using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Pipeline;

namespace EdgeAgent.Telemetry;

/// <summary>Puts together what the parts of the agent say about themselves. Any thread.</summary>
internal sealed class StatusReporter(
    ConfigurationState configuration,
    LoopWatch watch,
    TimeProvider time,
    ISignallingStatusSource? signalling = null,
    IBufferStatusSource? store = null,
    IBrokerStatusSource? forward = null)
{
    /// <summary>The signalling loop makes a picture each second; one this old says that it stands.</summary>
    private static readonly TimeSpan StalePicture = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _startedTimestamp = time.GetTimestamp();

    /// <summary>The whole status.</summary>
    public StatusDocument Report()
    {
        DateTimeOffset now = time.GetUtcNow();
        ConfigurationState.Snapshot config = configuration.Current;
        SignallingStatus? picture = signalling?.Current;
        BufferStatus? stored = store?.Current;
        BrokerStatus? forwarded = forward?.Current;
        IReadOnlyList<string> reasons = [.. Reasons(now, config, picture, stored, forwarded)];
        return new StatusDocument(
            reasons.Count == 0 ? StatusDocument.Healthy : StatusDocument.Degraded,
            reasons,
            AgentVersion.Current,
            config.Options.AgentId,
            Environment.ProcessId,
            _startedAt,
            (long)time.GetElapsedTime(_startedTimestamp).TotalSeconds,
            Configuration(config),
            [.. (picture?.Sources ?? []).Select(s =>
                new SourceDocument(s.Name, s.IsUp, s.Packets, s.KernelDrops, s.InterfaceDrops, s.QueueDrops, s.Refused, s.Fault))],
            picture is null ? null : Signalling(picture),
            picture is null ? null : Today(now, picture),
            stored is null ? null : Store(now, stored),
            forwarded is null ? null : new BrokerDocument(
                forwarded.Broker, forwarded.Connected, forwarded.Since, forwarded.InFlight, forwarded.Parked, forwarded.LastError, forwarded.Standby),
            [.. watch.Loops.Select(loop => new LoopDocument(loop.Name, loop.Beats, watch.Lagging.Contains(loop.Name)))])
        {
            Coverage = CoverageDocument.From(picture?.Coverage),
            CoverageBefore = CoverageDocument.From(picture?.CoverageBefore),
        };
    }

    /// <summary>One line for the service manager: no number, no name.</summary>
    public string Line()
    {
        StatusDocument report = Report();
        string calls = report.Signalling is { } seen
            ? string.Create(CultureInfo.InvariantCulture, $"{seen.ActiveCalls} active calls, {report.Today?.Numbers ?? 0} numbers today")
            : "no signalling seen yet";
        return report.Reasons.Count == 0 ? calls : $"{calls}; degraded: {string.Join("; ", report.Reasons).ReplaceLineEndings(" ")}";
    }

    private IEnumerable<string> Reasons(
        DateTimeOffset now, ConfigurationState.Snapshot config, SignallingStatus? picture, BufferStatus? stored, BrokerStatus? forwarded)
    {
        if (picture is null)
        {
            yield return "signalling: nothing was observed yet";
        }
        else
        {
            foreach (string reason in SignallingReasons(now, picture))
            {
                yield return reason;
            }
        }

        if (stored?.Fault is string fault)
        {
            yield return $"store: {fault}";
        }

        if (forwarded is { Broker: not null, Parked: true })
        {
            yield return $"broker {forwarded.Broker}: refuses our records ({forwarded.LastError}); they wait in the store";
        }
        else if (forwarded is { Broker: not null, Connected: false })
        {
            yield return $"broker {forwarded.Broker}: not connected{(forwarded.LastError is null ? "" : $" ({forwarded.LastError})")}";
        }

        if (forwarded?.Standby is string first)
        {
            yield return $"broker {first}; the standby is used";
        }

        foreach (string loop in watch.Lagging)
        {
            yield return $"loop {loop}: stands still";
        }

        if (config.RefusedAt is not null)
        {
            yield return $"configuration: the last reload was refused ({string.Join("; ", config.RefusedFaults)})";
        }
    }

    private static IEnumerable<string> SignallingReasons(DateTimeOffset now, SignallingStatus picture)
    {
        if (now - picture.At > StalePicture)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"signalling: no sign of life for {(now - picture.At).TotalSeconds:0} s");
        }

        foreach (Capture.SourceStatus source in picture.Sources.Where(s => !s.IsUp))
        {
            yield return $"source {source.Name}: down ({source.Fault ?? "no reason given"})";
        }

        foreach (UnobservedPeriod open in picture.Unobserved.Where(open => open.Cause != ObservationCause.InterfaceDown))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{open.Source}: {(open.IsBlind ? "blind" : "degraded")} since {open.From:yyyy-MM-dd HH:mm:ss}Z ({ObservationCauses.NameOf(open.Cause)})");
        }

        if (picture.Confidence != Confidence.Full)
        {
            yield return $"confidence: {Word(picture.Confidence)}{(picture.Cause is null ? "" : $" ({picture.Cause})")}";
        }
    }

    private ConfigurationDocument Configuration(ConfigurationState.Snapshot config) => new(
        configuration.File,
        config.Loaded.Hash,
        ConfigurationHash.OfTrunks(config.Options.Trunks),
        config.LoadedAt,
        config.RefusedAt,
        config.RefusedFaults);

    private static SignallingDocument Signalling(SignallingStatus picture) => new(
        picture.At,
        picture.SipMessages,
        picture.Rejected,
        picture.ActiveCalls,
        Word(picture.Confidence),
        picture.Cause,
        [.. picture.HepSenders.Select(sender => new HepSenderDocument(sender.Name, sender.Packets, sender.Offset.TotalSeconds))],
        new QualityDocument(
            picture.Quality.KernelDrops,
            picture.Quality.QueueDrops,
            picture.Quality.Undecodable,
            picture.Quality.ReassemblyGaps,
            picture.Quality.Fragments,
            picture.Quality.OrphanResponses,
            picture.Quality.OrphanByes,
            picture.Quality.Evictions,
            picture.Quality.Forgotten,
            picture.Quality.Blind.TotalSeconds)
        {
            DegradedSeconds = picture.Quality.Degraded.TotalSeconds,
        })
    {
        Unobserved = [.. picture.Unobserved.OrderByDescending(each => each.IsBlind).ThenBy(each => each.From)
            .Select(each => new UnobservedDocument(each.Source, ObservationCauses.NameOf(each.Cause), each.IsBlind, each.From))],
    };

    private static TodayDocument Today(DateTimeOffset now, SignallingStatus picture)
    {
        NumberCounters sum = new();
        foreach ((_, NumberCounters counters) in picture.Today)
        {
            sum.Add(counters);
        }

        return new TodayDocument(
            new ParisDay().Of(now),
            picture.Today.Count,
            sum.Attempts,
            sum.Answered,
            GuardHits.Of(sum.Guards),
            RatiosDocument.From(sum));
    }

    private static StoreDocument Store(DateTimeOffset now, BufferStatus stored) => new(
        stored.UnsentRecords,
        stored.OldestUnsentAt,
        stored.OldestUnsentAt is DateTimeOffset oldest ? Math.Max(0, (long)(now - oldest).TotalSeconds) : null,
        stored.Bytes,
        stored.Epoch,
        stored.NextSequence,
        stored.Fault,
        stored.OldestSequence,
        stored.ReachedDays,
        stored.PublicKey,
        stored.KeyFingerprint);

    private static string Word(Confidence confidence) => confidence switch
    {
        Confidence.Full => "full",
        Confidence.Degraded => "degraded",
        _ => "blind",
    };
}
