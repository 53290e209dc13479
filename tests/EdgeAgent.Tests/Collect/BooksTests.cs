using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>What becomes of single messages, without a broker.</summary>
public sealed class BooksTests : IDisposable
{
    private readonly BooksFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Enter_RecordsInOrderAndTwice_CountsEachOnce()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(30);

        _fixture.Enter(records);
        _fixture.Enter(records);

        _fixture.AssertExact();
        JsonElement site = _fixture.Site();
        site.GetProperty("records").GetInt64().ShouldBe(30);
        site.GetProperty("duplicates").GetInt64().ShouldBe(30);
        site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(150);
        site.GetProperty("total").GetProperty("status").GetProperty("486").GetInt64().ShouldBe(90);
        _fixture.Report().GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Enter_NewestFirstAndReopenedBetween_IsExact()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(30);
        _fixture.Enter(records[0].Payload); // states the key
        foreach (JournalRecord record in records.Skip(1).Reverse())
        {
            _fixture.Enter(record.Payload);
            _fixture.Reopen();
        }

        _fixture.AssertExact();
        _fixture.Report().GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Enter_EditedRecord_IsRefusedAndNamed()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(10);
        byte[] edited = BooksFixture.Edit(records[4].Payload, "\"attempts\":3", "\"attempts\":2");

        _fixture.Enter([.. records.Take(4).Select(record => record.Payload), edited, .. records.Skip(5).Select(record => record.Payload)]);

        JsonElement finding = _fixture.Report().GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("kind").GetString().ShouldBe("signature");
        finding.GetProperty("seq").GetInt64().ShouldBe(5);
        finding.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("record 5 of epoch");
        _fixture.Site().GetProperty("missing").GetInt64().ShouldBe(1, "it is a hole until the true one comes");

        _fixture.Enter(records[4].Payload);
        _fixture.AssertExact();
    }

    [Fact]
    public async Task Enter_BytesThatAreNoRecord_AreRefused()
    {
        await _fixture.JournalAsync(1);

        _fixture.Enter(ReadOnlyMemory<byte>.Empty, "{}"u8.ToArray(), new byte[300_000]);

        _fixture.Site().GetProperty("refused").GetInt64().ShouldBe(3);
        _fixture.Report().GetProperty("findings").EnumerateArray().ShouldAllBe(finding => finding.GetProperty("kind").GetString() == "malformed");
    }

    [Fact]
    public async Task Enter_RecordOfAnotherAgent_IsRefused()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(1);

        _fixture.Books.Enter([new BookArrival("agent-2", ArrivalKind.Record, records[0].Payload, Samples.Morning)], []);

        _fixture.Report().GetProperty("findings")[0].GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("under the topic of agent agent-2");
        _fixture.Site().GetProperty("records").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Enter_KeyThatTheFormerNames_IsTakenWithoutEnrolment()
    {
        await _fixture.JournalAsync(3);
        _fixture.TakeOwnKey();

        _fixture.Enter(await _fixture.JournalAsync(3));
        _fixture.Reopen();
        _fixture.Enter(await _fixture.JournalAsync(2));

        _fixture.AssertExact();
        _fixture.Report().GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enter_FormerKeyAfterItsSuccession_IsNamed(bool comesFirst)
    {
        await _fixture.JournalAsync(3);
        using ECDsa former = _fixture.KeyMade();
        _fixture.TakeOwnKey();
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(3);
        ReadOnlyMemory<byte> forged = Forgery.Sign(records[^1].Payload, former);
        ReadOnlyMemory<byte>[] others = [.. records.Skip(1).SkipLast(1).Select(record => record.Payload)];

        _fixture.Enter(records[0].Payload);
        _fixture.Enter(comesFirst ? [forged, .. others] : [.. others, forged]);
        _fixture.Reopen();

        JsonElement finding = _fixture.Report().GetProperty("findings").EnumerateArray()
            .Where(each => each.GetProperty("kind").GetString() == "signature").ShouldHaveSingleItem();
        finding.GetProperty("seq").GetInt64().ShouldBe(records[^1].Seq);
        finding.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain($"record {records[^1].Seq} of epoch");
        finding.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("is signed with a former key");
        _fixture.Site().GetProperty("refused").GetInt64().ShouldBe(comesFirst ? 0 : 1);
    }

    [Fact]
    public async Task Enter_KeyThatAFormerOneNames_IsRefused()
    {
        await _fixture.JournalAsync(3);
        using ECDsa former = _fixture.KeyMade();
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _fixture.TakeOwnKey();
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(3);
        _fixture.Enter(records.SkipLast(1));

        _fixture.Enter(Forgery.Succeed(records[^1].Payload, former, thief, TemporaryStore.AgentId));

        _fixture.Site().GetProperty("refused").GetInt64().ShouldBe(1);
        _fixture.Enter(records[^1].Payload);
        _fixture.AssertExact();
    }

    [Fact]
    public async Task Enter_OtherKeyUnderTheSameName_IsRefusedUntilEnrolled()
    {
        _fixture.Enter(await _fixture.JournalAsync(3));
        using BooksFixture impostor = new();
        IReadOnlyList<JournalRecord> others = await impostor.JournalAsync(3);
        BookArrival[] arrivals = [.. others.Select(record => new BookArrival(TemporaryStore.AgentId, ArrivalKind.Record, record.Payload, Samples.Morning))];

        _fixture.Books.Enter(arrivals, []);

        _fixture.AssertExact();
        _fixture.Site().GetProperty("refused").GetInt64().ShouldBe(3);
        _fixture.Report().GetProperty("findings").EnumerateArray().ShouldContain(finding => finding.GetProperty("kind").GetString() == "key");

        _fixture.Books.Enter(arrivals, [TemporaryStore.AgentId]);
        _fixture.Site().GetProperty("records").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task Enter_TombstoneForRecordsThatHadCome_CountsThemOnce()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(20);
        _fixture.Enter(records[0].Payload, records[6].Payload, records[13].Payload); // their acknowledgement never reached the agent
        IReadOnlyList<JournalRecord> left = await _fixture.ExpireAsync();
        left.ShouldContain(record => record.TopicSuffix == "event/tombstone");

        _fixture.Enter(left);
        _fixture.AssertExact();
        _fixture.Enter(records); // a broker that had kept them
        _fixture.Reopen();

        _fixture.AssertExact();
        _fixture.Site().GetProperty("explained").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task Enter_TombstoneOfATombstone_CountsEverythingOnce()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(10);
        _fixture.Enter(records[0].Payload, records[3].Payload);
        IReadOnlyList<JournalRecord> first = await _fixture.ExpireAsync();
        _fixture.Enter(first);
        IReadOnlyList<JournalRecord> second = await _fixture.ExpireAsync();

        _fixture.Enter(second);

        _fixture.AssertExact();
    }

    [Fact]
    public void Add_LongestTimes_AreNotSummed()
    {
        BookSums sums = _fixture.Books.Sums;
        foreach (int longest in (ReadOnlySpan<int>)[7, 10, 8])
        {
            string record = $$"""{"start":"2026-05-04T08:00:00Z","numbers":[{"number":"+33123000001","attempts":1,"maxTalkSeconds":{{longest}}}]}""";
            sums.Add(TemporaryStore.AgentId, Samples.Json(System.Text.Encoding.UTF8.GetBytes(record)), isTakenBack: false);
        }

        sums.Write();

        NumberCounters read = sums.Read(TemporaryStore.AgentId).ShouldHaveSingleItem().Value;
        read.Attempts.ShouldBe(3);
        read.MaxTalk.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Report_OfADay_HoldsThatDayOnly()
    {
        _fixture.Enter(await _fixture.JournalAsync(5));

        Samples.Json(BooksReport.Write(_fixture.Books, new DaySpan("2026-05-04", "2026-05-04"), TimeSpan.FromMinutes(3), Samples.Morning))
            .GetProperty("sites")[0].GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(25);
        Samples.Json(BooksReport.Write(_fixture.Books, new DaySpan("2026-05-05", "2026-05-05"), TimeSpan.FromMinutes(3), Samples.Morning))
            .GetProperty("sites")[0].GetProperty("numbers").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Report_AgentOfWhichNothingComes_IsSilentAndNamed()
    {
        _fixture.Enter(await _fixture.JournalAsync(1));
        JsonElement report = Samples.Json(BooksReport.Write(_fixture.Books, default, TimeSpan.FromMinutes(3), Samples.Morning.AddMinutes(4)));
        StringWriter output = new();

        BooksReport.Print(report, output);

        output.ToString().ShouldContain("silent: agent-1");
        BooksReport.IsGood(report).ShouldBeFalse();
        BooksReport.IsGood(_fixture.Report()).ShouldBeTrue();
    }
}
