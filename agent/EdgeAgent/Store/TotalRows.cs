using System.Globalization;
using System.Text;
using EdgeAgent.Core.Metrics;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>
/// Sums per number, packed into 64 documents for each scope (a day, or all time): a document for each number would write a page of
/// 8 KiB, twice, for each one active in a minute. Storage thread only.
/// </summary>
internal sealed class TotalRows(LiteDatabase database, string name)
{
    private const int Chunks = 64; // part of what is on disk

    private readonly ILiteCollection<BsonDocument> _chunks = database.GetCollection(name);

    /// <summary>Adds counters to the sums of <paramref name="scope"/>.</summary>
    public void Add(string scope, IEnumerable<(string Name, NumberCounters Counters)> rows)
    {
        foreach (IGrouping<int, (string Name, NumberCounters Counters)> chunk in rows.GroupBy(row => ChunkOf(row.Name)))
        {
            SortedDictionary<string, NumberCounters> sums = Read(_chunks.FindById(Id(scope, chunk.Key)));
            foreach ((string number, NumberCounters counters) in chunk)
            {
                if (!sums.TryGetValue(number, out NumberCounters? sum))
                {
                    sums.Add(number, sum = new NumberCounters());
                }

                sum.Add(counters);
            }

            _chunks.Upsert(Write(Id(scope, chunk.Key), sums));
        }
    }

    /// <summary>The sum of one number, zeros where there is none.</summary>
    public NumberCounters Find(string scope, string number) =>
        Read(_chunks.FindById(Id(scope, ChunkOf(number)))).GetValueOrDefault(number) ?? new NumberCounters();

    /// <summary>All sums of a scope, ordered by name.</summary>
    public List<KeyValuePair<string, NumberCounters>> All(string scope) =>
        [.. _chunks.Find(Query.StartsWith("_id", scope + "/")).SelectMany(Read).OrderBy(row => row.Key, StringComparer.Ordinal)];

    /// <summary>Forgets the scopes before <paramref name="scope"/>.</summary>
    public void ForgetBefore(string scope) => _chunks.DeleteMany(Query.LT("_id", scope));

    private static string Id(string scope, int chunk) => string.Create(CultureInfo.InvariantCulture, $"{scope}/{chunk:d2}");

    /// <summary>FNV-1a: the same in every run.</summary>
    private static int ChunkOf(string number)
    {
        uint hash = 2_166_136_261;
        foreach (char letter in number)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return (int)((hash ^ (hash >> 16)) % Chunks);
    }

    private static BsonDocument Write(string id, SortedDictionary<string, NumberCounters> sums)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        foreach ((string number, NumberCounters counters) in sums)
        {
            byte[] packed = CounterPacking.Pack(counters);
            writer.Write(number);
            writer.Write7BitEncodedInt(packed.Length);
            writer.Write(packed);
        }

        writer.Flush();
        BsonDocument document = new() { ["_id"] = id };
        PayloadPacking.Put(document, stream.ToArray());
        return document;
    }

    private static SortedDictionary<string, NumberCounters> Read(BsonDocument? document)
    {
        SortedDictionary<string, NumberCounters> sums = new(StringComparer.Ordinal);
        if (document is null)
        {
            return sums;
        }

        using MemoryStream stream = new(PayloadPacking.Take(document));
        using BinaryReader reader = new(stream, Encoding.UTF8);
        while (stream.Position < stream.Length)
        {
            string number = reader.ReadString();
            NumberCounters sum = new();
            CounterPacking.AddTo(sum, reader.ReadBytes(reader.Read7BitEncodedInt()));
            sums.Add(number, sum);
        }

        return sums;
    }
}
