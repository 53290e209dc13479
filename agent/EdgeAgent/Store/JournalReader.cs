using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Reads a journal nobody writes: of a stopped agent, kept aside, or copied. Nothing is changed, not even repaired: it may be evidence.
/// </summary>
internal sealed class JournalReader : IDisposable
{
    private readonly LiteDatabase _database;
    private readonly StoreLock? _lock;

    private JournalReader(LiteDatabase database, StoreLock? storeLock, JournalMeta meta, string directory, bool isStore)
    {
        _database = database;
        _lock = storeLock;
        Meta = meta;
        Directory = directory;
        Copy = isStore ? EpochFile.Read(directory) : null;
    }

    /// <summary>Where the journal says it stands.</summary>
    public JournalMeta Meta { get; }

    /// <summary>Where it stands by the file beside it; null where there is none, or the journal is not in its place.</summary>
    public EpochFile? Copy { get; }

    /// <summary>Where it is.</summary>
    public string Directory { get; }

    /// <summary>Opens a store directory or a journal file.</summary>
    /// <exception cref="StoreUnavailableException">A running agent uses it, or it is no journal.</exception>
    public static JournalReader Open(string path)
    {
        bool isDirectory = System.IO.Directory.Exists(path);
        string file = isDirectory ? Path.Combine(path, JournalOpening.FileName) : path;
        string directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        bool isStore = Path.GetFileName(file) == JournalOpening.FileName;
        StoreLock? storeLock = isStore ? StoreLock.TakeExisting(directory) : null;
        LiteDatabase? database = null;
        try
        {
            database = File.Exists(file) ? Connect(file) : throw new StoreUnavailableException($"{file} does not exist");
            BsonDocument document = database.GetCollection("meta").FindById(1) ?? throw new InvalidDataException("it is empty");
            return new JournalReader(database, storeLock, JournalMeta.From(document), directory, isStore);
        }
        catch (Exception fault) when (fault is not StoreUnavailableException) // LiteDB throws anything on a damaged file
        {
            JournalOpening.Close(database);
            storeLock?.Dispose();
            throw new StoreUnavailableException($"{file} cannot be read as a journal: {fault.Message}", fault);
        }
        catch
        {
            storeLock?.Dispose();
            throw;
        }
    }

    /// <summary>Journals kept aside in a store directory, each an epoch that ended, oldest first.</summary>
    public static IReadOnlyList<string> KeptAside(string directory) =>
        System.IO.Directory.Exists(directory)
            ? [.. System.IO.Directory.GetFiles(directory, JournalOpening.FileName + JournalOpening.AsideMark + "*").Order(StringComparer.Ordinal)]
            : [];

    /// <summary>True when <paramref name="path"/> is a directory or a LiteDB file, by its first bytes.</summary>
    public static bool IsJournal(string path)
    {
        if (System.IO.Directory.Exists(path))
        {
            return true;
        }

        ReadOnlySpan<byte> mark = "** This is a LiteDB file **"u8;
        Span<byte> head = stackalloc byte[64];
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read].IndexOf(mark) >= 0;
    }

    /// <summary>All records, in order of the number under which each stands.</summary>
    /// <exception cref="StoreUnavailableException">The file is damaged from here on.</exception>
    public IEnumerable<JournalRecord> Records(long from = 1, long to = long.MaxValue)
    {
        ILiteCollection<BsonDocument> records = _database.GetCollection("records");
        using IEnumerator<BsonDocument> documents = records.Find(Query.Between("_id", from, to)).GetEnumerator();
        while (Next(documents) is JournalRecord record)
        {
            yield return record;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        JournalOpening.Close(_database);
        _lock?.Dispose();
    }

    private JournalRecord? Next(IEnumerator<BsonDocument> documents)
    {
        try
        {
            if (!documents.MoveNext())
            {
                return null;
            }

            BsonDocument document = documents.Current;
            return new JournalRecord(
                Meta.Epoch, document["_id"].AsInt64, document["s"].AsString, PayloadPacking.Take(document), JournalFile.StoredAt(document));
        }
        catch (Exception fault) // LiteDB throws anything on a damaged page
        {
            throw new StoreUnavailableException($"the journal in {Directory} is damaged: {fault.Message}", fault);
        }
    }

    private static LiteDatabase Connect(string file) => new(new ConnectionString
    {
        Filename = file,
        Connection = ConnectionType.Direct,
        ReadOnly = true,
        Collation = Collation.Binary,
    });
}
