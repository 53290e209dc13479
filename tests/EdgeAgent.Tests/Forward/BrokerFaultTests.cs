using System.Text.Json;
using EdgeAgent.Forward;
using EdgeAgent.Tests.Store;
using MQTTnet;
using MQTTnet.Formatter;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>Brokers that forget, crawl, or are shared by two agents of one name.</summary>
public sealed class BrokerFaultTests
{
    private const string Base = "edgeagent/v1/agent-1/";

    [Fact]
    public async Task Run_BrokerLosesItsMemory_IsToldTheStateAgain()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(10);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        await broker.LoseMemoryAsync();
        await agent.SubmitAsync(1); // silence is noticed only by the next keep-alive
        await Eventually.TrueAsync(() => !agent.Status.IsConnected, "the loss is noticed");
        await broker.StartAgainAsync();
        await agent.WaitUntilSentAsync();
        await using Subscriber late = await Subscriber.StartAsync(broker.Port);

        await late.WaitForStateAsync("online");
        await Eventually.TrueAsync(() => late.All.Count(arrival => arrival.Topic.StartsWith(Base + "number/", StringComparison.Ordinal)) == 6, "totals");
        late.Last(Base + "info").ShouldNotBeNull();
        JsonElement none = late.All.Last(arrival => arrival.Topic == Base + "number/none").Json;
        none.GetProperty("attempts").GetInt64().ShouldBe(22);
    }

    [Fact]
    public async Task Run_SlowBroker_LiveRecordsOvertakeTheBacklog()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port) { Slowness = TimeSpan.FromMilliseconds(5) };
        await using ForwarderFixture agent = new(relay.Url);
        agent.Options.InFlight = 1;
        await agent.SubmitAsync(200);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => centre.Records.Count > 20, "the backlog is on its way");
        int before = centre.Records.Count;

        await agent.SubmitAsync(1);
        await agent.WaitUntilSentAsync();
        await Eventually.TrueAsync(() => centre.Records.Count >= 402, "everything");

        long[] order = [.. centre.Records.Select(arrival => arrival.Json.GetProperty("seq").GetInt64())];
        order.Length.ShouldBe(402, "slow is no fault: no connection was given up");
        Array.IndexOf(order, 401L).ShouldBeInRange(before, 350);
        Array.IndexOf(order, 402L).ShouldBeInRange(before, 350);
        order.Where(seq => seq <= 399).ShouldBe(Enumerable.Range(1, 399).Select(seq => (long)seq), "the backlog oldest first");
    }

    [Fact]
    public async Task Run_AnotherClientTakesTheSession_PausesAndReportsItOnce()
    {
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(); // mosquitto 2.0 closes the connection without a reason
        int port = new Uri(broker.Url).Port;
        await using Subscriber centre = await Subscriber.StartAsync(port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        for (int i = 0; i < 2; i++)
        {
            await Eventually.TrueAsync(() => agent.Status is { IsConnected: true, Parked: null }, "connected");
            await TakeSessionAsync(port);
            await Eventually.TrueAsync(() => agent.Status.Parked is not null, "parked");
            agent.Status.Parked.ShouldBe("another client took the session: duplicate client id?");
        }

        await agent.SubmitAsync(1);
        await agent.WaitUntilSentAsync();

        await Eventually.TrueAsync(() => centre.Records.Count == 3, "a minute, its event, and one about the session");
        Arrival told = centre.Records.Single(arrival => arrival.Topic == Base + "event/duplicateClient");
        told.Json.GetProperty("reason").GetString().ShouldBe("another client took the session: duplicate client id?");
    }

    [Fact]
    public async Task Run_MoreConnectionsThanCredible_ReportsADuplicateClient()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        agent.Timing = agent.Timing with { ConnectsPerMinute = 2 };
        await agent.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await Eventually.TrueAsync(() => agent.Status.IsConnected, "connected");
            relay.Cut();
            await Eventually.TrueAsync(() => !agent.Status.IsConnected, "cut");
        }

        await Eventually.TrueAsync(() => centre.Records.Count == 1, "the event");
        centre.Records.Single().Json.GetProperty("reason").GetString().ShouldNotBeNull().ShouldStartWith("3 connections within a minute");
    }

    private static async Task TakeSessionAsync(int port)
    {
        using IMqttClient thief = new MqttClientFactory().CreateMqttClient();
        await thief.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500)
                .WithClientId("agent-1").Build(),
            TestContext.Current.CancellationToken);
    }
}
