using EdgeAgent.Configuration;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>What a replay publishes and where.</summary>
public sealed record ReplayPublication
{
    /// <summary>Agent id in topics and records.</summary>
    public required string AgentId { get; init; }

    /// <summary>The broker; its url is ignored with <see cref="IsEmbedded"/>.</summary>
    public required MqttOptions Broker { get; init; }

    /// <summary>Carriers in force, as <c>info</c> tells them.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Trunks { get; init; } = [];

    /// <summary>Hashes of the configuration, for records and <c>info</c>.</summary>
    public RecordOrigin Origin { get; init; } = RecordOrigin.None;

    /// <summary>Start a broker in this process, and a subscriber that prints to <see cref="Output"/>.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Where the embedded broker's subscriber prints.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>Store directory to keep; null for a temporary one.</summary>
    public string? StoreDirectory { get; init; }

    /// <summary>Longest wait without any progress before giving up.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What became of a publication.</summary>
/// <param name="Records">Sequenced records made.</param>
/// <param name="Acknowledged">Acknowledged by the broker, an older backlog of the same store included.</param>
/// <param name="Received">Records the embedded broker's subscriber received; null with another broker.</param>
public sealed record ReplayCounts(long Records, long Acknowledged, long? Received);

/// <summary>Publishes an offline replay through the very journal and forwarder of the daemon.</summary>
public sealed class ReplayPublisher : IAsyncDisposable
{
    private const int FlushRows = 10_000; // submitted between two waits for the disk, well within the store's memory bound

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ReplayPublication _publication;
    private readonly JournalStore _store;
    private readonly Forwarder _forwarder;
    private readonly EmbeddedBroker? _broker;
    private readonly SubscriberPrinter? _subscriber;
    private readonly string? _temporary;
    private readonly TimeProvider _time;
    private readonly long _firstSeq;
    private int _unflushedRows;
    private RecordOrigin _origin;

    private ReplayPublisher(
        ReplayPublication publication,
        JournalStore store,
        Forwarder forwarder,
        EmbeddedBroker? broker,
        SubscriberPrinter? subscriber,
        string? temporary,
        TimeProvider time)
    {
        _publication = publication;
        _store = store;
        _forwarder = forwarder;
        _broker = broker;
        _subscriber = subscriber;
        _temporary = temporary;
        _time = time;
        _firstSeq = store.Status.LastSeq + 1;
        _origin = publication.Origin;
    }

    /// <summary>Opens the store and begins to connect.</summary>
    /// <exception cref="StoreUnavailableException">The store directory is in use or cannot be written.</exception>
    public static async Task<ReplayPublisher> StartAsync(
        ReplayPublication publication, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(publication);
        ArgumentNullException.ThrowIfNull(time);
        string? temporary = publication.StoreDirectory is null ? Directory.CreateTempSubdirectory("edge-agent-replay-").FullName : null;
        StoreOptions storeOptions = new() { Directory = publication.StoreDirectory ?? temporary! };
        JournalStore store = JournalStore.Open(storeOptions, publication.AgentId, time, loggers.CreateLogger<JournalStore>(), publication.Origin);
        EmbeddedBroker? broker = publication.IsEmbedded ? await EmbeddedBroker.StartAsync().ConfigureAwait(false) : null;
        MqttOptions options = broker is null ? publication.Broker : new MqttOptions
        {
            Url = broker.Url, // neither login nor second broker of the configuration
            TopicPrefix = publication.Broker.TopicPrefix,
            InFlight = publication.Broker.InFlight,
        };
        SubscriberPrinter? subscriber = broker is null ? null : await SubscriberPrinter.StartAsync(
            broker.Url, options.TopicPrefix, publication.Output, cancellationToken).ConfigureAwait(false);
        AgentInfo info = new()
        {
            AgentId = publication.AgentId,
            Version = AgentVersion.Current,
            Started = time.GetUtcNow(),
            Trunks = publication.Trunks,
            ConfigHash = publication.Origin.ConfigHash,
            TrunksHash = publication.Origin.TrunksHash,
            PolicyHash = publication.Origin.PolicyHash,
            RetentionDays = storeOptions.RetentionDays,
        };
        Forwarder forwarder = new(store, options, () => info, [], time, loggers.CreateLogger<Forwarder>());
        ReplayPublisher publisher = new(publication, store, forwarder, broker, subscriber, temporary, time);
        await forwarder.StartAsync(cancellationToken).ConfigureAwait(false);
        return publisher;
    }

    /// <summary>Publishes a minute.</summary>
    public Task AddAsync(SealedMinute minute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(minute);
        _origin = _origin with
        {
            Packets = _origin.Packets + minute.Traffic.Packets,
            Dropped = _origin.Dropped + minute.Quality.KernelDrops + minute.Quality.QueueDrops,
        };
        return AddAsync(new JournalBatch([minute], [], Snapshot(minute.Start)) { Origin = _origin }, minute.Numbers.Count + 1, cancellationToken);
    }

    /// <summary>Publishes an event.</summary>
    public Task AddAsync(AgentEvent happened, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return AddAsync(new JournalBatch([], [happened], Snapshot(happened.At)), 1, cancellationToken);
    }

    /// <summary>Waits until the broker has acknowledged everything, and the embedded subscriber has received it.</summary>
    /// <exception cref="TimeoutException">Nothing moved for <see cref="ReplayPublication.StallLimit"/>; the message says why.</exception>
    public async Task<ReplayCounts> CompleteAsync(CancellationToken cancellationToken)
    {
        await _store.FlushAsync(cancellationToken).ConfigureAwait(false);
        long records = _store.Status.LastSeq - _firstSeq + 1;
        long depth = _store.Status.Depth;
        long moved = _time.GetTimestamp();
        while (depth > 0)
        {
            await Task.Delay(Poll, _time, cancellationToken).ConfigureAwait(false);
            long now = _store.Status.Depth;
            moved = now < depth ? _time.GetTimestamp() : moved;
            depth = now;
            if (_time.GetElapsedTime(moved) > _publication.StallLimit)
            {
                ForwardStatus forward = _forwarder.Status;
                throw new TimeoutException(
                    $"{depth} records not acknowledged by {forward.Broker}: {forward.Parked ?? forward.LastError ?? "no answer"}");
            }
        }

        if (_subscriber is not null)
        {
            await _subscriber.WaitForRecordsAsync(records, cancellationToken)
                .WaitAsync(_publication.StallLimit, _time, cancellationToken).ConfigureAwait(false);
        }

        return new ReplayCounts(records, _forwarder.Status.Acknowledged, _subscriber?.Records);
    }

    /// <summary>Stops sending, closes the store and removes it when it was temporary.</summary>
    public async ValueTask DisposeAsync()
    {
        await _forwarder.StopAsync(CancellationToken.None).ConfigureAwait(false);
        _forwarder.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
        if (_subscriber is not null)
        {
            await _subscriber.DisposeAsync().ConfigureAwait(false);
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private async Task AddAsync(JournalBatch batch, int rows, CancellationToken cancellationToken)
    {
        _store.Submit(batch);
        _unflushedRows += rows;
        if (_unflushedRows >= FlushRows)
        {
            _unflushedRows = 0;
            await _store.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static AgentSnapshot Snapshot(DateTimeOffset at) => new(at, ReadOnlyMemory<byte>.Empty);
}
