using System.Globalization;
using EdgeAgent.Core.Evidence;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>The one document that says where the journal stands; rewritten in every transaction.</summary>
internal sealed record JournalMeta
{
    /// <summary>Form of documents and records; another one is not gone on with.</summary>
    public const int CurrentSchema = 3;

    /// <summary>Identity of the journal.</summary>
    public required string Epoch { get; init; }

    /// <summary>Agent whose records stand in it.</summary>
    public required string Agent { get; init; }

    /// <summary>How it follows the epoch before it on this host.</summary>
    public EpochLink Begins { get; init; } = EpochLink.None;

    /// <summary>Hash of the last record; of the epoch's link before the first.</summary>
    public required RecordHash LastHash { get; set; }

    /// <summary>Fingerprint of the key that signed the last record; empty before the first.</summary>
    public string Key { get; set; } = "";

    /// <summary>Run that wrote last.</summary>
    public required string Boot { get; init; }

    /// <summary>Counts transactions: tells whether one whose commit threw was stored all the same.</summary>
    public long Transaction { get; set; }

    /// <summary>Sequence number of the next record.</summary>
    public long NextSeq { get; set; } = 1;

    /// <summary>Oldest record still here; equal to <see cref="NextSeq"/> when there is none.</summary>
    public long OldestSeq { get; set; } = 1;

    /// <summary>Every record up to this one was acknowledged or summed up.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Bytes of all payloads as stored.</summary>
    public long RecordBytes { get; set; }

    /// <summary>Bytes of all documents of attempts to persons.</summary>
    public long AttemptBytes { get; set; }

    /// <summary>Number of the last document of consents.</summary>
    public long LastConsent { get; set; }

    /// <summary>Sums per number on disk contain every minute up to this record; those past it are read from their records.</summary>
    public long TotalsSeq { get; set; }

    /// <summary>Start of the last minute journalled, in UTC ticks; 0 before the first.</summary>
    public long LastSealedTicks { get; set; }

    /// <summary>Time of the last packet in that state, in UTC ticks.</summary>
    public long WatermarkTicks { get; set; }

    /// <summary>Mark of the state in <see cref="StateLog"/> that goes with these records; 0 when there is none.</summary>
    public long StateMark { get; set; }

    /// <summary>Latest civil day of a minute, as a day number; 0 before the first.</summary>
    public int Day { get; set; }

    /// <summary>Numbers that got a retained topic of their own on <see cref="Day"/>.</summary>
    public int DayTopics { get; set; }

    /// <summary>Last record, 0 before the first.</summary>
    public long LastSeq => NextSeq - 1;

    /// <summary>As stored.</summary>
    public BsonDocument ToDocument() => new()
    {
        ["_id"] = 1,
        ["schema"] = CurrentSchema,
        ["epoch"] = Epoch,
        ["agent"] = Agent,
        ["predecessor"] = Begins.Predecessor,
        ["predecessorSeq"] = Begins.LastSeq is long lastSeq ? lastSeq : BsonValue.Null,
        ["predecessorHash"] = Begins.LastHash is RecordHash lastHash ? lastHash.ToArray() : BsonValue.Null,
        ["lastHash"] = LastHash.ToArray(),
        ["key"] = Key,
        ["boot"] = Boot,
        ["transaction"] = Transaction,
        ["nextSeq"] = NextSeq,
        ["oldestSeq"] = OldestSeq,
        ["acknowledged"] = Acknowledged,
        ["recordBytes"] = RecordBytes,
        ["attemptBytes"] = AttemptBytes,
        ["lastConsent"] = LastConsent,
        ["totalsSeq"] = TotalsSeq,
        ["lastSealed"] = LastSealedTicks,
        ["watermark"] = WatermarkTicks,
        ["stateMark"] = StateMark,
        ["day"] = Day,
        ["dayTopics"] = DayTopics,
    };

    /// <summary>Reads it back.</summary>
    /// <exception cref="InvalidDataException">The document contradicts itself.</exception>
    public static JournalMeta From(BsonDocument document)
    {
        if (document["schema"] != CurrentSchema)
        {
            throw new InvalidDataException("the journal is of another version of edge-agent");
        }

        JournalMeta meta = new()
        {
            Epoch = document["epoch"].AsString,
            Agent = document["agent"].AsString,
            Begins = new EpochLink(
                document["predecessor"].IsNull ? null : document["predecessor"].AsString,
                document["predecessorSeq"].IsNull ? null : document["predecessorSeq"].AsInt64,
                document["predecessorHash"].IsNull ? null : new RecordHash(document["predecessorHash"].AsBinary)),
            LastHash = new RecordHash(document["lastHash"].AsBinary),
            Key = document["key"].AsString,
            Boot = document["boot"].AsString,
            Transaction = document["transaction"].AsInt64,
            NextSeq = document["nextSeq"].AsInt64,
            OldestSeq = document["oldestSeq"].AsInt64,
            Acknowledged = document["acknowledged"].AsInt64,
            RecordBytes = document["recordBytes"].AsInt64,
            AttemptBytes = document["attemptBytes"].AsInt64,
            LastConsent = document["lastConsent"].AsInt64,
            TotalsSeq = document["totalsSeq"].IsNull ? document["nextSeq"].AsInt64 - 1 : document["totalsSeq"].AsInt64,
            LastSealedTicks = document["lastSealed"].AsInt64,
            WatermarkTicks = document["watermark"].AsInt64,
            StateMark = document["stateMark"].AsInt64,
            Day = document["day"].AsInt32,
            DayTopics = document["dayTopics"].AsInt32,
        };
        bool isOrdered = meta.OldestSeq >= 1 && meta.OldestSeq <= meta.NextSeq && meta.Acknowledged < meta.NextSeq;
        return isOrdered && !string.IsNullOrEmpty(meta.Epoch)
            ? meta
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"journal stands at {meta.OldestSeq}..{meta.NextSeq}, which cannot be"));
    }
}
