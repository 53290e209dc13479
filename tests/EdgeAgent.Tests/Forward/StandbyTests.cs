using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>Two real brokers, one in standby.</summary>
public sealed class StandbyTests
{
    private const string Base = "edgeagent/v1/agent-1/";

    [Fact]
    public async Task Run_FirstBrokerDownAndBack_StandbyTakesOverMeanwhile()
    {
        await using Mosquitto first = await Mosquitto.StartAsync();
        await using Mosquitto second = await Mosquitto.StartAsync();
        await using Subscriber atFirst = await Subscriber.StartAsync(first.Port);
        await using Subscriber atSecond = await Subscriber.StartAsync(second.Port);
        await using ForwarderFixture agent = Agent(first.Url, second.Url);
        await agent.SubmitAsync(1);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        agent.Status.Standby.ShouldBeNull();

        await first.StopAsync();
        await agent.SubmitAsync(10);
        await agent.WaitUntilSentAsync();
        agent.Status.Broker.ShouldBe(second.Url);
        agent.Status.IsConnected.ShouldBeTrue();
        agent.Status.Standby.ShouldNotBeNull().ShouldStartWith(first.Url + ": ");
        await Eventually.TrueAsync(() => atSecond.Records.Count == 20, "what the first did not take");

        await first.StartAgainAsync();
        await Eventually.TrueAsync(() => agent.Status is { Standby: null, IsConnected: true }, "back with the first");
        agent.Status.Broker.ShouldBe(first.Url);
        await atFirst.ConnectAsync();
        await agent.SubmitAsync(1);
        await agent.WaitUntilSentAsync();

        await Eventually.TrueAsync(() => atFirst.Records.Count >= 4, "the rest goes to the first again");
        atFirst.Records.Concat(atSecond.Records).Select(arrival => arrival.Json.GetProperty("seq").GetInt64()).Order()
            .ShouldBe(Enumerable.Range(1, 24).Select(seq => (long)seq), "each record at one of the two");
        await atSecond.WaitForStateAsync("offline");
        atSecond.Last(Base + "status").ShouldNotBeNull().ShouldContain("the first broker answers again");
        string? moved = atSecond.Last(Base + "number/33123000003"); // not by the last minute: the first broker would never hear of it
        await Eventually.TrueAsync(() => atFirst.Last(Base + "number/33123000003") == moved, "totals that moved meanwhile");
    }

    [Fact]
    public async Task Run_FirstBrokerRefusesUs_StandbyTakesOver()
    {
        await using Mosquitto first = await Mosquitto.StartAsync("allow_anonymous false");
        await using Mosquitto second = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = Agent(first.Url, second.Url);
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        agent.Status.Standby.ShouldNotBeNull().ShouldEndWith("login refused: NotAuthorized");
    }

    [Fact]
    public async Task Run_BothBrokersDown_KeepsEverythingUntilOneIsBack()
    {
        await using Mosquitto first = await Mosquitto.StartAsync();
        await using Mosquitto second = await Mosquitto.StartAsync();
        await first.StopAsync();
        await second.StopAsync();
        await using ForwarderFixture agent = Agent(first.Url, second.Url);
        await agent.SubmitAsync(5);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.Standby is not null, "the standby was tried");
        agent.Store.Status.Depth.ShouldBe(10);

        await first.StartAgainAsync();
        await agent.WaitUntilSentAsync();

        agent.Store.Status.Depth.ShouldBe(0);
    }

    private static ForwarderFixture Agent(string first, string second)
    {
        ForwarderFixture agent = new(first);
        agent.Options.Standby.Url = second;
        agent.Options.Standby.After = TimeSpan.FromMilliseconds(400);
        agent.Timing = agent.Timing with { FirstBrokerLook = TimeSpan.FromMilliseconds(200) };
        return agent;
    }
}
