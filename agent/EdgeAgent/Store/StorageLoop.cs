using EdgeAgent.Configuration;
using EdgeAgent.Core.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Store;

/// <summary>
/// What the storage thread does: commits, tries again, opens anew. Only <see cref="Status"/>, <see cref="Identity"/> and
/// <see cref="Acknowledged"/> may be used by other threads.
/// </summary>
internal sealed partial class StorageLoop
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JournalOpening _opening;
    private readonly RecordStamp _stamp;
    private readonly EpochKeeper _keeper;
    private readonly StoreBoard _board;
    private readonly DamageSigns _signs;
    private readonly FlushWaiters _flushes = new();
    private readonly string _boot = EpochName.RandomHex();
    private PendingBatch _waiting;
    private PendingBatch? _inFlight; // handed to the database, outcome not yet known or to be tried again
    private (string Epoch, long Transaction)? _doubt; // the commit whose outcome only the reopened file can tell
    private long _lostRows;
    private TimeSpan _pause;
    private long _retryFrom;
    private long _lastWrite;
    private string? _loss;
    private long _committedSubmission;
    private bool _isOverLimit;
    private volatile JournalIdentity _identity = new("", "", "", null, "", "");

    private StorageLoop(StoreOptions options, string agentId, RecordStamp stamp, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _stamp = stamp;
        _opening = new JournalOpening(options, agentId, stamp, []);
        _keeper = new EpochKeeper(options.Directory, time);
        _board = new StoreBoard(options, _opening.Path, Acknowledged, time);
        _signs = new DamageSigns(time);
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

    /// <summary>Current status.</summary>
    /// <param name="submittedRows">Rows not yet taken over by the storage thread.</param>
    public StoreStatus Status(int submittedRows) => _board.Now(submittedRows);

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

        bool hasWork = !_waiting.IsEmpty || _inFlight is not null || _flushes.Any || File is null || _pause > TimeSpan.Zero;
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
        _flushes.Add(submission, flushed);
        Commit(new PendingBatch(_options.PendingRows), isLast: false);
    }

    /// <summary>Closes the database and gives up whoever still waits for it.</summary>
    public void Close()
    {
        JournalOpening.Close(File);
        File = null;
        _stamp.Key.Dispose();
        _flushes.GiveUp(_board.Fault ?? "stopped");
        int abandoned = _waiting.Rows + (_inFlight?.Rows ?? 0);
        if (abandoned > 0)
        {
            StoreLog.Abandoned(_logger, abandoned, _board.Fault);
        }
    }

    private void TryCommit(bool isAcknowledgementDue)
    {
        try
        {
            if (File is null)
            {
                Reopen();
            }

            if (_isOverLimit)
            {
                File!.MakeRoom(Acknowledged, _time.GetUtcNow());
                Acknowledged.SkipTo(File.Meta.Acknowledged);
            }

            PendingBatch batch = Take();
            bool hasAcknowledged = Acknowledged.Contiguous > File!.Meta.Acknowledged && (isAcknowledgementDue || _flushes.Any);
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
        if (_board.Fault is not null)
        {
            StoreLog.Recovered(_logger);
            _board.Fault = null;
        }

        StoreStatus before = _board.Last;
        Publish();
        if (_board.Last.LastSeq != before.LastSeq || _board.Last.Epoch != before.Epoch)
        {
            Appended(_board.Last.LastSeq);
        }

        _flushes.Complete(_committedSubmission);
    }

    /// <summary>
    /// Notes the fault, sets the pause before the next attempt to write, and opens the database anew so that reading goes on, if the disk
    /// has room for the mark of an opening.
    /// </summary>
    private void Fail(Exception fault)
    {
        bool isOverLimit = JournalOpening.IsOverLimit(fault);
        _isOverLimit |= isOverLimit;
        _pause = _pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        _retryFrom = _time.GetTimestamp();
        _board.Fault = fault.Message;
        StoreLog.Refused(_logger, _pause, fault);
        if (File is not null)
        {
            JournalOpening.Close(File);
            File = null;
            TryReopen(isOverLimit || JournalOpening.IsEnvironment(fault) ? null : fault);
        }

        Publish();
    }

    private void TryReopen(Exception? sign)
    {
        try
        {
            Reopen(sign);
        }
        catch (Exception again) // tried again at the next attempt to write
        {
            StoreLog.StillClosed(_logger, again.Message);
        }
    }

    /// <summary>Opens the database once the disk takes what an opening writes: before that a try would only fail, and leave more behind.</summary>
    private void Reopen(Exception? sign = null)
    {
        // Where its writer met a full disk LiteDB leaves the log open, and it cannot be opened again before that stream is gone.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!_opening.HasRoom(out IOException? refusal))
        {
            throw refusal!;
        }

        OpenFile(sign);
    }

    /// <summary>Opens the database, then settles a commit whose outcome was in doubt.</summary>
    /// <param name="sign">A fault that points to damage; one too many of them and a file that opens is replaced all the same.</param>
    private void OpenFile(Exception? sign = null)
    {
        DateTimeOffset now = _time.GetUtcNow();
        File = _opening.Open(now, _boot, _signs.Count(sign));
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

    private void Adopt(JournalFile file, DateTimeOffset now)
    {
        _identity = file.Identity; // before the window: an acknowledgement for the old epoch is refused from here on
        Acknowledged.Reset(file.Meta.Acknowledged);
        _board.Forget();
        _keeper.Begin(file.Stand);
        _signs.Forget();
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

    private void Publish() => _board.Publish(
        File,
        _waiting.Rows + (_inFlight?.Rows ?? 0),
        _lostRows + _waiting.LostRows + (_inFlight?.LostRows ?? 0));
}
