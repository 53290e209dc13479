using EdgeAgent.Core.Evidence;
using LiteDB;

namespace EdgeAgent.Collect;

/// <summary>What the books know of one agent. Books thread only.</summary>
internal sealed class CollectedAgent(string id)
{
    private readonly List<EvidenceKey> _keys = [];

    /// <summary>Agent id.</summary>
    public string Id => id;

    /// <summary>Keys its records may be signed with, the newest last; none before the first was seen.</summary>
    public IReadOnlyList<EvidenceKey> Keys => _keys;

    /// <summary>Which of them signs from which record on.</summary>
    public KeyReigns Reigns { get; } = new();

    /// <summary>Epoch of the newest record by time of coming.</summary>
    public string Epoch { get; set; } = "";

    /// <summary><c>online</c>, <c>stopping</c>, <c>offline</c>; empty before its first <c>status</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>How long it keeps its own records by its <c>info</c>, in days; 0 where it has not said.</summary>
    public int RetentionDays { get; set; }

    /// <summary>When a record last came, by the collector's clock; null when none has.</summary>
    public DateTimeOffset? LastRecordAt { get; set; }

    /// <summary>Different records counted.</summary>
    public long Records { get; set; }

    /// <summary>Copies passed over.</summary>
    public long Duplicates { get; set; }

    /// <summary>Records refused.</summary>
    public long Refused { get; set; }

    /// <summary>To be written with the next commit.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Takes a key; the older ones count until a record states it.</summary>
    public void Pin(EvidenceKey key)
    {
        _keys.Add(key);
        IsChanged = true;
    }

    /// <summary>As stored.</summary>
    public BsonDocument ToDocument() => new()
    {
        ["_id"] = id,
        ["keys"] = new BsonArray(_keys.Select(key => new BsonValue(key.Text))),
        ["reigns"] = new BsonArray(Reigns.All.Select(reign => new BsonDocument
        {
            ["k"] = reign.Key, ["f"] = reign.Former, ["e"] = reign.Epoch, ["s"] = reign.Seq,
        })),
        ["signed"] = new BsonArray(Reigns.LastSigned.Select(last => new BsonDocument
        {
            ["k"] = last.Key, ["e"] = last.Value.Epoch, ["s"] = last.Value.Seq,
        })),
        ["epoch"] = Epoch,
        ["state"] = State,
        ["retentionDays"] = RetentionDays,
        ["lastRecordAt"] = LastRecordAt?.UtcTicks ?? 0L,
        ["records"] = Records,
        ["duplicates"] = Duplicates,
        ["refused"] = Refused,
    };

    /// <summary>Reads it back.</summary>
    public static CollectedAgent From(BsonDocument document)
    {
        long at = document["lastRecordAt"].AsInt64;
        CollectedAgent agent = new(document["_id"].AsString)
        {
            Epoch = document["epoch"].AsString,
            State = document["state"].AsString,
            RetentionDays = document["retentionDays"].AsInt32,
            LastRecordAt = at == 0 ? null : new DateTimeOffset(at, TimeSpan.Zero),
            Records = document["records"].AsInt64,
            Duplicates = document["duplicates"].AsInt64,
            Refused = document["refused"].AsInt64,
        };
        foreach (BsonValue text in document["keys"].AsArray)
        {
            if (EvidenceKey.TryRead(text.AsString, out EvidenceKey? key))
            {
                agent._keys.Add(key!);
            }
        }

        foreach (BsonValue reign in document["reigns"].AsArray ?? [])
        {
            agent.Reigns.TryBegin(new KeyReign(reign["k"].AsString, reign["f"].AsString, reign["e"].AsString, reign["s"].AsInt64));
        }

        foreach (BsonValue last in document["signed"].AsArray ?? [])
        {
            agent.Reigns.Note(last["k"].AsString, last["e"].AsString, last["s"].AsInt64);
        }

        return agent;
    }
}

/// <summary>What the books know of one epoch of an agent. Books thread only.</summary>
internal sealed class CollectedEpoch(string agent, string name, int number)
{
    private const int SeqBits = 40;

    /// <summary>Whose it is.</summary>
    public string Agent => agent;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Short for agent and name: first part of the records' keys.</summary>
    public int Number => number;

    /// <summary>Records that are here or summed up in one that is.</summary>
    public SeqRanges Accounted { get; init; } = new();

    /// <summary>Those of them that a tombstone stands for.</summary>
    public SeqRanges Explained { get; init; } = new();

    /// <summary>No record before it is kept.</summary>
    public long KeptFrom { get; set; } = 1;

    /// <summary>To be written with the next commit.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Key of a record.</summary>
    public long KeyOf(long seq) => ((long)number << SeqBits) | seq;

    /// <summary>Number of the record with that key.</summary>
    public static long SeqOf(long key) => key & ((1L << SeqBits) - 1);

    /// <summary>As stored.</summary>
    public BsonDocument ToDocument() => new()
    {
        ["_id"] = number,
        ["agent"] = agent,
        ["name"] = name,
        ["accounted"] = Accounted.Pack(),
        ["explained"] = Explained.Pack(),
        ["keptFrom"] = KeptFrom,
    };

    /// <summary>Reads it back.</summary>
    public static CollectedEpoch From(BsonDocument document) =>
        new(document["agent"].AsString, document["name"].AsString, document["_id"].AsInt32)
        {
            Accounted = SeqRanges.Unpack(document["accounted"].AsBinary),
            Explained = SeqRanges.Unpack(document["explained"].AsBinary),
            KeptFrom = Math.Max(1, document["keptFrom"].AsInt64),
        };
}
