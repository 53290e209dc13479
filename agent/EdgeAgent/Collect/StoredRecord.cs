using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using LiteDB;

namespace EdgeAgent.Collect;

/// <summary>A record in the books.</summary>
/// <param name="Payload">Its exact bytes.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Prev">What it names as predecessor.</param>
/// <param name="At">When it came.</param>
/// <param name="IsAbsorbed">A tombstone that came later counts its figures: they are no longer in the sums by themselves.</param>
internal sealed record StoredRecord(ReadOnlyMemory<byte> Payload, RecordHash Hash, RecordHash Prev, DateTimeOffset At, bool IsAbsorbed)
{
    /// <summary>As stored.</summary>
    public BsonDocument ToDocument(long key)
    {
        BsonDocument document = new()
        {
            ["_id"] = key, ["h"] = Hash.ToArray(), ["v"] = Prev.ToArray(), ["t"] = At.UtcTicks, ["x"] = IsAbsorbed,
        };
        PayloadPacking.Put(document, Payload.ToArray());
        return document;
    }

    /// <summary>Reads it back.</summary>
    public static StoredRecord From(BsonDocument document) => new(
        PayloadPacking.Take(document),
        new RecordHash(document["h"].AsBinary),
        new RecordHash(document["v"].AsBinary),
        new DateTimeOffset(document["t"].AsInt64, TimeSpan.Zero),
        document["x"].AsBoolean);
}
