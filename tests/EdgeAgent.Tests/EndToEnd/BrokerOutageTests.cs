using System.Globalization;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The broker goes away in the middle of the traffic and comes back: nothing is lost, nothing counts twice.</summary>
public sealed class BrokerOutageTests
{
    /// <summary>Seconds without a broker; a longer outage can be asked for by hand.</summary>
    private const string SecondsVariable = "EDGEAGENT_OUTAGE_SECONDS";
    private const int DefaultSeconds = 20;
    private const int Calls = 300;
    private const int OutageBeginsAtSecond = 8;

    [Fact]
    public async Task Run_BrokerStoppedDuringTraffic_SumsStayExact()
    {
        int seconds = int.TryParse(
            Environment.GetEnvironmentVariable(SecondsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int asked)
            ? asked
            : DefaultSeconds;
        using TemporaryDirectory directory = new();

        TrafficRun run = await TrafficRig.RunAsync(
            directory, Calls, $"outage {OutageBeginsAtSecond} {seconds}", TestContext.Current.CancellationToken);

        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(TrafficTruth.Sums(run.Truth)));
        run.Received.HasHoles.ShouldBeFalse();
        run.Received.Events.ShouldNotContain(received => received.Kind == "blind");
    }
}
