using System.Text;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>Old records are removed from the books, their figures stay.</summary>
public sealed class BooksRetentionTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly BooksFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Trim_OldRecords_AreGoneAndTheirFiguresStay()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(30);
        _fixture.Enter(records);
        CollectedEpoch epoch = _fixture.Books.Epochs.ShouldHaveSingleItem();

        _fixture.Books.Trim(2 * Day, Samples.Morning + Day, 10).ShouldBeFalse("none is old enough");
        _fixture.Books.Find(epoch, 1).ShouldNotBeNull();
        _fixture.Books.Trim(2 * Day, Samples.Morning + (3 * Day), 10).ShouldBeTrue("there are more");
        _fixture.Reopen();
        epoch = _fixture.Books.Epochs.ShouldHaveSingleItem();
        _fixture.Books.Find(epoch, 10).ShouldBeNull();
        _fixture.Books.Find(epoch, 11).ShouldNotBeNull();
        _fixture.Books.Trim(2 * Day, Samples.Morning + (3 * Day), 100).ShouldBeFalse();

        _fixture.Books.Find(epoch, 29).ShouldBeNull();
        _fixture.Books.Find(epoch, 30).ShouldNotBeNull("the next one has to follow it");
        _fixture.AssertExact();
        _fixture.Enter(records);
        _fixture.Enter(await _fixture.JournalAsync(1));
        _fixture.AssertExact();
        _fixture.Report().GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Trim_WhatTheAgentStillHas_Stays()
    {
        _fixture.Enter(await _fixture.JournalAsync(5));
        byte[] info = Encoding.UTF8.GetBytes("""{"publicKey":"none","retentionDays":60}""");
        _fixture.Books.Enter([new BookArrival(TemporaryStore.AgentId, ArrivalKind.Info, info, Samples.Morning)], []);
        _fixture.Reopen();
        CollectedEpoch epoch = _fixture.Books.Epochs.ShouldHaveSingleItem();

        _fixture.Books.Trim(2 * Day, Samples.Morning + (61 * Day), 100);
        _fixture.Books.Find(epoch, 1).ShouldNotBeNull();
        _fixture.Books.Trim(2 * Day, Samples.Morning + (63 * Day), 100);
        _fixture.Books.Find(epoch, 1).ShouldBeNull();
    }

    [Fact]
    public async Task Enter_TombstoneForRecordsThatWereRemoved_IsNamed()
    {
        IReadOnlyList<JournalRecord> records = await _fixture.JournalAsync(20);
        _fixture.Enter(records[0].Payload, records[6].Payload, records[13].Payload);
        _fixture.Books.Trim(Day, Samples.Morning + (3 * Day), 100);

        _fixture.Enter(await _fixture.ExpireAsync());

        JsonElement finding = _fixture.Report().GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("kind").GetString().ShouldBe("limit");
        finding.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("sums up 2 records that had come and are no longer kept");
    }
}
