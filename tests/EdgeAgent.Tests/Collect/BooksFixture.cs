using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>Books in a directory of their own, and an agent's journal whose records are entered.</summary>
internal sealed class BooksFixture : IDisposable
{
    private readonly TemporaryStore _store = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-books-").FullName;
    private long _mark;

    public BooksFixture() => Books = Books.Open(Path, 100);

    public string Path => System.IO.Path.Combine(_directory, "books.db");

    public Books Books { get; private set; }

    /// <summary>The first minute that is journalled.</summary>
    public DateTimeOffset Start { get; init; } = Samples.Morning;

    /// <summary>The key made on the journal's first start.</summary>
    public ECDsa KeyMade()
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(_store.PathOf(SigningKey.FileName)));
        return key;
    }

    /// <summary>Sums of what was put into the journal, by number.</summary>
    public Dictionary<NumberKey, long> Attempts { get; } = [];

    public void Reopen()
    {
        Books.Dispose();
        Books = Books.Open(Path, 100);
    }

    /// <summary>From now on the journal is signed with a key of one's own; the one made before gives its word for it.</summary>
    public void TakeOwnKey()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _store.Options.SigningKeyFile = _store.PathOf("own.key");
        File.WriteAllText(_store.Options.SigningKeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Journals so many minutes and gives all records that are there and not acknowledged.</summary>
    public async Task<IReadOnlyList<JournalRecord>> JournalAsync(int minutes)
    {
        await using JournalStore store = JournalStore.Open(_store.Options, TemporaryStore.AgentId, _store.Time, NullLogger<JournalStore>.Instance);
        for (int i = 0; i < minutes; i++)
        {
            SealedMinute minute = Samples.Minute(Start.AddMinutes(_mark++), (Samples.Number(_mark % 5), 3), (NumberKey.None, 2));
            foreach ((NumberKey key, NumberCounters counters) in minute.Numbers)
            {
                Attempts[key] = Attempts.GetValueOrDefault(key) + counters.Attempts;
            }

            store.Submit(Samples.Batch(_mark, minute));
        }

        await store.FlushAsync(TestContext.Current.CancellationToken);
        return await store.ReadUnsentAsync(0, 100_000, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the journal's clock pass its retention, so that what was not delivered becomes a tombstone; gives what is left.</summary>
    public Task<IReadOnlyList<JournalRecord>> ExpireAsync()
    {
        _store.Time.Now += _store.Options.Retention + TimeSpan.FromDays(2);
        return JournalAsync(1);
    }

    public void Enter(params IEnumerable<ReadOnlyMemory<byte>> payloads) =>
        Books.Enter([.. payloads.Select(payload => new BookArrival(TemporaryStore.AgentId, ArrivalKind.Record, payload, Samples.Morning))], []);

    public void Enter(IEnumerable<JournalRecord> records) => Enter(records.Select(record => record.Payload));

    public JsonElement Report() =>
        Samples.Json(BooksReport.Write(Books, default, TimeSpan.FromMinutes(3), Samples.Morning.AddMinutes(1)));

    public JsonElement Site() => Report().GetProperty("sites")[0];

    /// <summary>The books agree with what was journalled, to the last call.</summary>
    public void AssertExact()
    {
        Books.Sums.Read(TemporaryStore.AgentId).ToDictionary(row => row.Key, row => row.Value.Attempts).ShouldBe(Attempts, ignoreOrder: true);
        Site().GetProperty("missing").GetInt64().ShouldBe(0);
    }

    public static byte[] Edit(ReadOnlyMemory<byte> payload, string from, string to)
    {
        string text = Encoding.UTF8.GetString(payload.Span);
        text.ShouldContain(from);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Books.Dispose();
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
