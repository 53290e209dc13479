using System.Globalization;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// An undisturbed agent on the gateway's trunk interface, and one that hears of it by HEP: sipp, the broker, HEP and tcpdump tell the same
/// story.
/// </summary>
public sealed class LiveTrafficTests
{
    private const double TalkToleranceSeconds = 0.1;
    private const int Calls = 500;
    private const int StopLimitMilliseconds = 5_000;

    [Fact]
    public async Task Run_FiveHundredCalls_SubscriberSippHepAndReplayAgree()
    {
        using TemporaryDirectory directory = new();
        TrafficRun run = await TrafficRig.RunAsync(
            directory, Calls, during: null, TestContext.Current.CancellationToken, handsOver: true);
        ReplayOutput replay = await ReplayOutput.RunAsync(
            TestContext.Current.CancellationToken, run.TrunkCapture, "--config", run.Configuration);

        Dictionary<string, NumberSums> truth = TrafficTruth.Sums(run.Truth);
        truth.Count.ShouldBe(4, "caller IDs");
        run.Truth.Select(attempt => attempt.Disposition).Distinct().Count().ShouldBe(7, "kinds of outcome in the traffic");
        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(truth), "subscriber against sipp");
        NumberSums.Lines(replay.Sums).ShouldBe(NumberSums.Lines(truth), "replay against sipp");
        Dictionary<string, NumberSums> handedOver = await HandedOverAsync(directory);
        NumberSums.Lines(handedOver).ShouldBe(NumberSums.Lines(truth), "HEP against sipp");
        foreach ((string number, NumberSums expected) in truth)
        {
            double tolerance = TalkToleranceSeconds * expected.AnsweredEnded;
            run.Received.Sums[number].TalkSeconds.ShouldBe(expected.TalkSeconds, tolerance, number);
            replay.Sums[number].TalkSeconds.ShouldBe(expected.TalkSeconds, tolerance, number);
            handedOver[number].TalkSeconds.ShouldBe(expected.TalkSeconds, tolerance, number);
        }

        run.Received.Events.ShouldNotContain(received => received.Kind == "blind");
        string[] stop = (await File.ReadAllTextAsync(directory.File("agent.exit"), TestContext.Current.CancellationToken)).Split(' ');
        stop[0].ShouldBe("stopped");
        int.Parse(stop[1], CultureInfo.InvariantCulture).ShouldBeLessThan(StopLimitMilliseconds);
    }

    /// <summary>What the second agent counted, as <c>edge-agent numbers --json</c> printed it before the end.</summary>
    private static async Task<Dictionary<string, NumberSums>> HandedOverAsync(TemporaryDirectory directory)
    {
        using JsonDocument document = JsonDocument.Parse(
            await File.ReadAllTextAsync(directory.File("hep-numbers.json"), TestContext.Current.CancellationToken));
        Dictionary<string, NumberSums> sums = new(StringComparer.Ordinal);
        foreach (JsonElement row in document.RootElement.Member("numbers").EnumerateArray())
        {
            NumberSums sum = new();
            sum.Add(row);
            sums.Add(row.Text("number").ShouldNotBeNull(), sum);
        }

        return sums;
    }
}
