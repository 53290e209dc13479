using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Two interfaces that both show every packet, as a trunk port and its mirror do: every call counts once.</summary>
public sealed class TwoInterfacesTests
{
    private const int Calls = 200;

    [Fact]
    public async Task Run_EveryPacketOnTwoInterfaces_CountsEveryCallOnce()
    {
        using TemporaryDirectory directory = new();
        TrafficRun run = await TrafficRig.RunAsync(
            directory, Calls, during: null, TestContext.Current.CancellationToken, interfaces: ["trunk0", "span0"]);

        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(TrafficTruth.Sums(run.Truth)), "subscriber against sipp");
        run.Received.Events.ShouldNotContain(received => received.Kind == "blind" || received.Kind == "degraded");
        using JsonDocument status = JsonDocument.Parse(
            await File.ReadAllTextAsync(directory.File("agent-status.json"), TestContext.Current.CancellationToken));
        JsonElement[] sources = [.. status.RootElement.Member("sources").EnumerateArray()];
        sources.Select(source => source.Text("name")).ShouldBe(["trunk0", "span0"], ignoreOrder: true);
        ReplayOutput replay = await ReplayOutput.RunAsync(
            TestContext.Current.CancellationToken, run.TrunkCapture, "--config", run.Configuration);
        long messages = replay.Root.Member("capture").Count("sipMessages");
        sources.ShouldAllBe(source => source.Count("packets") >= messages, "each interface shows all of them");
        status.RootElement.Member("signalling").Count("sipMessages").ShouldBeGreaterThan(messages, "the copies of datagrams are read; of streams each byte is once");
    }
}
