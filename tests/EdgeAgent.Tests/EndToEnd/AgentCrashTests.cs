using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The agent is killed in mid-call and started again: it says for how long it was blind, and counts all else.</summary>
public sealed class AgentCrashTests
{
    private const int Calls = 300;
    private const int KilledAtSecond = 12;
    private const int SecondsAway = 4;

    /// <summary>sipp writes down that it answers before the packet is on the wire.</summary>
    private const double LogLeadSeconds = 0.1;

    /// <summary>The snapshot interval and the time for which a snapshot may wait on a busy machine.</summary>
    private static readonly TimeSpan LongestLoss = TimeSpan.FromSeconds(15);

    /// <summary>A start on a busy machine; a quiet one takes a tenth of a second.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The kernel stamps a packet once for each socket, some microseconds apart: the last packet in the agent's snapshot, where the
    /// blind period begins, bears a later time in tcpdump's capture.
    /// </summary>
    private static readonly TimeSpan StampDifference = TimeSpan.FromMicroseconds(100);

    [Fact]
    public async Task Run_KilledInMidCall_SumsEqualReplayWithoutTheBlindPeriod()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using TemporaryDirectory directory = new();
        TrafficRun run = await TrafficRig.RunAsync(
            directory, Calls, $"crash {KilledAtSecond} {SecondsAway}", cancellationToken);

        (DateTimeOffset from, DateTimeOffset to) = BlindPeriod(run);
        string seen = directory.File("seen.pcap");
        ClassicPcap.CopyWithout(run.TrunkCapture, seen, from + StampDifference, to).ShouldBePositive("packets the agent could not see");
        ReplayOutput replay = await ReplayOutput.RunAsync(cancellationToken, seen, "--config", run.Configuration);

        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(replay.Sums));
        run.Received.HasHoles.ShouldBeFalse();
        ShouldLeaveEndsUnknown(run, replay, from, to);
    }

    private static (DateTimeOffset From, DateTimeOffset To) BlindPeriod(TrafficRun run)
    {
        (_, JsonElement blind) =
            run.Received.Events.Where(received => received.Kind == "blind").ShouldHaveSingleItem();
        DateTimeOffset from = blind.Instant("from").ShouldNotBeNull();
        DateTimeOffset to = blind.Instant("to").ShouldNotBeNull();
        from.ShouldBeLessThanOrEqualTo(run.Instant("killed-at"));
        to.ShouldBeGreaterThanOrEqualTo(run.Instant("restarted-at"));
        (run.Instant("killed-at") - from).ShouldBeLessThan(LongestLoss);
        (to - run.Instant("restarted-at")).ShouldBeLessThan(LongestStart);
        return (from, to);
    }

    /// <summary>A call answered before and ended within the blind period has no end that anybody saw.</summary>
    private static void ShouldLeaveEndsUnknown(TrafficRun run, ReplayOutput replay, DateTimeOffset from, DateTimeOffset to)
    {
        double blindFrom = (from - DateTimeOffset.UnixEpoch).TotalSeconds;
        double blindTo = (to - DateTimeOffset.UnixEpoch).TotalSeconds;
        List<TrafficAttempt> cut =
            [.. run.Truth.Where(attempt => attempt.AnsweredAt < blindFrom - LogLeadSeconds && attempt.EndedAt > blindFrom && attempt.EndedAt < blindTo)];
        cut.ShouldNotBeEmpty("calls up when the agent was killed");
        ILookup<string, ReplayCall> calls = replay.Calls.ToLookup(call => call.CallId, StringComparer.Ordinal);
        foreach (TrafficAttempt attempt in cut)
        {
            ReplayCall call = calls[attempt.CallId].Where(found => found.AnsweredAt is not null).ShouldHaveSingleItem();
            call.TalkSeconds.ShouldBeNull(attempt.CallId);
            call.EndEvidence.ShouldNotBe("bye", attempt.CallId);
        }
    }
}
