using LiteDB;

namespace EdgeAgent.Store;

/// <summary>Nonces of commands that were taken, so that none is taken twice across a restart. Storage thread only.</summary>
internal sealed class CommandNonces(LiteDatabase database)
{
    private readonly ILiteCollection<BsonDocument> _nonces = database.GetCollection("nonces");

    /// <summary>All that are here, with the time until when each is to be remembered.</summary>
    public IReadOnlyList<KeyValuePair<string, DateTimeOffset>> All() =>
        [.. _nonces.FindAll().Select(document => KeyValuePair.Create(
            document["_id"].AsString, new DateTimeOffset(document["u"].AsInt64, TimeSpan.Zero)))];

    /// <summary>Adds one and removes those whose time was over at <paramref name="now"/>.</summary>
    public void Add(string nonce, DateTimeOffset until, DateTimeOffset now)
    {
        foreach ((string past, _) in All().Where(pair => pair.Value < now))
        {
            _nonces.Delete(past);
        }

        _nonces.Upsert(new BsonDocument { ["_id"] = nonce, ["u"] = until.UtcTicks });
    }
}
