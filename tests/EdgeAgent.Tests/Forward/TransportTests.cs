using System.Net;
using EdgeAgent.Tests.Store;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>WebSocket, MQTT 3.1.1, and what MQTT 5 adds to a message.</summary>
public sealed class TransportTests
{
    private const string Base = "edgeagent/v1/agent-1/";

    [Fact]
    public async Task Run_WebSocket_Delivers()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using WebSocketGateway gateway =
            await WebSocketGateway.StartAsync(broker.Port, certificates: null, TestContext.Current.CancellationToken);
        await using ForwarderFixture agent = new(gateway.Url);
        await agent.SubmitAsync(20);

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        agent.Status.Acknowledged.ShouldBe(40);
        agent.Status.Broker.ShouldBe(gateway.Url);
    }

    [Fact]
    public async Task Run_BrokerOfThreeOneOne_DeliversTheSameBytes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using OldBroker old = new(broker.Port);
        await using ForwarderFixture agent = new(old.Url);
        await agent.SubmitAsync(10);
        Dictionary<long, byte[]> stored = await agent.ReadAsync();

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        await Eventually.TrueAsync(() => centre.Records.Count == 20 && centre.Last(Base + "health") is not null, "all records");

        old.Refused.ShouldBe(1, "MQTT 5 is tried first");
        centre.Records.ShouldAllBe(arrival => arrival.Payload.SequenceEqual(stored[arrival.Json.GetProperty("seq").GetInt64()]));
        centre.All.ShouldAllBe(arrival => arrival.ContentType == null && arrival.Properties.Count == 0);
    }

    [Theory]
    [InlineData("5", false, "login refused")]
    [InlineData("auto", true, "requireSubscriber")]
    public async Task Run_BrokerOfThreeOneOneIsOfNoUse_ParksAndSaysWhy(string protocol, bool requireSubscriber, string reason)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using OldBroker old = new(broker.Port);
        await using ForwarderFixture agent = new(old.Url);
        agent.Options.Protocol = protocol;
        agent.Options.RequireSubscriber = requireSubscriber;
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Parked is not null, "parked");

        agent.Status.Parked.ShouldNotBeNull().ShouldContain(reason);
        agent.Store.Status.Depth.ShouldBe(10);
    }

    [Fact]
    public async Task Run_ProtocolThreeOneOneConfigured_NeverTriesFive()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using OldBroker old = new(broker.Port);
        await using ForwarderFixture agent = new(old.Url);
        agent.Options.Protocol = "3.1.1";
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        old.Refused.ShouldBe(0);
    }

    [Fact]
    public async Task Run_BrokerThatRefusesFiveInItsOwnTerms_FallsBack()
    {
        MqttServerOptions options = new MqttServerOptionsBuilder().WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(0).Build();
        using MqttServer server = new MqttServerFactory().CreateMqttServer(options);
        server.ValidatingConnectionAsync += asked =>
        {
            asked.ReasonCode = asked.ProtocolVersion == MqttProtocolVersion.V500
                ? MqttConnectReasonCode.UnsupportedProtocolVersion
                : MqttConnectReasonCode.Success;
            return Task.CompletedTask;
        };
        await server.StartAsync();
        await using ForwarderFixture agent = new($"mqtt://127.0.0.1:{options.DefaultEndpointOptions.Port}");
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        agent.Status.Acknowledged.ShouldBe(10);
        await agent.StopAsync();
        await server.StopAsync(new MqttServerStopOptions());
    }

    [Fact]
    public async Task Run_MessageExpiry_IsOnWhatGoesOutOfDate()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Options.MessageExpiry = TimeSpan.FromDays(2);
        await agent.SubmitAsync(1);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        await Eventually.TrueAsync(() => centre.Last(Base + "health") is not null && centre.Last(Base + "number/none") is not null, "all state");

        centre.Records.ShouldAllBe(arrival => arrival.Expiry == 172_800);
        centre.All.Where(arrival => arrival.Topic is Base + "status" or Base + "info").ShouldAllBe(arrival => arrival.Expiry == 0);
        centre.All.Single(arrival => arrival.Topic == Base + "health").Expiry.ShouldBe(300u);
        centre.All.Single(arrival => arrival.Topic == Base + "number/none").Expiry.ShouldBe(691_200u);
    }

    [Theory]
    [InlineData(3_600, true)]
    [InlineData(0, false)]
    public async Task Run_SessionExpiry_DecidesWhetherTheBrokerKeepsOurSession(int seconds, bool isKept)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        agent.Options.SessionExpiry = TimeSpan.FromSeconds(seconds);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.IsConnected, "connected");
        await agent.StopAsync();

        using IMqttClient same = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await same.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(MqttProtocolVersion.V500)
                .WithClientId("agent-1").WithCleanStart(false).Build(),
            TestContext.Current.CancellationToken);

        result.IsSessionPresent.ShouldBe(isKept);
    }
}
