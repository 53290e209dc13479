using LiteDB;

namespace EdgeAgent.Tests.Store;

/// <summary>A closed journal's database, as somebody with access to the host can open it.</summary>
internal static class JournalDatabase
{
    /// <summary>The bytes in which a record stands on disk.</summary>
    public static byte[] PackedRecord(string path, long seq)
    {
        using LiteDatabase database = Open(path);
        return database.GetCollection("records").FindById(seq)["p"].AsBinary;
    }

    /// <summary>Changes the database.</summary>
    public static void Change(string path, Action<LiteDatabase> change)
    {
        using LiteDatabase database = Open(path);
        change(database);
        database.Checkpoint();
    }

    private static LiteDatabase Open(string path) => new(new ConnectionString
    {
        Filename = path,
        Connection = ConnectionType.Direct,
        Collation = Collation.Binary,
    });
}
