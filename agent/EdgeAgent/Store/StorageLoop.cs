using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Store;

/// <summary>
/// What the storage thread does: commits, tries again, opens anew. Only <see cref="Status"/>, <see cref="Identity"/> and
/// <see cref="Acknowledged"/> may be used by other threads.
/// </summary>
internal sealed class StorageLoop
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Faults that are none of the environment's, within an hour, after which the file counts as damaged although it opens.</summary>
    private const int MaxDamageSigns = 3;

    private static readonly TimeSpan DamageSignAge = TimeSpan.FromHours(1);

    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JournalOpening _opening;
    private readonly RecordStamp _stamp;
    private readonly EpochKeeper _keeper;
    private readonly OldestRecord _oldestUnsent = new();
    private readonly OldestRecord _oldestKept = new();
    private readonly string _boot = EpochName.RandomHex();
    private readonly List<(long Submission, TaskCompletionSource Flushed)> _flushes = [];
    private PendingBatch _waiting;
    private PendingBatch? _inFlight; // handed to the database, outcome not yet known or to be tried again
    private (string Epoch, long Transaction)? _doubt; // the commit whose outcome only the reopened file can tell
    private int _damageSigns;
    private long _lastSign;
    private long _lostRows;
    private TimeSpan _pause;
    private long _retryFrom;
    private long _lastWrite;
    private string? _loss;
    private long _committedSubmission;
    private bool _isOverLimit;
    private volatile StoreStatus _status = new(0, null, 0, 0, "", 0, 0, 0, 0, 1, null, null);
    private volatile JournalIdentity _identity = new("", "", "", null, "", "");

    private StorageLoop(StoreOptions options, string agentId, RecordStamp stamp, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _stamp = stamp;
        _opening = new JournalOpening(options, agentId, stamp, []);
        _keeper = new EpochKeeper(options.Directory, time);
        _waiting = new PendingBatch(options.PendingRows);
    }

    /// <summary>The open database, null while it cannot be opened.</summary>
    public JournalFile? File { get; private set; }

    /// <summary>What the broker has.</summary>
    public AcknowledgementWindow Acknowledged { get; } = new();

    /// <summary>Told the last sequence number after each commit that added records.</summary>
    public Action<long> Appended { get; set; } = _ => { };

    /// <summary>Origin written into records.</summary>
    public JournalIdentity Identity => _identity;

    /// <summary>Opens the database on the caller's thread; from then on everything belongs to the storage thread.</summary>
    public static StorageLoop Open(StoreOptions options, string agentId, RecordOrigin origin, TimeProvider time, ILogger logger)
    {
        SigningKey key = SigningKey.LoadOrCreate(options);
        RecordStamp stamp = new(key, origin) { Succession = key.Succession(options, agentId) };
        StorageLoop loop = new(options, agentId, stamp, time, logger);
        try
        {
            loop.OpenFile();
            loop.Commit(new PendingBatch(options.PendingRows), isLast: false);
            return loop;
        }
        catch
        {
            loop._stamp.Key.Dispose();
            throw;
        }
    }

    /// <summary>Current status; counts that move without a commit are read now.</summary>
    /// <param name="submittedRows">Rows not yet taken over by the storage thread.</param>
    public StoreStatus Status(int submittedRows)
    {
        StoreStatus last = _status;
        long contiguous = Math.Min(Acknowledged.Contiguous, last.LastSeq);
        long depth = Math.Max(0, last.LastSeq - contiguous - Acknowledged.Ahead);
        return last with
        {
            Depth = depth,
            OldestUnsentAt = depth == 0 ? null : last.OldestUnsentAt,
            AcknowledgedSeq = contiguous,
            PendingRows = last.PendingRows + submittedRows,
        };
    }

    /// <summary>Commits <paramref name="batch"/> behind what still waits, and acknowledgements when their interval is over.</summary>
    /// <param name="batch">Newly submitted.</param>
    /// <param name="isLast">The store is closing: try now whatever the pause, once.</param>
    public void Commit(PendingBatch batch, bool isLast)
    {
        _waiting.Add(batch);
        bool isPausing = _pause > TimeSpan.Zero && _time.GetElapsedTime(_retryFrom) < _pause;
        if (isPausing && !isLast)
        {
            return;
        }

        bool hasWork = !_waiting.IsEmpty || _inFlight is not null || _flushes.Count > 0 || File is null || _pause > TimeSpan.Zero;
        bool isAcknowledgementDue = File is not null && Acknowledged.Contiguous > File.Meta.Acknowledged
            && (isLast || _time.GetElapsedTime(_lastWrite) >= _options.AcknowledgeInterval);
        if (hasWork || isAcknowledgementDue)
        {
            TryCommit(isAcknowledgementDue);
        }

        if (File is not null && _keeper.Keep(File.Stand, isLast) is Exception fault)
        {
            StoreLog.EpochNotKept(_logger, fault.Message);
        }

        Publish();
    }

    /// <summary>Notes an acknowledgement, unless it is for a journal that has been replaced.</summary>
    public void Acknowledge(in JournalRecord record)
    {
        if (record.Epoch == _identity.Epoch)
        {
            Acknowledged.Add(record.Seq);
        }
    }

    /// <summary>Completes <paramref name="flushed"/> once batch number <paramref name="submission"/> is on disk.</summary>
    public void AddFlush(long submission, TaskCompletionSource flushed)
    {
        _flushes.Add((submission, flushed));
        Commit(new PendingBatch(_options.PendingRows), isLast: false);
    }

    /// <summary>Runs a request and hands over its answer or its fault.</summary>
    public void Answer<T>(JournalFile? file, Func<JournalFile, T> ask, TaskCompletionSource<T> answer)
    {
        if (file is null)
        {
            answer.TrySetException(new StoreUnavailableException($"the store cannot be read: {_status.Fault}"));
            return;
        }

        try
        {
            answer.TrySetResult(ask(file));
        }
        catch (Exception fault) // LiteDB throws anything on a damaged page; the caller must hear of it and the thread must live
        {
            Fail(fault);
            answer.TrySetException(new StoreUnavailableException($"the store cannot be read: {fault.Message}", fault));
        }
    }

    /// <summary>State as of the last commit.</summary>
    public RestoredState Restore(JournalFile file) => new(
        file.ReadSnapshot(),
        file.Meta.Epoch,
        file.Meta.Begins.Predecessor,
        file.Meta.Boot,
        file.Meta.NextSeq,
        file.Meta.LastSealedTicks == 0 ? null : new DateTimeOffset(file.Meta.LastSealedTicks, TimeSpan.Zero),
        file.Attempts.All(),
        file.Consents.All(),
        _loss);

    /// <summary>Remembers the nonce of a command.</summary>
    public bool Remember(JournalFile file, string nonce, DateTimeOffset until)
    {
        file.Remember(nonce, until, _time.GetUtcNow());
        return true;
    }

    /// <summary>Compares an anchor with the journal and keeps it for the next record; where they contradict each other a new epoch begins.</summary>
    public AnchorOutcome Take(JournalFile file, Anchor anchor)
    {
        AnchorOutcome outcome = file.Compare(anchor);
        if (outcome == AnchorOutcome.RolledBack)
        {
            Replace(file, JournalOpening.RolledBack, file.Meta.LastSeq, anchor);
        }
        else if (outcome == AnchorOutcome.Rewritten)
        {
            Replace(file, JournalOpening.Rewritten, anchor.Seq, anchor);
        }

        _stamp.Anchor = anchor;
        return outcome;
    }

    /// <summary>Closes the database and gives up whoever still waits for it.</summary>
    public void Close()
    {
        JournalOpening.Close(File);
        File = null;
        _stamp.Key.Dispose();
        foreach ((_, TaskCompletionSource flushed) in _flushes)
        {
            flushed.TrySetException(new StoreUnavailableException($"the store was closed: {_status.Fault ?? "stopped"}"));
        }

        int abandoned = _waiting.Rows + (_inFlight?.Rows ?? 0);
        if (abandoned > 0)
        {
            StoreLog.Abandoned(_logger, abandoned, _status.Fault);
        }
    }

    private void TryCommit(bool isAcknowledgementDue)
    {
        try
        {
            if (File is null)
            {
                OpenFile();
            }

            if (_isOverLimit)
            {
                File!.MakeRoom(Acknowledged, _time.GetUtcNow());
                Acknowledged.SkipTo(File.Meta.Acknowledged);
            }

            PendingBatch batch = Take();
            bool hasAcknowledged = Acknowledged.Contiguous > File!.Meta.Acknowledged && (isAcknowledgementDue || _flushes.Count > 0);
            bool needsTransaction = hasAcknowledged || !batch.HasNoRecord || _pause > TimeSpan.Zero || File.Meta.StateMark == 0
                || File.IsAged(_time.GetUtcNow());
            if (!needsTransaction)
            {
                File.Keep(batch.Snapshot);
                Succeed();
                return;
            }

            _doubt = (File.Meta.Epoch, File.Meta.Transaction + 1);
            File.Commit(batch, Acknowledged, _time.GetUtcNow());
            _doubt = null;
            _lastWrite = _time.GetTimestamp();
            Succeed();
        }
        catch (Exception fault) // whatever LiteDB makes of a refusing disk or a damaged page; the thread must live
        {
            Fail(fault);
        }
    }

    private PendingBatch Take()
    {
        PendingBatch batch = _inFlight ?? new PendingBatch(_options.PendingRows);
        batch.Add(_waiting);
        _waiting = new PendingBatch(_options.PendingRows);
        _inFlight = batch;
        return batch;
    }

    private void Succeed()
    {
        Acknowledged.SkipTo(File!.Meta.Acknowledged);
        _committedSubmission = Math.Max(_committedSubmission, _inFlight!.LastSubmission);
        _lostRows += _inFlight.LostRows;
        _inFlight = null;
        _pause = TimeSpan.Zero;
        _isOverLimit = false;
        if (_status.Fault is not null)
        {
            StoreLog.Recovered(_logger);
            _status = _status with { Fault = null };
        }

        StoreStatus before = _status;
        Publish();
        if (_status.LastSeq != before.LastSeq || _status.Epoch != before.Epoch)
        {
            Appended(_status.LastSeq);
        }

        foreach ((_, TaskCompletionSource flushed) in _flushes.Where(flush => flush.Submission <= _committedSubmission))
        {
            flushed.TrySetResult();
        }

        _flushes.RemoveAll(flush => flush.Submission <= _committedSubmission);
    }

    /// <summary>Notes the fault, opens the database anew so that reading goes on, and sets the pause before the next attempt to write.</summary>
    private void Fail(Exception fault)
    {
        bool isOverLimit = JournalOpening.IsOverLimit(fault);
        _isOverLimit |= isOverLimit;
        _pause = _pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        _retryFrom = _time.GetTimestamp();
        _status = _status with { Fault = fault.Message };
        StoreLog.Refused(_logger, _pause, fault);
        JournalOpening.Close(File);
        File = null;
        try
        {
            bool isSign = !isOverLimit && !JournalOpening.IsEnvironment(fault) && _opening.HasRoom(out _);
            OpenFile(isSign ? fault : null);
        }
        catch (Exception again) // tried again at the next attempt to write
        {
            StoreLog.StillClosed(_logger, again.Message);
        }

        Publish();
    }

    /// <summary>Opens the database, then settles a commit whose outcome was in doubt.</summary>
    /// <param name="sign">A fault that points to damage; one too many of them and a file that opens is replaced all the same.</param>
    private void OpenFile(Exception? sign = null)
    {
        DateTimeOffset now = _time.GetUtcNow();
        _damageSigns = _time.GetElapsedTime(_lastSign) > DamageSignAge ? 0 : _damageSigns;
        if (sign is not null)
        {
            _damageSigns++;
            _lastSign = _time.GetTimestamp();
        }

        File = _opening.Open(now, _boot, _damageSigns >= MaxDamageSigns ? sign : null);
        if (File.Meta.Epoch != _identity.Epoch)
        {
            Adopt(File, now);
        }

        bool isStoredAfterAll = _doubt is (string epoch, long transaction)
            && File.Meta.Epoch == epoch && File.Meta.Transaction > transaction; // the boot mark is one more
        _doubt = null;
        if (isStoredAfterAll)
        {
            Succeed();
        }
    }

    private void Replace(JournalFile file, string loss, long lossSeq, Anchor anchor)
    {
        DateTimeOffset now = _time.GetUtcNow();
        JournalOpening.Close(file);
        File = null;
        File = _opening.Replace(now, _boot, loss, lossSeq, new EpochLink(anchor.Epoch, anchor.Seq, anchor.Hash));
        Adopt(File, now);
    }

    private void Adopt(JournalFile file, DateTimeOffset now)
    {
        _identity = file.Identity; // before the window: an acknowledgement for the old epoch is refused from here on
        Acknowledged.Reset(file.Meta.Acknowledged);
        _oldestUnsent.Forget();
        _oldestKept.Forget();
        _keeper.Begin(file.Stand);
        _damageSigns = 0;
        if (_opening.Loss is string loss)
        {
            _loss = loss;
            StoreLog.Lost(_logger, loss, file.Meta.Epoch, _opening.Damage);
            (_inFlight ?? _waiting).AddFirst(
                new AgentEvent { Kind = AgentEventKind.StoreLoss, At = now, Reason = loss, Value = _opening.LossSeq, To = now });
        }

        if (file.Meta.Key.Length > 0 && file.Meta.Key != _stamp.Key.Fingerprint)
        {
            (_inFlight ?? _waiting).AddFirst(new AgentEvent { Kind = AgentEventKind.Config, At = now, Reason = "signingKey" });
        }

        StoreLog.Opened(_logger, _options.Directory, file.Meta.Epoch, file.Meta.NextSeq);
    }

    private void Publish()
    {
        int pending = _waiting.Rows + (_inFlight?.Rows ?? 0);
        long lost = _lostRows + _waiting.LostRows + (_inFlight?.LostRows ?? 0);
        if (File is null)
        {
            _status = _status with { PendingRows = pending, LostRows = lost };
            return;
        }

        JournalMeta meta = File.Meta;
        _oldestUnsent.Look(File, Math.Max(Acknowledged.Contiguous + 1, meta.OldestSeq));
        _oldestKept.Look(File, meta.OldestSeq);
        _status = new StoreStatus(
            meta.LastSeq - Math.Min(Acknowledged.Contiguous, meta.LastSeq),
            _oldestUnsent.StoredAt,
            FileBytes(),
            meta.RecordBytes,
            meta.Epoch,
            meta.LastSeq,
            Acknowledged.Contiguous,
            pending,
            lost,
            meta.OldestSeq,
            RetentionReach.Days(_options, meta.RecordBytes, _oldestKept.StoredAt, _time.GetUtcNow()),
            _status.Fault);
    }

    private long FileBytes()
    {
        FileInfo file = new(_opening.Path);
        return file.Exists ? file.Length : 0; // of the database, which the quota bounds
    }
}
