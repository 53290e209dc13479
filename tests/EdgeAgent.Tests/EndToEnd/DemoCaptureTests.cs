using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>Replay of the capture that newcomers are shown, against the truth made with it.</summary>
public sealed class DemoCaptureTests
{
    private const double TalkToleranceSeconds = 0.1;
    private const int DailyCapExcess = 150;

    private static string Capture => Path.Combine(TestFiles.Captures, "demo-two-campaigns.pcap.gz");

    private static string TruthFile => Path.Combine(TestFiles.Captures, "demo-two-campaigns.truth.csv");

    [Fact]
    public async Task Replay_DemoCapture_EqualsTruthCallByCall()
    {
        IReadOnlyList<TrafficAttempt> truth = TrafficTruth.Read(TruthFile);

        ReplayOutput output = await ReplayAsync();

        Dictionary<string, NumberSums> expected = TrafficTruth.Sums(truth);
        NumberSums.Lines(output.Sums).ShouldBe(NumberSums.Lines(expected));
        output.Calls.Count.ShouldBe(truth.Count);
        ILookup<(string CallId, int? Status), ReplayCall> calls = output.Calls.ToLookup(call => (call.CallId, call.Status));
        foreach (TrafficAttempt attempt in truth)
        {
            // A call that fails over has one Call-ID and a row per trunk; their final statuses differ.
            ReplayCall call = calls[(attempt.CallId, attempt.Status)].ShouldHaveSingleItem(attempt.CallId);
            call.Number.ShouldBe(attempt.Number, attempt.CallId);
            call.Direction.ShouldBe(attempt.Inbound ? "inbound" : "outbound", attempt.CallId);
            call.Disposition.ShouldBe(attempt.Disposition, attempt.CallId);
            (call.TalkSeconds is not null).ShouldBe(attempt.TalkSeconds is not null, attempt.CallId);
            call.TalkSeconds.GetValueOrDefault().ShouldBe(
                attempt.TalkSeconds.GetValueOrDefault(), TalkToleranceSeconds, attempt.CallId);
        }
    }

    [Fact]
    public async Task Replay_DemoCapture_CountsGuardHits()
    {
        IReadOnlyList<IReadOnlyDictionary<string, string>> truth = Csv.Read(TruthFile);

        ReplayOutput output = await ReplayAsync();

        foreach ((string number, JsonElement row) in output.Rows)
        {
            List<IReadOnlyDictionary<string, string>> attempts =
                [.. truth.Where(attempt => attempt["number"] == number && attempt["direction"] == "outbound")];
            JsonElement guards = row.Member("guards");
            guards.Count("hours").ShouldBe(attempts.Count(attempt => attempt["hours"] == "violation"), number);
            guards.Count("dailyCap").ShouldBe(attempts.Count(attempt => int.Parse(attempt["attemptOfDay"]) > DailyCapExcess), number);
        }

        output.Rows.Values.Sum(row => row.Member("guards").Count("hours")).ShouldBePositive();
        output.Rows.Values.Sum(row => row.Member("guards").Count("dailyCap")).ShouldBePositive();
    }

    private static Task<ReplayOutput> ReplayAsync() => ReplayOutput.RunAsync(
        TestContext.Current.CancellationToken, Capture, "--trunk", "10.20.0.2/32", "--trunk", "10.20.0.3/32");
}
