using System.Security.Cryptography;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>Another signing key: taken over on the word of the one before, and not otherwise.</summary>
public sealed class KeySuccessionTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly List<JournalRecord> _records = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Open_KeyOfOnesOwnAfterTheOneMade_IsNamedByIt()
    {
        string first = await RunAsync();
        _temporary.Options.SigningKeyFile = NewKey("own.key");
        string second = await RunAsync();
        _temporary.Options.FormerSigningKeyFile = _temporary.Options.SigningKeyFile;
        _temporary.Options.SigningKeyFile = NewKey("next.key");
        string third = await RunAsync();

        ChainReport unpinned = Check(null);
        ChainReport pinned = Check(first);

        unpinned.Findings.ShouldBeEmpty();
        pinned.Findings.ShouldBeEmpty();
        pinned.Keys.Count.ShouldBe(3);
        new[] { first, second, third }.Distinct().Count().ShouldBe(3);
        _records.Count(record => record.TopicSuffix == "event/config").ShouldBe(2, "each change is a record");
        Check(second).Findings[0].Seq.ShouldBe(1, "nobody gave the later key a word for the earlier one");
    }

    [Fact]
    public async Task Open_AnotherKeyWithoutTheFormersWord_IsFound()
    {
        await RunAsync();
        File.Delete(_temporary.PathOf(SigningKey.FileName)); // and with it the word it could give
        await RunAsync();

        ChainReport report = Check(null);

        report.Findings[0].Kind.ShouldBe(FindingKind.Signature);
        report.Findings[0].Seq.ShouldBe(2, "the record of the change");
    }

    [Fact]
    public async Task Check_FormerKeySignsOn_IsFound()
    {
        _temporary.Options.SigningKeyFile = NewKey("first.key");
        await RunAsync();
        using ECDsa former = Load("first.key");
        _temporary.Options.FormerSigningKeyFile = _temporary.Options.SigningKeyFile;
        _temporary.Options.SigningKeyFile = NewKey("second.key");
        await RunAsync();
        JournalRecord last = _records[^1];
        _records[^1] = last with { Payload = Forgery.Sign(last.Payload, former) };

        IsFound(last.Seq);
        _records.Reverse(1, _records.Count - 1); // the record of the succession comes behind it
        IsFound(last.Seq);

        void IsFound(long seq)
        {
            Finding found = Check(null).Findings[0];
            found.Seq.ShouldBe(seq);
            found.Text.ShouldContain($"record {seq} of epoch");
            found.Text.ShouldContain("is signed with a former key");
        }
    }

    [Fact]
    public async Task Check_FormerKeyNamesAnotherSuccessor_IsFound()
    {
        _temporary.Options.SigningKeyFile = NewKey("first.key");
        await RunAsync();
        _temporary.Options.FormerSigningKeyFile = _temporary.Options.SigningKeyFile;
        _temporary.Options.SigningKeyFile = NewKey("second.key");
        await RunAsync();
        NewKey("thief.key");
        using ECDsa former = Load("first.key");
        using ECDsa thief = Load("thief.key");
        JournalRecord last = _records[^1];
        _records[^1] = last with { Payload = Forgery.Succeed(last.Payload, former, thief, TemporaryStore.AgentId) };

        ChainReport report = Check(null);

        report.Findings[0].Kind.ShouldBe(FindingKind.Signature);
        report.Findings[0].Seq.ShouldBe(last.Seq);
        report.Keys.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Open_BackToTheKeyMade_SignsAgainOnTheWordOfTheOneBetween()
    {
        await RunAsync();
        _temporary.Options.SigningKeyFile = NewKey("own.key");
        await RunAsync();
        _temporary.Options.FormerSigningKeyFile = _temporary.Options.SigningKeyFile;
        _temporary.Options.SigningKeyFile = "";
        await RunAsync();

        Check(null).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_CredentialOfSystemd_IsTheKeyRecordsAreSignedWith()
    {
        NewKey("signing-key");
        string yaml = _temporary.PathOf("agent.yaml");
        await File.WriteAllTextAsync(yaml, $$"""
            agentId: agent-1
            sources: {live: [{interface: lo}]}
            store: {directory: {{_temporary.Options.Directory}}, signingKeyFile: signing-key}
            """, Cancel);
        LoadResult loaded = ConfigurationLoader.Load(
            yaml, new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = _temporary.Options.Directory }, ConfigurationUse.Run);
        loaded.Faults.ShouldBeEmpty();
        _temporary.Options.SigningKeyFile = loaded.Options.ShouldNotBeNull().Store.SigningKeyFile;

        string used = await RunAsync();

        using ECDsa key = Load("signing-key");
        used.ShouldBe(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
        File.Exists(_temporary.PathOf(SigningKey.FileName)).ShouldBeFalse("none is made beside it");
    }

    [Fact]
    public void Open_NamedKeyThatIsMissingOrNone_FailsAtStart()
    {
        _temporary.Options.SigningKeyFile = _temporary.PathOf("nowhere.key");
        Should.Throw<StoreUnavailableException>(() => _temporary.Open());
        File.WriteAllText(_temporary.PathOf("none.key"), "no key");
        _temporary.Options.SigningKeyFile = _temporary.PathOf("none.key");
        Should.Throw<StoreUnavailableException>(() => _temporary.Open()).Message.ShouldContain("none.key");
    }

    /// <summary>A run of the store with one minute; gives the public key it signed with.</summary>
    private async Task<string> RunAsync()
    {
        await using JournalStore store = _temporary.Open();
        store.Submit(Samples.Batch(1, Samples.Minute(Samples.Morning.AddMinutes(_records.Count), (Samples.Number(1), 3))));
        await store.FlushAsync(Cancel);
        _records.AddRange(await store.ReadRangeAsync(_records.Count + 1, long.MaxValue, 100, Cancel));
        return store.Identity.PublicKey;
    }

    private ChainReport Check(string? pinned)
    {
        EvidenceKey? key = null;
        (pinned is null || EvidenceKey.TryRead(pinned, out key)).ShouldBeTrue();
        using (key)
        {
            using RecordChain chain = new(key is null ? null : [key]);
            foreach (JournalRecord record in _records)
            {
                chain.Add(record.Payload.Span, $"record {record.Seq}");
            }

            return chain.Report();
        }
    }

    private string NewKey(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_temporary.PathOf(name), key.ExportPkcs8PrivateKeyPem());
        return _temporary.PathOf(name);
    }

    private ECDsa Load(string name)
    {
        ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(_temporary.PathOf(name)));
        return key;
    }
}
