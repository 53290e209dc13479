using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The interface is switched off, or taken out, under traffic and comes back: the agent says since when and until when it saw nothing, and counts all else.</summary>
public sealed class InterfaceDownTests
{
    private const int Calls = 300;
    private const int DownAtSecond = 12;
    private const int SecondsDown = 4;

    /// <summary>Found within a second, attached again within a second; the rest is for a busy machine.</summary>
    private static readonly TimeSpan LongestBlindPeriod = TimeSpan.FromSeconds(SecondsDown + 6);

    [Theory]
    [InlineData("linkdown")]
    [InlineData("linkgone")]
    public async Task Run_InterfaceAwayUnderTraffic_SumsEqualReplayWithoutTheRecordedPeriod(string how)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using TemporaryDirectory directory = new();
        TrafficRun run = await TrafficRig.RunAsync(
            directory, Calls, $"{how} {DownAtSecond} {SecondsDown}", cancellationToken, interfaces: "span0");

        (_, JsonElement blind) = run.Received.Events.Where(received => received.Kind == "blind").ShouldHaveSingleItem();
        blind.Text("source").ShouldBe("span0");
        blind.Text("reason").ShouldBe("interfaceDown");
        DateTimeOffset from = blind.Instant("from").ShouldNotBeNull();
        DateTimeOffset to = blind.Instant("to").ShouldNotBeNull();
        from.ShouldBeLessThanOrEqualTo(run.Instant("down-at"));
        to.ShouldBeGreaterThanOrEqualTo(run.Instant("up-at"));
        (to - from).ShouldBeLessThan(LongestBlindPeriod);

        string seen = directory.File("seen.pcap");
        ClassicPcap.CopyWithout(run.TrunkCapture, seen, from, to).ShouldBePositive("packets the agent could not see");
        ReplayOutput replay = await ReplayOutput.RunAsync(cancellationToken, seen, "--config", run.Configuration);
        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(replay.Sums));
        run.Received.HasHoles.ShouldBeFalse();
    }
}
