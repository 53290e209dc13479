using System.Text.Json;
using EdgeAgent.Forward;
using EdgeAgent.Store;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>The collector and the real forwarder at the two ends of a real mosquitto.</summary>
public sealed class CollectorTests
{
    [Fact]
    public async Task Run_LiveFirstThenBacklogWithLostAcknowledgements_CountsEachOnce()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        await centre.StartAsync();
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        await agent.SubmitAsync(100);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.IsConnected, "connected");
        relay.IsHoldingAnswers = true; // what is sent now is sent again
        await agent.SubmitAsync(20);
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the connection is given up");
        relay.IsHoldingAnswers = false;

        await centre.AssertExactAsync(agent);

        (await centre.ReportAsync()).GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Run_BrokerStoppedAndStarted_NothingIsMissing()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        await centre.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        await agent.SubmitAsync(30);
        await broker.StopAsync();
        await agent.SubmitAsync(30);
        await broker.StartAgainAsync();
        await agent.SubmitAsync(30);

        await centre.AssertExactAsync(agent);
    }

    [Fact]
    public async Task Run_BrokerOfThreeOneOne_CountsEachOnceAndItsSessionOutlivesTheCollector()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using OldBroker old = new(broker.Port);
        await using CollectorFixture centre = new(old.Url);
        await using ForwarderFixture agent = new(old.Url);
        await centre.StartAsync();
        await agent.StartAsync();
        await agent.SubmitAsync(30);
        await centre.AssertExactAsync(agent);
        await centre.StopAsync();
        await agent.SubmitAsync(30);
        await agent.WaitUntilSentAsync();
        await centre.StartAsync();

        await centre.AssertExactAsync(agent);

        (await centre.ReportAsync()).GetProperty("findings").GetArrayLength().ShouldBe(0);
        old.Refused.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task Run_BrokerLosesWhatItHadKept_AReplayFillsTheHole()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Commands.PublicKeys = [centre.PublicKey];
        await centre.StartAsync();
        await agent.StartAsync();
        await agent.SubmitAsync(20);
        await centre.AssertExactAsync(agent);
        await centre.StopAsync();
        await agent.SubmitAsync(40); // the broker takes them, and has nobody to give them to yet
        await agent.WaitUntilSentAsync();

        await broker.LoseMemoryAsync();
        await broker.StartAgainAsync();
        await centre.StartAsync();
        await agent.SubmitAsync(5);

        await centre.AssertExactAsync(agent);
        (await centre.ReportAsync()).GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Run_CollectorStoppedBetween_TheBrokerKeepsWhatComes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        centre.Options = centre.Options with { KeyFile = null }; // nothing can be asked for again
        await using ForwarderFixture agent = new(broker.Url);
        await centre.StartAsync();
        await agent.StartAsync();
        await agent.SubmitAsync(20);
        await centre.StopAsync();
        await agent.SubmitAsync(40);
        await agent.WaitUntilSentAsync();

        await centre.StartAsync();

        await centre.AssertExactAsync(agent);
    }

    [Fact]
    public async Task Run_StoppedAsSoonAsItIsConnected_EachTimeKeepsWhatCame()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        centre.Options = centre.Options with { KeyFile = null }; // nothing can be asked for again
        await using ForwarderFixture agent = new(broker.Url);
        await centre.StartAsync();
        await centre.StopAsync();
        await agent.SubmitAsync(600); // more than a broker has under way at once
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        for (int i = 0; i < 20; i++)
        {
            await centre.StartAsync();
            await centre.StopAsync();
        }

        await broker.LoseMemoryAsync(); // what was not taken until now does not come any more
        await broker.StartAgainAsync();
        await centre.StartAsync();
        JsonElement site = (await centre.ReportAsync()).GetProperty("sites")[0];
        site.GetProperty("records").GetInt64().ShouldBe(agent.Store.Status.LastSeq);
        site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(agent.Minutes * 5);
    }

    [Fact]
    public async Task Run_WithAKey_AnchorsWhatItHas()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using CollectorFixture centre = new(broker.Url);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Commands.PublicKeys = [centre.PublicKey];
        agent.Handlers.Add(new AnchorHandler(agent.Store));
        await agent.StartAsync();
        await centre.StartAsync();
        await agent.SubmitAsync(1);

        IReadOnlyList<JournalRecord> records = [];
        for (int i = 0; i < 100 && !records.Any(HasAnchor); i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            records = await agent.Store.ReadRangeAsync(1, 100, 100, TestContext.Current.CancellationToken);
        }

        JournalRecord anchored = records.First(HasAnchor);
        Samples.Json(anchored.Payload).GetProperty("anchor").GetProperty("epoch").GetString().ShouldBe(agent.Store.Identity.Epoch);
        await centre.AssertExactAsync(agent);
    }

    private static bool HasAnchor(JournalRecord record) => Samples.Json(record.Payload).TryGetProperty("anchor", out _);
}
