using EdgeAgent.Configuration;
using System.Globalization;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Opens the database and looks at every part that is needed to go on. A damaged one throws whatever the damage leads to, so every
/// exception but those of the environment (disk full, no permission) counts as damage: the files are kept aside and a new epoch begins.
/// </summary>
internal sealed class JournalOpening(StoreOptions options, string agentId, HashSet<string> changedTopics)
{
    /// <summary>Name of the database in the store directory.</summary>
    internal const string FileName = "journal.db";

    private const string LogName = "journal-log.db"; // LiteDB's choice

    private const int InputOutputError = 5; // EIO: the medium is damaged, unlike a full disk

    private const int RecordsScanned = 64;

    /// <summary>Path of the database.</summary>
    public string Path { get; } = System.IO.Path.Combine(options.Directory, FileName);

    /// <summary>Why the last opening began a new epoch; null when it went on with what was there, or it is the first.</summary>
    public string? Loss { get; private set; }

    /// <summary>What the damage was, for the log.</summary>
    public Exception? Damage { get; private set; }

    /// <summary>Opens what is there or begins anew.</summary>
    /// <param name="now">Time for a new epoch's name and of files kept aside.</param>
    /// <param name="boot">Identity of this run.</param>
    /// <param name="damage">Given when the file opens but proved unusable again and again: it is replaced.</param>
    public JournalFile Open(DateTimeOffset now, string boot, Exception? damage = null)
    {
        string? copy = EpochName.Read(options.Directory);
        Loss = damage is null ? null : "damaged";
        Damage = damage;
        bool isPresent = File.Exists(Path) && new FileInfo(Path).Length > 0;
        if (!isPresent)
        {
            Loss = copy is null ? null : "missing";
            return Begin(now, boot, copy);
        }

        return damage is null ? GoOn(now, boot, copy) : Begin(now, boot, copy);
    }

    /// <summary>Goes on with the file that is there, unless it is damaged or another's.</summary>
    private JournalFile GoOn(DateTimeOffset now, string boot, string? copy)
    {
        LiteDatabase? database = null;
        try
        {
            database = Connect();
            JournalFile file = Scan(database, boot);
            if (copy is null || copy == file.Meta.Epoch || copy == file.Meta.Predecessor)
            {
                return Mark(file, now, copy);
            }

            Loss = "foreign"; // another journal was put in the place of ours
        }
        catch (Exception fault) when (!IsEnvironment(fault))
        {
            Loss = "damaged";
            Damage = fault;
        }
        catch
        {
            Close(database);
            throw;
        }

        Close(database);
        return Begin(now, boot, copy);
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

    private JournalFile Begin(DateTimeOffset now, string boot, string? predecessor)
    {
        KeepAside(now);
        DurableFile.CreatePrivate(Path).Dispose();
        LiteDatabase database = Connect();
        try
        {
            JournalMeta meta = new() { Epoch = EpochName.Create(now), Predecessor = predecessor, Boot = boot };
            return Mark(new JournalFile(database, meta, agentId, options, changedTopics), now, predecessor);
        }
        catch
        {
            Close(database);
            throw;
        }
    }

    /// <summary>Writes the boot mark; then the copy of the epoch, which must never name a journal that is not on disk.</summary>
    private JournalFile Mark(JournalFile file, DateTimeOffset now, string? copy)
    {
        AcknowledgementWindow acknowledged = new();
        acknowledged.Reset(file.Meta.Acknowledged);
        file.Commit(null, acknowledged, now);
        file.CloseReserve();
        if (copy != file.Meta.Epoch)
        {
            EpochName.Write(options.Directory, file.Meta.Epoch);
        }

        return file;
    }

    private JournalFile Scan(LiteDatabase database, string boot)
    {
        BsonDocument document = database.GetCollection("meta").FindById(1)
            ?? throw new InvalidDataException("the journal is empty");
        JournalMeta meta = JournalMeta.From(document) with { Boot = boot };
        JournalFile file = new(database, meta, agentId, options, changedTopics);
        for (long seq = Math.Max(meta.OldestSeq, meta.NextSeq - RecordsScanned); seq < meta.NextSeq; seq++)
        {
            _ = file.Read(seq) ?? throw new InvalidDataException($"record {seq} is missing");
        }

        _ = file.ReadStoredAt(meta.OldestSeq);
        _ = file.ReadSnapshot();
        _ = file.Totals.Day(DateOnly.FromDayNumber(meta.Day));
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
        string suffix = string.Create(CultureInfo.InvariantCulture, $".damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
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
