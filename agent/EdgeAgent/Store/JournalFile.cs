using System.Security.Cryptography;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// The open database. Storage thread only: a LiteDB transaction belongs to its thread. Every write is one transaction followed by a
/// checkpoint, the only point at which LiteDB promises that data is on disk. After an exception it must be closed and opened again.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private readonly LiteDatabase _database;
    private readonly StoreOptions _options;
    private readonly ILiteCollection<BsonDocument> _meta;
    private readonly ILiteCollection<BsonDocument> _records;
    private readonly StateLog _states;
    private readonly RecordWriter _writer;
    private readonly RecordStamp _stamp;

    public JournalFile(
        LiteDatabase database,
        StateLog states,
        JournalMeta meta,
        string agentId,
        RecordStamp stamp,
        StoreOptions options,
        HashSet<string> changedTopics)
    {
        _database = database;
        _options = options;
        _meta = database.GetCollection("meta");
        _records = database.GetCollection("records", BsonAutoId.Int64);
        _states = states;
        Nonces = new CommandNonces(database);
        Consents = new ConsentDocuments(database);
        Attempts = new AttemptDocuments(database, AttemptDocuments.MaxBytes(options.QuotaBytes));
        Totals = new NumberTotals(database, options.NumberTopics, changedTopics);
        Meta = meta;
        Identity = new JournalIdentity(
            agentId, meta.Epoch, meta.Boot, meta.Begins.Predecessor, stamp.Key.PublicKey, stamp.Key.Fingerprint)
        {
            Succeeds = stamp.Succession,
        };
        _stamp = stamp;
        _writer = new RecordWriter(Identity, stamp.Key, options.MaxRecordBytes);
    }

    /// <summary>Where the journal stands, as committed.</summary>
    public JournalMeta Meta { get; private set; }

    /// <summary>Origin written into records.</summary>
    public JournalIdentity Identity { get; }

    /// <summary>Totals beside the records.</summary>
    public NumberTotals Totals { get; }

    /// <summary>Nonces of commands.</summary>
    public CommandNonces Nonces { get; }

    /// <summary>What persons told clients.</summary>
    public ConsentDocuments Consents { get; }

    /// <summary>Attempts to persons.</summary>
    public AttemptDocuments Attempts { get; }

    /// <summary>Commits a nonce; on disk when this returns.</summary>
    public void Remember(string nonce, DateTimeOffset until, DateTimeOffset now) => Write((_, _) => Nonces.Add(nonce, until, now));

    /// <summary>Commits a batch and the acknowledgements so far; on disk when this returns, or an exception leaves that open.</summary>
    public void Commit(PendingBatch? batch, AcknowledgementWindow acknowledged, DateTimeOffset now) =>
        Write((meta, cursor) =>
        {
            meta.Acknowledged = Math.Max(meta.Acknowledged, Math.Min(acknowledged.Contiguous, meta.LastSeq));
            if (batch?.LossEvent(now) is AgentEvent loss)
            {
                Append(meta, cursor, loss, now);
            }

            foreach (PendingEntry entry in batch?.Entries ?? [])
            {
                cursor.Origin = entry.Origin ?? cursor.Origin;
                Append(meta, cursor, entry, now);
            }

            if (Totals.IsDue)
            {
                StoreTotals(meta);
            }

            Attempts.Add(meta, batch?.Attempts ?? []);
            Consents.Add(meta, batch?.Consents ?? []);
            if (batch?.Snapshot is AgentSnapshot snapshot)
            {
                meta.StateMark = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) | 1; // 0 is none
                meta.WatermarkTicks = snapshot.Watermark.UtcTicks;
                _states.Append(snapshot, meta.StateMark);
            }

            Trim(meta, cursor, acknowledged, now, isOverLimit: false);
        });

    /// <summary>Keeps a state, if any, that no record goes with; on disk when this returns. A transaction would write several pages twice for it.</summary>
    public void Keep(AgentSnapshot? snapshot)
    {
        if (snapshot is not null)
        {
            _states.Append(snapshot, Meta.StateMark);
            _states.Adopt();
        }
    }

    /// <summary>Reads the minutes that the sums on disk do not contain yet. Once, behind the opening.</summary>
    /// <exception cref="InvalidDataException">A record is missing or damaged.</exception>
    public void CatchUp()
    {
        for (long seq = Meta.TotalsSeq + 1; seq < Meta.NextSeq; seq++)
        {
            JournalRecord record = Read(seq) ?? throw new InvalidDataException($"record {seq} is missing");
            if (record.TopicSuffix == RecordWriter.MinuteTopic)
            {
                Totals.Restore(record.Payload);
            }
        }
    }

    /// <summary>True when the next commit will remove records.</summary>
    public bool IsAged(DateTimeOffset now) => new JournalTrimmer(_records, _options).IsAged(Meta, now);

    /// <summary>Removes half of the records after the database refused to grow. The reserve gives the tombstone a place meanwhile.</summary>
    public void MakeRoom(AcknowledgementWindow acknowledged, DateTimeOffset now)
    {
        SetLimit(_database, _options, isReserveOpen: true);
        Write((meta, cursor) => Trim(meta, cursor, acknowledged, now, isOverLimit: true));
        CloseReserve();
    }

    /// <summary>Keeps the last eighth of the quota for making room.</summary>
    public void CloseReserve() => SetLimit(_database, _options, isReserveOpen: false);

    /// <summary>Caps the data file: at the quota, or an eighth below it, so that there is a reserve to make room with.</summary>
    public static void SetLimit(LiteDatabase database, StoreOptions options, bool isReserveOpen)
    {
        long length = new FileInfo(Path.Combine(options.Directory, JournalOpening.FileName)).Length;
        long limit = isReserveOpen ? options.QuotaBytes : options.QuotaBytes / 8 * 7;
        database.LimitSize = Math.Max(limit, length); // less than the file has already is refused
    }

    /// <summary>Where the journal stands, for the copy outside of it.</summary>
    public EpochFile Stand => new(Meta.Epoch, Meta.LastSeq, Meta.LastSeq == 0 ? null : Meta.LastHash);

    /// <summary>Hash of a record; null when it does not exist, or no longer.</summary>
    public RecordHash? HashOf(long seq)
    {
        if (seq == Meta.LastSeq)
        {
            return seq == 0 ? null : Meta.LastHash;
        }

        Span<byte> signature = stackalloc byte[RecordSeal.SignatureBytes];
        return Read(seq) is JournalRecord record && RecordSeal.TrySplit(record.Payload.Span, out ReadOnlySpan<byte> content, signature)
            ? RecordHash.Of(content)
            : null;
    }

    /// <summary>Reads one record; null when it does not exist, or no longer.</summary>
    public JournalRecord? Read(long seq) =>
        _records.FindById(seq) is BsonDocument document
            ? new JournalRecord(Meta.Epoch, seq, document["s"].AsString, PayloadPacking.Take(document), StoredAt(document))
            : null;

    /// <summary>Records past <paramref name="afterSeq"/> that are not in <paramref name="acknowledged"/>.</summary>
    public IReadOnlyList<JournalRecord> ReadUnsent(AcknowledgementWindow acknowledged, long afterSeq, int max)
    {
        List<JournalRecord> records = [];
        long first = Math.Max(Math.Max(afterSeq, acknowledged.Contiguous) + 1, Meta.OldestSeq);
        for (long seq = first; seq < Meta.NextSeq && records.Count < max; seq++)
        {
            if (!acknowledged.Contains(seq) && Read(seq) is JournalRecord record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    /// <summary>Records that are still here, acknowledged or not.</summary>
    public IReadOnlyList<JournalRecord> ReadRange(long from, long to, int max)
    {
        List<JournalRecord> records = [];
        long last = Math.Min(to, Meta.LastSeq);
        for (long seq = Math.Max(from, Meta.OldestSeq); seq <= last && records.Count < max; seq++)
        {
            if (Read(seq) is JournalRecord record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    /// <summary>What this journal says to an anchor.</summary>
    public AnchorOutcome Compare(Anchor anchor) =>
        anchor.Epoch != Meta.Epoch ? AnchorOutcome.OtherEpoch
        : anchor.Seq > Meta.LastSeq ? AnchorOutcome.RolledBack
        : HashOf(anchor.Seq) is not RecordHash stored ? AnchorOutcome.NotKept
        : stored == anchor.Hash ? AnchorOutcome.Confirmed : AnchorOutcome.Rewritten;

    /// <summary>When a record was stored; null when it does not exist.</summary>
    public DateTimeOffset? ReadStoredAt(long seq) =>
        _records.FindById(seq) is BsonDocument document ? StoredAt(document) : null;

    /// <summary>The state kept last; where its file was damaged, one that cannot be read, but with its time: what passed since is blind.</summary>
    public AgentSnapshot? ReadSnapshot() =>
        Meta.StateMark == 0 ? null
        : _states.Current ?? new AgentSnapshot(new DateTimeOffset(Meta.WatermarkTicks, TimeSpan.Zero), new byte[1]);

    public void Dispose() => _database.Dispose();

    /// <summary>When a stored record came in.</summary>
    internal static DateTimeOffset StoredAt(BsonDocument record) => new(record["t"].AsInt64, TimeSpan.Zero);

    private void Write(Action<JournalMeta, RecordCursor> change)
    {
        JournalMeta meta = Meta with { Transaction = Meta.Transaction + 1 };
        RecordCursor cursor = new(meta.NextSeq, meta.LastHash)
        {
            Origin = _stamp.Origin,
            Anchor = _stamp.Anchor,
            Begins = meta.NextSeq == 1 ? meta.Begins : null,
            StatesKey = meta.Key != _stamp.Key.Fingerprint,
            Succeeds = _stamp.Succession is { } word && word.Former == meta.Key ? word : null,
        };
        if (!_database.BeginTrans())
        {
            throw new InvalidOperationException("a transaction is already open on the storage thread");
        }

        change(meta, cursor);
        meta.LastHash = cursor.Previous;
        meta.Key = cursor.StatesKey ? meta.Key : _stamp.Key.Fingerprint; // without a record nobody has been told
        _meta.Upsert(meta.ToDocument());
        _database.Commit();
        _database.Checkpoint();
        if (meta.StateMark != Meta.StateMark)
        {
            _states.Adopt();
        }

        Meta = meta;
        _stamp.Origin = cursor.Origin;
        _stamp.Anchor = cursor.Anchor;
    }

    private void Trim(JournalMeta meta, RecordCursor cursor, AcknowledgementWindow acknowledged, DateTimeOffset now, bool isOverLimit)
    {
        JournalTrimmer trimmer = new(_records, _options);
        if (trimmer.IsDue(meta, now, isOverLimit))
        {
            StoreTotals(meta); // while the records are here
            trimmer.Trim(meta, acknowledged, now, isOverLimit, (sum, reason) => AppendTombstone(meta, cursor, sum, reason, now));
        }
    }

    private void StoreTotals(JournalMeta meta)
    {
        Totals.Store();
        meta.TotalsSeq = meta.LastSeq;
    }

    private void Append(JournalMeta meta, RecordCursor cursor, PendingEntry entry, DateTimeOffset now)
    {
        if (entry.Event is AgentEvent happened)
        {
            Append(meta, cursor, happened, now);
            return;
        }

        SealedMinute minute = entry.Minute!;
        Totals.Add(meta, minute, _options.RetentionDays);
        IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>> perpetual = IsNewHour(meta, minute) ? Totals.Perpetual() : [];
        foreach (byte[] payload in _writer.WriteMinute(cursor, minute, perpetual))
        {
            Insert(meta, RecordWriter.MinuteTopic, payload, now);
        }

        meta.LastSealedTicks = minute.Start.UtcTicks;
    }

    private void Append(JournalMeta meta, RecordCursor cursor, AgentEvent happened, DateTimeOffset now) =>
        Insert(meta, RecordWriter.TopicOf(happened.Kind), _writer.WriteEvent(cursor, happened), now);

    private void AppendTombstone(JournalMeta meta, RecordCursor cursor, UndeliveredSum sum, string reason, DateTimeOffset now)
    {
        foreach (byte[] payload in _writer.WriteTombstone(cursor, sum, reason))
        {
            Insert(meta, RecordWriter.TombstoneTopic, payload, now);
        }
    }

    private void Insert(JournalMeta meta, string topicSuffix, byte[] payload, DateTimeOffset now)
    {
        BsonDocument document = new() { ["_id"] = meta.NextSeq, ["s"] = topicSuffix, ["t"] = now.UtcTicks };
        meta.RecordBytes += PayloadPacking.Put(document, payload);
        _records.Upsert(document);
        meta.NextSeq++;
    }

    private static bool IsNewHour(JournalMeta meta, SealedMinute minute) =>
        meta.LastSealedTicks / TimeSpan.TicksPerHour != minute.Start.UtcTicks / TimeSpan.TicksPerHour;
}
