using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Cli;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using LiteDB;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Evidence;

/// <summary>What somebody with access to the host can do to the journal, through the real database and the real command.</summary>
public sealed class TamperedJournalTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _temporary.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Verify_UntouchedJournal_IsGood()
    {
        await FillAsync(10);

        (await VerifyAsync()).ShouldBe(ExitCode.Ok, _output.ToString() + _error);

        _output.ToString().ShouldContain("good: 10 records");
        _output.ToString().ShouldContain("no anchor binds it");
    }

    [Fact]
    public async Task Verify_EditedRecord_IsNamed()
    {
        await FillAsync(10);
        Change(7, text => text.Replace("\"attempts\":3", "\"attempts\":1", StringComparison.Ordinal));

        await ShouldFindAsync("record 7 of epoch", "was edited: its signature does not fit its content");
    }

    [Fact]
    public async Task Verify_DeletedRecord_IsNamed()
    {
        await FillAsync(10);
        JournalDatabase.Change(Journal, database => database.GetCollection("records").Delete(4));

        await ShouldFindAsync("record 4 of epoch", "is missing, and no tombstone explains it");
    }

    [Fact]
    public async Task Verify_FirstRecordsDeleted_IsNamed()
    {
        await FillAsync(10);
        JournalDatabase.Change(Journal, database => database.GetCollection("records").DeleteMany("_id < 3"));

        await ShouldFindAsync("record 1 of epoch", "is missing, and all up to 2");
    }

    [Fact]
    public async Task Verify_LastRecordsCutOffWithTheirTraces_IsFoundByTheFileBeside()
    {
        await FillAsync(10);
        JournalDatabase.Change(Journal, database =>
        {
            ILiteCollection<BsonDocument> records = database.GetCollection("records");
            records.DeleteMany("_id > 8");
            BsonDocument meta = database.GetCollection("meta").FindById(1);
            meta["nextSeq"] = 9L;
            meta["lastHash"] = HashOf(PayloadPacking.Take(records.FindById(8))).ToArray();
            database.GetCollection("meta").Update(meta);
        });

        await ShouldFindAsync("record 9 of epoch", "the file beside the journal had them");
    }

    [Fact]
    public async Task Verify_SwappedRecords_AreNamed()
    {
        await FillAsync(10);
        JournalDatabase.Change(Journal, database =>
        {
            ILiteCollection<BsonDocument> records = database.GetCollection("records");
            BsonDocument five = records.FindById(5);
            BsonDocument six = records.FindById(6);
            (five["_id"], six["_id"]) = (6L, 5L);
            records.Update(five);
            records.Update(six);
        });

        await ShouldFindAsync("in the place of record 5", "stands record 6");
    }

    [Fact]
    public async Task Verify_HistoryBeforeTheAnchorSignedAnewWithTheRealKey_IsNamed()
    {
        IReadOnlyList<JournalRecord> records = await FillAsync(10);
        Anchor early = Chains.AnchorOf(records[2]);
        Anchor late = Chains.AnchorOf(records[7]);
        string anchors = _temporary.PathOf("anchors.jsonl");
        await File.WriteAllLinesAsync(
            anchors,
            new[] { early, late }.Select(anchor => $"{{\"epoch\":\"{anchor.Epoch}\",\"seq\":{anchor.Seq},\"hash\":\"{anchor.Hash}\"}}"),
            TestContext.Current.CancellationToken);
        RewriteFrom(5, text => text.Replace("\"attempts\":3", "\"attempts\":1", StringComparison.Ordinal), hidesItOutside: true);

        (await VerifyAsync()).ShouldBe(ExitCode.Ok, "without an anchor nobody can see it");
        (await VerifyAsync("--anchors", anchors)).ShouldBe(ExitCode.NotGenuine);

        _output.ToString().ShouldContain($"record 8 of epoch {early.Epoch} is not the one known to line 2 of {anchors}: after record 3, history up to it was rewritten");
        _output.ToString().ShouldContain("bound by anchors up to record 3");
    }

    [Fact]
    public async Task Open_OlderCopyPutBack_BeginsANewEpochThatSaysSo()
    {
        await FillAsync(3);
        byte[] old = await File.ReadAllBytesAsync(Journal, TestContext.Current.CancellationToken);
        IReadOnlyList<JournalRecord> received = await FillAsync(5, from: 3);
        await File.WriteAllBytesAsync(Journal, old, TestContext.Current.CancellationToken);

        await ShouldFindAsync("record 4 of epoch", "the file beside the journal had them");
        await using JournalStore store = _temporary.Open();
        RestoredState restored = await store.RestoreAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<JournalRecord> after = await store.ReadUnsentAsync(0, 10, TestContext.Current.CancellationToken);

        restored.Loss.ShouldBe("rolledBack");
        restored.PredecessorEpoch.ShouldBe(received[0].Epoch);
        Samples.Json(after[0].Payload).GetProperty("value").GetInt64().ShouldBe(3);
        Samples.Json(after[0].Payload).GetProperty("begins").GetProperty("lastSeq").GetInt64().ShouldBe(8);
        ChainReport report = Chains.Check(store.Identity.PublicKey, [.. received, .. after]);
        Finding found = report.Findings.ShouldHaveSingleItem();
        (found.Kind, found.Epoch, found.Seq).ShouldBe((FindingKind.Rollback, store.Identity.Epoch, 1));
        Directory.GetFiles(_temporary.Options.Directory, "journal.db.damaged-*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Open_RecordOfTheEpochFileReplaced_BeginsANewEpoch()
    {
        await FillAsync(5);
        RewriteFrom(3, text => text.Replace("\"attempts\":3", "\"attempts\":1", StringComparison.Ordinal));

        await using JournalStore store = _temporary.Open();

        (await store.RestoreAsync(TestContext.Current.CancellationToken)).Loss.ShouldBe("rewritten");
    }

    [Fact]
    public async Task Open_WholeDirectoryPutBack_IsFoundByTheAnchor()
    {
        await FillAsync(3);
        Dictionary<string, byte[]> old = Directory.GetFiles(_temporary.Options.Directory).ToDictionary(path => path, File.ReadAllBytes);
        IReadOnlyList<JournalRecord> received = await FillAsync(5, from: 3);
        foreach ((string path, byte[] content) in old)
        {
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        }

        await using JournalStore store = _temporary.Open();
        store.Identity.Epoch.ShouldBe(received[0].Epoch, "nothing on the host tells");
        AnchorOutcome outcome = await store.AnchorAsync(Chains.AnchorOf(received[6]), TestContext.Current.CancellationToken);
        await store.FlushAsync(TestContext.Current.CancellationToken);

        outcome.ShouldBe(AnchorOutcome.RolledBack);
        JournalRecord first = (await store.ReadUnsentAsync(0, 10, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        first.TopicSuffix.ShouldBe("event/storeLoss");
        Samples.Json(first.Payload).GetProperty("reason").GetString().ShouldBe("rolledBack");
        Samples.Json(first.Payload).GetProperty("anchor").GetProperty("seq").GetInt64().ShouldBe(7);
        Samples.Json(first.Payload).GetProperty("begins").GetProperty("lastSeq").GetInt64().ShouldBe(7);
        Chains.Check(store.Identity.PublicKey, [.. received, first]).Findings.ShouldHaveSingleItem().Kind.ShouldBe(FindingKind.Rollback);
    }

    [Fact]
    public async Task Open_JournalOfAnotherVersion_IsKeptAside()
    {
        await FillAsync(3);
        JournalDatabase.Change(Journal, database =>
        {
            BsonDocument meta = database.GetCollection("meta").FindById(1);
            meta.Remove("schema");
            database.GetCollection("meta").Update(meta);
        });

        await using JournalStore store = _temporary.Open();

        (await store.RestoreAsync(TestContext.Current.CancellationToken)).Loss.ShouldBe("damaged");
        Directory.GetFiles(_temporary.Options.Directory, "journal.db.damaged-*").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Verify_AgentRuns_RefusesAndNamesTheWay()
    {
        await using JournalStore store = _temporary.Open();

        (await VerifyAsync()).ShouldBe(ExitCode.Unavailable);

        _error.ToString().ShouldContain("a running edge-agent uses the store");
        _error.ToString().ShouldContain("edge-agent export");
    }

    [Fact]
    public async Task Verify_KeyReplaced_NamesTheFirstRecordUnderTheNewOne()
    {
        await FillAsync(4);
        string pinned = _temporary.PathOf("agent.pub");
        string old = _temporary.PathOf("signing.key");
        using (ECDsa key = ECDsa.Create())
        {
            key.ImportFromPem(await File.ReadAllTextAsync(old, TestContext.Current.CancellationToken));
            await File.WriteAllTextAsync(pinned, key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        }

        File.Delete(old);
        await FillAsync(2, from: 4);

        (await VerifyAsync("--public-key", pinned)).ShouldBe(ExitCode.NotGenuine);

        _output.ToString().ShouldContain("3 findings; the first: record 5 of epoch");
        _output.ToString().ShouldContain("is signed with another key");
    }

    [Fact]
    public async Task Export_AgentStopped_GivesTheBytesThatVerifyReads()
    {
        IReadOnlyList<JournalRecord> records = await FillAsync(10);
        string exported = _temporary.PathOf("records.jsonl");

        (await CommandLine.RunAsync(["export", "--store", _temporary.Options.Directory, "--socket", "/nowhere.sock", "--from", "3", "--to", "6"], _output, _error))
            .ShouldBe(ExitCode.Ok, _error.ToString());
        string[] lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldBe(records.Skip(2).Take(4).Select(record => Encoding.UTF8.GetString(record.Payload.Span)));
        await File.WriteAllTextAsync(exported, _output.ToString(), TestContext.Current.CancellationToken);
        (await CommandLine.RunAsync(["verify", exported], _output, _error)).ShouldBe(ExitCode.NotGenuine, "the key stands in record 1");

        _output.ToString().ShouldContain("the public key of agent agent-1 is not known: 4 signatures were not checked");
    }

    private string Journal => _temporary.PathOf("journal.db");

    private Task<int> VerifyAsync(params string[] more) =>
        CommandLine.RunAsync(["verify", .. more, _temporary.Options.Directory], _output, _error);

    private async Task ShouldFindAsync(params string[] texts)
    {
        (await VerifyAsync()).ShouldBe(ExitCode.NotGenuine, _output.ToString() + _error);
        string result = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        texts.ShouldAllBe(text => result.Contains(text, StringComparison.Ordinal), result);
    }

    private async Task<IReadOnlyList<JournalRecord>> FillAsync(int minutes, int from = 0)
    {
        await using JournalStore store = _temporary.Open();
        for (int i = from; i < from + minutes; i++)
        {
            store.Submit(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 3))));
        }

        await store.FlushAsync(TestContext.Current.CancellationToken);
        return await store.ReadRangeAsync(1, long.MaxValue, 1_000, TestContext.Current.CancellationToken);
    }

    private void Change(long seq, Func<string, string> edit) => JournalDatabase.Change(Journal, database =>
    {
        ILiteCollection<BsonDocument> records = database.GetCollection("records");
        BsonDocument document = records.FindById(seq);
        PayloadPacking.Put(document, Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(PayloadPacking.Take(document)))));
        records.Update(document);
    });

    /// <summary>Edits every record from <paramref name="first"/> on, links and signs them anew, and makes the journal agree.</summary>
    private void RewriteFrom(long first, Func<string, string> edit, bool hidesItOutside = false)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(_temporary.PathOf("signing.key")));
        JournalDatabase.Change(Journal, database =>
        {
            ILiteCollection<BsonDocument> records = database.GetCollection("records");
            BsonDocument meta = database.GetCollection("meta").FindById(1);
            RecordHash previous = HashOf(PayloadPacking.Take(records.FindById(first - 1)));
            for (long seq = first; seq < meta["nextSeq"].AsInt64; seq++)
            {
                BsonDocument document = records.FindById(seq);
                string content = edit(Encoding.UTF8.GetString(PayloadPacking.Take(document).AsSpan()[..^RecordSeal.Length]));
                content = content[..content.LastIndexOf(",\"prev\"", StringComparison.Ordinal)] + $",\"prev\":\"{previous}\"";
                ArrayBufferWriter<byte> record = new();
                record.Write(Encoding.UTF8.GetBytes(content));
                RecordSeal.Append(record, key, RecordHash.Of(record.WrittenSpan));
                PayloadPacking.Put(document, record.WrittenSpan.ToArray());
                records.Update(document);
                previous = HashOf(record.WrittenSpan);
            }

            meta["lastHash"] = previous.ToArray();
            database.GetCollection("meta").Update(meta);
        });
        string epoch = File.ReadAllText(_temporary.PathOf("epoch")).Split(' ')[0];
        if (hidesItOutside)
        {
            File.WriteAllText(_temporary.PathOf("epoch"), epoch + "\n"); // whoever does this does it too
        }
    }

    private static RecordHash HashOf(ReadOnlySpan<byte> record) => RecordHash.Of(record[..^RecordSeal.Length]);
}
