using EdgeAgent.Core.Guard.State;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>What persons told clients, as documents one behind the other (<see cref="ConsentSet"/>). Pseudonyms only. Storage thread only.</summary>
internal sealed class ConsentDocuments(LiteDatabase database)
{
    private readonly ILiteCollection<BsonDocument> _documents = database.GetCollection("consents", BsonAutoId.Int64);

    /// <summary>Every document, in the order they came.</summary>
    public IReadOnlyList<byte[]> All() => [.. _documents.FindAll().Select(document => document["b"].AsBinary)];

    /// <summary>Adds documents; one that is whole takes the place of all.</summary>
    /// <param name="meta">Keeps count.</param>
    /// <param name="documents">In order.</param>
    public void Add(JournalMeta meta, IReadOnlyList<ConsentDocument> documents)
    {
        foreach (ConsentDocument document in documents)
        {
            if (document.IsWhole)
            {
                _documents.DeleteAll();
            }

            _documents.Upsert(new BsonDocument { ["_id"] = ++meta.LastConsent, ["b"] = document.Bytes }); // a number of its own: tried again after a fault it is the same
        }
    }
}
