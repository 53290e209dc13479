using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>Stops in the middle of the work. The subscriber holds every message against its schema: none may be torn.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Stop_WhileRecordsAreUnderWay_TearsNoMessage()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber centre = await Subscriber.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(300);
        for (int i = 0; i < 20; i++)
        {
            await agent.StartAsync();
            await centre.WaitForStateAsync("online");
            await agent.SubmitAsync(1);
            await agent.StopAsync();
            await centre.WaitForStateAsync("offline");
        }

        string[] oneRun = ["online", "stopping", "offline"];
        string[] states = [.. centre.All.Where(arrival => arrival.Topic == "edgeagent/v1/agent-1/status")
            .Select(arrival => arrival.Json.GetProperty("state").GetString()!)];
        states.ShouldBe(Enumerable.Repeat(oneRun, 20).SelectMany(run => run));
    }
}
