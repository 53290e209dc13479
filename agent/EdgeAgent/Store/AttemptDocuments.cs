using EdgeAgent.Core.Guard.State;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Attempts to persons, a document for each minute (<see cref="AttemptLog"/>), kept as long as any window of law looks back. Pseudonyms only.
/// Storage thread only.
/// </summary>
internal sealed class AttemptDocuments(LiteDatabase database, long maxBytes)
{
    private const int Share = 4; // of the quota, at most 1/4

    private const int AgedPerDocument = 2; // removed for one that is added: a clock years ahead for a minute takes two minutes, not thirty days

    private readonly ILiteCollection<BsonDocument> _documents = database.GetCollection("attempts", BsonAutoId.Int64);

    /// <summary>Most bytes under a quota.</summary>
    public static long MaxBytes(long quotaBytes) => quotaBytes / Share;

    /// <summary>Every document, oldest first.</summary>
    public IReadOnlyList<byte[]> All() => [.. _documents.FindAll().Select(document => document["b"].AsBinary)];

    /// <summary>Adds documents and removes those no window reaches any more, or, past the bound, the oldest.</summary>
    /// <param name="meta">Keeps count.</param>
    /// <param name="documents">Of a minute that comes a second time, the clock having been set back, what is new.</param>
    public void Add(JournalMeta meta, IReadOnlyList<AttemptDocument> documents)
    {
        if (documents.Count == 0)
        {
            return;
        }

        foreach (AttemptDocument document in documents)
        {
            byte[] before = _documents.FindById((long)document.Minute)?["b"].AsBinary ?? [];
            byte[] joined = AttemptLog.Join(before, document.Bytes);
            _documents.Upsert(new BsonDocument { ["_id"] = (long)document.Minute, ["b"] = joined });
            meta.AttemptBytes += joined.Length - before.Length;
        }

        long keepFrom = documents[^1].Minute - (long)AttemptTable.Horizon;
        int most = documents.Count * AgedPerDocument;
        foreach (BsonDocument document in _documents.FindAll()) // by _id: the oldest first
        {
            bool isAged = document["_id"].AsInt64 < keepFrom && most-- > 0;
            if (!isAged && meta.AttemptBytes <= maxBytes)
            {
                break;
            }

            _documents.Delete(document["_id"]);
            meta.AttemptBytes -= document["b"].AsBinary.Length;
        }
    }
}
