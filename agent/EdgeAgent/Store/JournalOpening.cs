using EdgeAgent.Configuration;
using System.Globalization;
using EdgeAgent.Core.Evidence;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Opens the database and looks at every part that is needed to go on. A damaged one throws whatever the damage leads to, so every
/// exception but those of the environment (disk full, no permission) counts as damage: the files are kept aside and a new epoch begins.
/// </summary>
internal sealed class JournalOpening(StoreOptions options, string agentId, RecordStamp stamp, HashSet<string> changedTopics)
{
    /// <summary>Name of the database in the store directory.</summary>
    internal const string FileName = "journal.db";

    /// <summary>In the name of a file kept aside; the time follows.</summary>
    internal const string AsideMark = ".damaged-";

    /// <summary>Loss: an older copy of the database was put back.</summary>
    internal const string RolledBack = "rolledBack";

    /// <summary>Loss: a record is not the one that was written.</summary>
    internal const string Rewritten = "rewritten";

    private const string LogName = "journal-log.db"; // LiteDB's choice

    private const int InputOutputError = 5; // EIO: the medium is damaged, unlike a full disk

    private const int RecordsScanned = 64;

    private const int RoomBytes = 128 * 1024;

    private readonly StateLog _states = StateLog.For(options.Directory, options.QuotaBytes);

    /// <summary>Path of the database.</summary>
    public string Path { get; } = System.IO.Path.Combine(options.Directory, FileName);

    /// <summary>Why the last opening began a new epoch; null when it went on with what was there, or it is the first.</summary>
    public string? Loss { get; private set; }

    /// <summary>The record concerned: the last one in the file put back, or the one that is another.</summary>
    public long? LossSeq { get; private set; }

    /// <summary>What the damage was, for the log.</summary>
    public Exception? Damage { get; private set; }

    /// <summary>Opens what is there or begins anew.</summary>
    /// <param name="now">Time for a new epoch's name and of files kept aside.</param>
    /// <param name="boot">Identity of this run.</param>
    /// <param name="damage">Given when the file opens but proved unusable again and again: it is replaced.</param>
    public JournalFile Open(DateTimeOffset now, string boot, Exception? damage = null)
    {
        EpochFile? copy = EpochFile.Read(options.Directory);
        SetLoss(damage is null ? null : "damaged", null, damage);
        bool isPresent = File.Exists(Path) && new FileInfo(Path).Length > 0;
        if (!isPresent)
        {
            SetLoss(copy is null ? null : "missing");
            return Begin(now, boot, LinkTo(copy));
        }

        return damage is null ? GoOn(now, boot, copy) : Begin(now, boot, LinkTo(copy));
    }

    /// <summary>Begins a new epoch in place of a file that opens and cannot be trusted: a collector has had more, or other records.</summary>
    /// <param name="now">Time for its name.</param>
    /// <param name="boot">Identity of this run.</param>
    /// <param name="loss">Why.</param>
    /// <param name="lossSeq">The record concerned.</param>
    /// <param name="link">What is known of the epoch before.</param>
    public JournalFile Replace(DateTimeOffset now, string boot, string loss, long lossSeq, EpochLink link)
    {
        SetLoss(loss, lossSeq);
        return Begin(now, boot, link);
    }

    /// <summary>Goes on with the file that is there, unless it is damaged, another's or an older one.</summary>
    private JournalFile GoOn(DateTimeOffset now, string boot, EpochFile? copy)
    {
        LiteDatabase? database = null;
        try
        {
            database = Connect();
            JournalFile file = Scan(database, boot);
            if (IsOurs(file, copy))
            {
                return Mark(file, now, copy);
            }
        }
        catch (Exception fault) when (!IsEnvironment(fault) && HasRoom(out _))
        {
            SetLoss("damaged", null, fault);
        }
        catch
        {
            Close(database);
            throw;
        }

        Close(database);
        return Begin(now, boot, LinkTo(copy));
    }

    /// <summary>Compares the file with what is known outside of it; says what is wrong in <see cref="Loss"/>.</summary>
    private bool IsOurs(JournalFile file, EpochFile? copy)
    {
        if (file.Meta.Agent != agentId)
        {
            SetLoss("foreign"); // the agent got another name: one epoch is one agent's
            return false;
        }

        if (copy is null || copy.Epoch == file.Meta.Begins.Predecessor)
        {
            return true; // the copy is gone, or a new epoch had no time to write it
        }

        if (copy.Epoch != file.Meta.Epoch)
        {
            SetLoss("foreign"); // another journal was put in the place of ours
        }
        else if (copy.LastSeq > file.Meta.LastSeq)
        {
            SetLoss(RolledBack, file.Meta.LastSeq);
        }
        else if (copy.LastHash is RecordHash hash && file.HashOf(copy.LastSeq) is RecordHash stored && stored != hash)
        {
            SetLoss(Rewritten, copy.LastSeq);
        }

        return Loss is null;
    }

    private void SetLoss(string? loss, long? seq = null, Exception? damage = null) => (Loss, LossSeq, Damage) = (loss, seq, damage);

    private static EpochLink LinkTo(EpochFile? copy) =>
        copy is null ? EpochLink.None
        : new EpochLink(copy.Epoch, copy.LastHash is null ? null : copy.LastSeq, copy.LastHash);

    /// <summary>
    /// True when the disk takes what an opening writes. LiteDB writes its log on a thread of its own: on a full disk the caller hears of a
    /// closed engine or worse, which must not be taken for damage.
    /// </summary>
    /// <param name="refusal">Why not; null when it does.</param>
    internal bool HasRoom(out IOException? refusal)
    {
        string probe = System.IO.Path.Combine(options.Directory, "room.tmp");
        refusal = null;
        try
        {
            using FileStream stream = DurableFile.CreatePrivate(probe);
            stream.Write(new byte[RoomBytes]);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException fault)
        {
            refusal = fault;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or ArgumentOutOfRangeException) // the latter is .NET's word for EFBIG
        {
            refusal = new IOException(fault.Message, fault);
        }

        File.Delete(probe); // there is none where it could not be made
        return refusal is null;
    }

    /// <summary>True for faults that say nothing about the file's contents.</summary>
    internal static bool IsEnvironment(Exception fault) =>
        fault is UnauthorizedAccessException
        || (fault is IOException and not EndOfStreamException && fault.HResult != InputOutputError);

    /// <summary>True when the database has reached its size limit. LiteDB 5.0.20 gives this fault no code of its own, only this text.</summary>
    internal static bool IsOverLimit(Exception fault) =>
        fault is LiteException && fault.Message.StartsWith("Maximum data file size", StringComparison.Ordinal);

    /// <summary>Closes what may be broken.</summary>
    internal static void Close(IDisposable? database)
    {
        try
        {
            database?.Dispose();
        }
        catch (Exception)
        {
            // Closing writes the log back into the data file; where that fails the log stays, and the next opening reads it.
        }
    }

    private JournalFile Begin(DateTimeOffset now, string boot, EpochLink link)
    {
        if (!HasRoom(out IOException? refusal))
        {
            throw new IOException($"there is no room for a journal: {refusal!.Message}", refusal); // what is there stays where it is
        }

        KeepAside(now);
        DurableFile.CreatePrivate(Path).Dispose();
        LiteDatabase database = Connect();
        try
        {
            string epoch = EpochName.Create(now);
            JournalMeta meta = new() { Epoch = epoch, Agent = agentId, Begins = link, LastHash = link.HashFor(agentId, epoch), Boot = boot };
            _states.Open(meta.StateMark);
            return Mark(new JournalFile(database, _states, meta, agentId, stamp, options, changedTopics), now, null);
        }
        catch
        {
            Close(database);
            throw;
        }
    }

    /// <summary>Writes the boot mark; then the copy of the epoch, which must never name a journal that is not on disk.</summary>
    private JournalFile Mark(JournalFile file, DateTimeOffset now, EpochFile? copy)
    {
        AcknowledgementWindow acknowledged = new();
        acknowledged.Reset(file.Meta.Acknowledged);
        file.Commit(null, acknowledged, now);
        file.CloseReserve();
        if (copy != file.Stand)
        {
            file.Stand.Write(options.Directory);
        }

        return file;
    }

    private JournalFile Scan(LiteDatabase database, string boot)
    {
        BsonDocument document = database.GetCollection("meta").FindById(1)
            ?? throw new InvalidDataException("the journal is empty");
        JournalMeta meta = JournalMeta.From(document) with { Boot = boot };
        _states.Open(meta.StateMark);
        JournalFile file = new(database, _states, meta, agentId, stamp, options, changedTopics);
        for (long seq = Math.Max(meta.OldestSeq, meta.NextSeq - RecordsScanned); seq < meta.NextSeq; seq++)
        {
            _ = file.Read(seq) ?? throw new InvalidDataException($"record {seq} is missing");
        }

        file.CatchUp();
        _ = file.ReadStoredAt(meta.OldestSeq);
        _ = file.ReadSnapshot();
        _ = file.Totals.Day(DateOnly.FromDayNumber(meta.Day));
        _ = file.Totals.Perpetual();
        file.Totals.MarkAfterOpening(meta);
        return file;
    }

    private LiteDatabase Connect()
    {
        LiteDatabase database = new(new ConnectionString
        {
            Filename = Path,
            Connection = ConnectionType.Direct,
            Collation = Collation.Binary, // account names that differ in case are different
        });
        try
        {
            database.UtcDate = true;
            database.CheckpointSize = 1_000; // a safety net: every commit is followed by a checkpoint
            JournalFile.SetLimit(database, options, isReserveOpen: true); // closed after the boot mark
            return database;
        }
        catch
        {
            Close(database);
            throw;
        }
    }

    /// <summary>Moves data and log aside together: a log without its data file, or beside a new one, would be applied to the wrong pages.</summary>
    private void KeepAside(DateTimeOffset now)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $"{AsideMark}{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        foreach (string name in (ReadOnlySpan<string>)[LogName, FileName])
        {
            string path = System.IO.Path.Combine(options.Directory, name);
            if (File.Exists(path))
            {
                if (new FileInfo(path).Length == 0)
                {
                    File.Delete(path);
                }
                else
                {
                    File.Move(path, path + suffix, overwrite: true);
                }
            }
        }

        DurableFile.FlushDirectory(options.Directory);
    }
}
