using EdgeAgent.Configuration;
using System.Threading.Channels;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Store;

/// <summary>
/// The journal on disk. One thread does all database work; callers hand it requests (at most 64 wait, the next caller waits for a place)
/// or batches, which never wait. While the disk refuses to write, batches join in memory and are tried again with growing pauses.
/// </summary>
public sealed class JournalStore : IJournal, IAsyncDisposable
{
    private const int MaxRequests = 64;
    private const int NotStopping = 0;
    private const int Stopping = 1;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly SemaphoreSlim _places = new(MaxRequests);
    private readonly Queue<Action<JournalFile?>> _requests = new();
    private readonly Channel<long> _appended = Channel.CreateBounded<long>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly StorageLoop _loop;
    private readonly StoreOptions _options;
    private readonly StoreLock _lock;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingBatch _pending;
    private long _submissions;
    private int _stopping = NotStopping;
    private long _beats;
    private bool _isClosed; // guarded by _gate: no request comes in after the thread's last look

    private JournalStore(StoreOptions options, StoreLock storeLock, StorageLoop loop)
    {
        _options = options;
        _lock = storeLock;
        _loop = loop;
        _pending = new PendingBatch(options.PendingRows);
        _loop.Appended = seq => _appended.Writer.TryWrite(seq);
        _thread = new Thread(Run) { Name = "store", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public JournalIdentity Identity => _loop.Identity;

    /// <inheritdoc/>
    public ChannelReader<long> Appended => _appended.Reader;

    /// <summary>Grows at least twice a second while the storage thread is alive and not stuck in the disk.</summary>
    public long Beats => Interlocked.Read(ref _beats);

    /// <inheritdoc/>
    public StoreStatus Status
    {
        get
        {
            int waiting;
            lock (_gate)
            {
                waiting = _pending.Rows;
            }

            return _loop.Status(waiting);
        }
    }

    /// <summary>Opens the store, repairing or replacing what is damaged, and starts its thread.</summary>
    /// <exception cref="StoreUnavailableException">Another agent uses it, or the directory cannot be written.</exception>
    /// <param name="options">Where and how.</param>
    /// <param name="agentId">Agent id in records.</param>
    /// <param name="time">Wall clock and pauses.</param>
    /// <param name="logger">Told what goes wrong.</param>
    /// <param name="origin">Conditions of records made before the first batch names any; null when nothing is known.</param>
    public static JournalStore Open(
        StoreOptions options, string agentId, TimeProvider time, ILogger<JournalStore> logger, RecordOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        CreateDirectory(options.Directory);
        StoreLock storeLock = StoreLock.Take(options.Directory);
        try
        {
            return new JournalStore(options, storeLock, StorageLoop.Open(options, agentId, origin ?? RecordOrigin.None, time, logger));
        }
        catch (Exception fault) // LiteDB throws anything; the caller needs one kind, and the lock must be freed
        {
            storeLock.Dispose();
            throw new StoreUnavailableException($"store {options.Directory} cannot be used: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Submit(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            _pending.Add(batch, ++_submissions);
        }

        _wake.Set();
    }

    /// <inheritdoc/>
    public void Record(AgentEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        lock (_gate)
        {
            _pending.Add(happened, ++_submissions);
        }

        _wake.Set();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<string, DateTimeOffset>>> ReadNoncesAsync(CancellationToken cancellationToken) =>
        AskAsync(file => file.Nonces.All(), cancellationToken);

    /// <inheritdoc/>
    public Task RememberNonceAsync(string nonce, DateTimeOffset until, CancellationToken cancellationToken) =>
        AskAsync(file => _loop.Remember(file, nonce, until), cancellationToken);

    /// <inheritdoc/>
    public void Acknowledge(in JournalRecord record) => _loop.Acknowledge(record);

    /// <inheritdoc/>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        long submission;
        lock (_gate)
        {
            submission = _submissions;
        }

        TaskCompletionSource flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await EnqueueAsync(_ => _loop.AddFlush(submission, flushed), cancellationToken).ConfigureAwait(false);
        await flushed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<RestoredState> RestoreAsync(CancellationToken cancellationToken) =>
        AskAsync(_loop.Restore, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>> ReadUnsentAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
        AskAsync(file => file.ReadUnsent(_loop.Acknowledged, afterSeq, max), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>> ReadRangeAsync(long from, long to, int max, CancellationToken cancellationToken) =>
        AskAsync(file => file.ReadRange(from, to, max), cancellationToken);

    /// <inheritdoc/>
    public Task<AnchorOutcome> AnchorAsync(Anchor anchor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return AskAsync(file => _loop.Take(file, anchor), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(DateOnly day, CancellationToken cancellationToken) =>
        AskAsync(file => file.Totals.Day(day), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NumberTotal>> TakeChangedTotalsAsync(int max, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<NumberTotal>>(file => file.Totals.TakeChanged(file.Meta, max), cancellationToken);

    /// <inheritdoc/>
    public Task MarkTotalsAsync(CancellationToken cancellationToken) =>
        AskAsync(
            file =>
            {
                file.Totals.MarkAfterOpening(file.Meta);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task SettleTotalAsync(NumberTotal total, bool isSent, CancellationToken cancellationToken) =>
        AskAsync(
            file =>
            {
                file.Totals.Settle(total, isSent);
                return true;
            },
            cancellationToken);

    /// <summary>Commits what was submitted, unless the disk refuses, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopping, Stopping) == NotStopping)
        {
            _wake.Set();
        }

        await _ended.Task.ConfigureAwait(false);
        _lock.Dispose();
        _wake.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<JournalFile, T> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await EnqueueAsync(file => _loop.Answer(file, ask, answer), cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task EnqueueAsync(Action<JournalFile?> request, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _requests.Enqueue(request);
        }

        Wake();
    }

    private void Wake()
    {
        if (!_ended.Task.IsCompleted)
        {
            _wake.Set();
        }
    }

    private void Run()
    {
        bool isLast = false;
        while (!isLast)
        {
            _wake.WaitOne(Tick);
            isLast = Volatile.Read(ref _stopping) == Stopping;
            PendingBatch batch;
            lock (_gate)
            {
                batch = _pending;
                _pending = new PendingBatch(_options.PendingRows);
            }

            _loop.Commit(batch, isLast);
            RunRequests();
            Interlocked.Increment(ref _beats);
        }

        lock (_gate)
        {
            _isClosed = true;
        }

        RunRequests();
        _loop.Close();
        _appended.Writer.TryComplete();
        _ended.TrySetResult();
    }

    private void RunRequests()
    {
        while (true)
        {
            Action<JournalFile?>? request;
            lock (_gate)
            {
                if (!_requests.TryDequeue(out request))
                {
                    return;
                }
            }

            request(_loop.File);
            _places.Release();
        }
    }

    private static void CreateDirectory(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"store {directory} cannot be made: {fault.Message}", fault);
        }
    }
}
