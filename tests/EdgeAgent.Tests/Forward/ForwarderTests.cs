using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>The forwarder against a real mosquitto, and against brokers that misbehave.</summary>
public sealed class ForwarderTests
{
    private const string Base = "edgeagent/v1/agent-1/";

    [Fact]
    public async Task Run_BrokerUp_DeliversEveryRecordOnceWithItsExactBytes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(100);
        Dictionary<long, byte[]> stored = await agent.ReadAsync();

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        await Eventually.TrueAsync(() => centre.Records.Count >= 200, "all records");

        centre.Records.Count.ShouldBe(200);
        foreach (Arrival arrival in centre.Records)
        {
            arrival.Payload.ShouldBe(stored[arrival.Json.GetProperty("seq").GetInt64()]);
            arrival.IsRetained.ShouldBeFalse();
            arrival.ContentType.ShouldBe("application/json");
            arrival.Properties.ShouldBe(new Dictionary<string, string> { ["schema"] = "edgeagent/1", ["agent"] = "agent-1" }, ignoreOrder: true);
        }

        Arrival first = centre.Records[0];
        first.Json.GetProperty("seq").GetInt64().ShouldBe(200, "the newest record goes first");
        centre.Records[1].Json.GetProperty("seq").GetInt64().ShouldBe(1, "then the backlog, oldest first");
        agent.Status.Acknowledged.ShouldBe(200);
    }

    [Fact]
    public async Task Run_Connected_KeepsStatusInfoHealthAndTotalsRetained()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(10);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        await using Subscriber late = await Subscriber.StartAsync(broker.Port);

        await late.WaitForStateAsync("online");
        await Eventually.TrueAsync(() => late.Last(Base + "number/none") is not null && late.Last(Base + "health") is not null, "retained state");

        late.All.ShouldAllBe(arrival => arrival.IsRetained);
        JsonElement status = Samples.Json(late.All.Last(arrival => arrival.Topic == Base + "status").Payload);
        status.GetProperty("epoch").GetString().ShouldBe(agent.Store.Identity.Epoch);
        status.GetProperty("version").GetString().ShouldBe("1.2.3");
        late.Last(Base + "info").ShouldNotBeNull().ShouldContain("\"schema\":\"edgeagent/1\"");
        JsonElement none = Samples.Json(late.All.Last(arrival => arrival.Topic == Base + "number/none").Payload);
        none.GetProperty("attempts").GetInt64().ShouldBe(20);
        none.GetProperty("day").GetString().ShouldBe("2026-05-04");
        JsonElement number = Samples.Json(late.All.Last(arrival => arrival.Topic == Base + "number/33123000001").Payload);
        number.GetProperty("number").GetString().ShouldBe("+33123000001");
        number.GetProperty("attempts").GetInt64().ShouldBe(6);
        number.GetProperty("dispositionsBusy").GetInt64().ShouldBe(4);
        number.GetProperty("inboundAttempts").GetInt64().ShouldBe(0);
        number.GetProperty("answerRate").GetDouble().ShouldBe(2.0 / 6, 1e-6);
        number.EnumerateObject().ShouldAllBe(member => member.Value.ValueKind != JsonValueKind.Object);
    }

    [Fact]
    public async Task Run_TrunksChangedByAReload_AreToldOnTheSameConnection()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Timing = agent.Timing with { HealthInterval = TimeSpan.FromMilliseconds(50) };
        await agent.StartAsync();
        await Eventually.TrueAsync(() => centre.Last(Base + "health") is not null, "connected");

        agent.Info = agent.Info with { Trunks = [new("carrier-b", ["198.51.100.7"])] };

        await Eventually.TrueAsync(() => centre.Last(Base + "info")?.Contains("198.51.100.7", StringComparison.Ordinal) == true, "new trunks");
        centre.All.Count(arrival => arrival.Topic == Base + "info").ShouldBe(2);
        centre.All.Count(arrival => arrival.Topic == Base + "status").ShouldBe(1);
    }

    [Fact]
    public async Task Stop_Connected_SaysStoppingThenOffline()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        await centre.WaitForStateAsync("online");
        await agent.SubmitAsync(5);

        await agent.StopAsync();
        await centre.WaitForStateAsync("offline");

        string[] states = [.. centre.All.Where(arrival => arrival.Topic == Base + "status")
            .Select(arrival => arrival.Json.GetProperty("state").GetString()!)];
        states.ShouldBe(["online", "stopping", "offline"]);
        centre.Last(Base + "status").ShouldNotBeNull().ShouldContain("\"reason\":\"stopped\"");
        agent.Store.Status.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Run_LineCut_BrokerSaysOfflineForUs()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        agent.Timing = agent.Timing with { ShortestPause = TimeSpan.FromSeconds(3), LongestPause = TimeSpan.FromSeconds(3) };
        await agent.StartAsync();
        await centre.WaitForStateAsync("online");

        relay.Cut();
        await centre.WaitForStateAsync("offline");

        centre.Last(Base + "status").ShouldNotBeNull().ShouldContain("\"reason\":\"connection lost\"");
        await centre.WaitForStateAsync("online");
    }

    [Fact]
    public async Task Run_BrokerStoppedInMidStream_EveryRecordArrives()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        await agent.SubmitAsync(50);
        await broker.StopAsync();
        await agent.SubmitAsync(50);
        agent.Store.Status.Depth.ShouldBeGreaterThanOrEqualTo(100);
        await Eventually.TrueAsync(() => !agent.Status.IsConnected, "the loss is noticed");
        agent.Status.LastError.ShouldNotBeNull();

        await broker.StartAgainAsync();
        await centre.ConnectAsync();
        await agent.SubmitAsync(50);
        await agent.WaitUntilSentAsync();

        await Eventually.TrueAsync(() => Sequence(centre).Count == 300, "all records");
        AssertDuplicatesAreIdentical(centre);
        Sequence(centre).ShouldBe(Enumerable.Range(1, 300).Select(seq => (long)seq));
    }

    [Fact]
    public async Task Run_AcknowledgementsLost_SendsTheSameBytesAgain()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => centre.Last(Base + "health") is not null, "the announcement is over");
        relay.IsHoldingAnswers = true; // a stalled broker: it takes, but its answers do not come
        await agent.SubmitAsync(20);
        await Eventually.TrueAsync(() => centre.Records.Count > 0, "records reach the centre unacknowledged");
        agent.Store.Status.Depth.ShouldBe(40);
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the time limit ends the connection");
        agent.Status.LastError.ShouldNotBeNull().ShouldStartWith("no a"); // acknowledgement, or already answer to a new connection

        relay.IsHoldingAnswers = false;
        await agent.WaitUntilSentAsync();

        await Eventually.TrueAsync(() => Sequence(centre).Count == 40, "all records");
        centre.Records.Count.ShouldBeGreaterThan(40);
        AssertDuplicatesAreIdentical(centre);
    }

    [Fact]
    public async Task Run_InFlight_StaysWithinItsBound()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        agent.Options.InFlight = 3;
        agent.Options.AckTimeout = TimeSpan.FromSeconds(5);
        await agent.StartAsync();
        await centre.WaitForStateAsync("online");
        await Eventually.TrueAsync(() => centre.Last(Base + "health") is not null, "the announcement is over");
        relay.IsHoldingAnswers = true;
        await agent.SubmitAsync(20);

        await Eventually.TrueAsync(() => agent.Status.InFlight == 3, "three in flight");
        await Task.Delay(300, TestContext.Current.CancellationToken);

        agent.Status.InFlight.ShouldBe(3);
        centre.Records.Count.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Run_LoginRefused_ParksAndKeepsEverything()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous false");
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Parked is not null, "parked");

        agent.Status.Parked.ShouldBe("login refused: NotAuthorized");
        agent.Status.IsConnected.ShouldBeFalse();
        agent.Store.Status.Depth.ShouldBe(10);
    }

    [Fact]
    public async Task Run_PasswordFile_LogsInAsTheAgentAndIsReadAgain()
    {
        string directory = Directory.CreateTempSubdirectory("edge-agent-password-").FullName;
        string accounts = Path.Combine(directory, "accounts");
        using (Process tool = Process.Start("mosquitto_passwd", ["-b", "-c", accounts, "agent-1", "right"]))
        {
            await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous false", $"password_file {accounts}");
        await using ForwarderFixture agent = new(broker.Url);
        agent.Options.PasswordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(agent.Options.PasswordFile, "wrong\n", TestContext.Current.CancellationToken);
        await agent.SubmitAsync(5);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Parked is not null, "parked");
        agent.Status.Parked.ShouldNotBeNull().ShouldStartWith("login refused");

        await File.WriteAllTextAsync(agent.Options.PasswordFile, "right\n", TestContext.Current.CancellationToken);
        await agent.WaitUntilSentAsync();

        agent.Status.Parked.ShouldBeNull();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Run_TopicRefused_ParksAndKeepsEverything()
    {
        string acl = Path.GetTempFileName();
        await File.WriteAllTextAsync(acl, $"topic write {Base}status\ntopic write {Base}info\n", TestContext.Current.CancellationToken);
        // Without a limit of queued messages this broker resets the connection behind a refusal, which may swallow the refusal itself.
        await using Mosquitto broker = await Mosquitto.StartAsync($"acl_file {acl}", "max_queued_messages 1000");
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Parked is not null, "parked");

        agent.Status.Parked.ShouldNotBeNull().ShouldEndWith("refused: NotAuthorized");
        agent.Store.Status.Depth.ShouldBe(10);
        File.Delete(acl);
    }

    [Fact]
    public async Task Run_BrokerThatNeverAnswers_GivesUpAndTriesAgain()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        await using ForwarderFixture agent = new($"mqtt://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");

        await agent.StartAsync();
        using TcpClient first = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using TcpClient second = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        second.Connected.ShouldBeTrue();
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the reason is shown");
        agent.Status.IsConnected.ShouldBeFalse();
        await agent.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_RequireSubscriber_KeepsRecordsUntilSomebodyListens()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        agent.Options.RequireSubscriber = true;
        await agent.SubmitAsync(5);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Parked == "nobody subscribes", "held");
        agent.Store.Status.Depth.ShouldBe(10);
        agent.Status.IsConnected.ShouldBeTrue();

        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await agent.WaitUntilSentAsync();

        await Eventually.TrueAsync(() => Sequence(centre).Count == 10, "all records");
        agent.Status.Parked.ShouldBeNull();
    }

    [Fact]
    public async Task Run_NumberIdleForAWeek_IsClearedAtTheBroker()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        await agent.SubmitAsync(1);
        await Eventually.TrueAsync(() => centre.Last(Base + "number/33123000001")?.Length > 0, "the total");

        agent.Store.Submit(Samples.Batch(9, Samples.Minute(Samples.Morning.AddDays(8), (Samples.Number(4), 3))));

        await Eventually.TrueAsync(() => centre.Last(Base + "number/33123000001") == "", "the empty message");
    }

    [Fact]
    public async Task Run_NoUrl_EndsAndLeavesRecordsInTheStore()
    {
        await using ForwarderFixture agent = new("");
        await agent.StartAsync();
        await agent.SubmitAsync(3);

        agent.Status.IsEnabled.ShouldBeFalse();
        agent.Store.Status.Depth.ShouldBe(6);
    }

    private static List<long> Sequence(Subscriber centre) =>
        [.. centre.Records.Select(arrival => arrival.Json.GetProperty("seq").GetInt64()).Distinct().Order()];

    private static void AssertDuplicatesAreIdentical(Subscriber centre)
    {
        foreach (IGrouping<long, Arrival> copies in centre.Records.GroupBy(arrival => arrival.Json.GetProperty("seq").GetInt64()))
        {
            byte[] first = copies.First().Payload;
            copies.ShouldAllBe(copy => copy.Payload.SequenceEqual(first));
        }
    }
}
