using EdgeAgent.Core.Metrics;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>Pages of the day's callees, added in the transaction of the snapshot that leaves them out. Storage thread only.</summary>
internal sealed class CalleePages(LiteDatabase database)
{
    private readonly ILiteCollection<BsonDocument> _pages = database.GetCollection("callees", BsonAutoId.Int64);

    /// <summary>Adds one.</summary>
    public void Add(CalleePage page) => _pages.Insert(new BsonDocument { ["d"] = page.Day.DayNumber, ["p"] = page.Pairs.ToArray() });

    /// <summary>Forgets those of days before <paramref name="day"/>.</summary>
    public void Forget(int day) => _pages.DeleteMany(Query.LT("d", day));

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<CalleePage> All() =>
        [.. _pages.FindAll().Select(page => new CalleePage(DateOnly.FromDayNumber(page["d"].AsInt32), page["p"].AsBinary))];
}
