using System.Globalization;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>
/// The agent is killed again and again at random moments under traffic, with its broker up and down, its disk full and free: what the
/// subscriber received equals a replay of the capture without the periods the agent says it was blind. EDGEAGENT_KILLS and EDGEAGENT_SEED
/// make it as long as one likes.
/// </summary>
public sealed class AgentKillsTests
{
    private const int SecondsForEach = 7;
    private const int CallsPerSecond = 10; // the rig's pace

    /// <summary>A look each second, the kernel's ring, and a busy machine; the snapshot interval comes on top.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(5);

    /// <summary>The kernel stamps a packet once for each socket: see <see cref="AgentCrashTests"/>.</summary>
    private static readonly TimeSpan StampDifference = TimeSpan.FromMicroseconds(100);

    private static int Kills => Number("EDGEAGENT_KILLS", 5);

    private static int Seed => Number("EDGEAGENT_SEED", 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_KilledAtRandomMoments_SumsEqualReplayWithoutTheBlindPeriods(bool hasSmallDisk)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using TemporaryDirectory directory = new();
        TrafficRun run = await TrafficRig.RunAsync(
            directory,
            Kills * SecondsForEach * CallsPerSecond,
            string.Create(CultureInfo.InvariantCulture, $"kills {Kills} {Seed}"),
            cancellationToken,
            hasSmallDisk: hasSmallDisk);
        try
        {
            await ShouldAgreeAsync(run, directory, cancellationToken);
        }
        catch
        {
            directory.Keep();
            throw;
        }
    }

    private static async Task ShouldAgreeAsync(TrafficRun run, TemporaryDirectory directory, CancellationToken cancellationToken)
    {
        Kill[] kills = [.. (await File.ReadAllLinesAsync(directory.File("kills"), cancellationToken)).Select(Kill.Parse)];
        kills.Length.ShouldBe(Kills);
        List<(DateTimeOffset From, DateTimeOffset To)> blind = BlindPeriods(run);
        foreach (Kill kill in kills)
        {
            blind.ShouldContain(
                period => period.From <= kill.At && period.To >= kill.StartedAt, $"killed at {kill.At:O}, begun again at {kill.StartedAt:O}");
        }

        run.Received.HasHoles.ShouldBeFalse();
        string seen = directory.File("seen.pcap");
        ClassicPcap.CopyWithout(run.TrunkCapture, seen, [.. blind.Select(period => (period.From + StampDifference, period.To))])
            .ShouldBePositive("packets the agent could not see");
        ReplayOutput replay = await ReplayOutput.RunAsync(cancellationToken, seen, "--config", run.Configuration);
        NumberSums.Lines(run.Received.Sums).ShouldBe(NumberSums.Lines(replay.Sums));
        ProcessRun verify = await AgentBinary.RunAsync(cancellationToken, "verify", directory.File("received.log"));
        verify.ExitCode.ShouldBe(0, verify.Output + verify.Error);
        ShouldBeShort(blind, kills);
        TestContext.Current.SendDiagnosticMessage(Figures(run, blind, kills));
    }

    /// <summary>No longer than from the last snapshot before a kill to the agent's being ready again; a full disk takes no snapshot.</summary>
    private static void ShouldBeShort(List<(DateTimeOffset From, DateTimeOffset To)> blind, Kill[] kills)
    {
        foreach ((DateTimeOffset from, DateTimeOffset to) in blind)
        {
            Kill[] inside = [.. kills.Where(kill => kill.At >= from && kill.At <= to)];
            inside.ShouldNotBeEmpty($"blind from {from:O} to {to:O} without a kill");
            if (!inside[0].IsDiskFull)
            {
                (inside[0].At - from).ShouldBeLessThan(SnapshotInterval + Slack);
            }

            (to - inside[^1].ReadyAt).ShouldBeLessThan(Slack);
        }
    }

    private static List<(DateTimeOffset From, DateTimeOffset To)> BlindPeriods(TrafficRun run)
    {
        List<(DateTimeOffset, DateTimeOffset)> periods = [];
        foreach ((string kind, JsonElement blind) in run.Received.Events)
        {
            if (kind == "blind" && blind.Text("reason") == "agentStopped")
            {
                periods.Add((blind.Instant("from").ShouldNotBeNull(), blind.Instant("to").ShouldNotBeNull()));
            }
        }

        return periods;
    }

    private static string Figures(TrafficRun run, List<(DateTimeOffset From, DateTimeOffset To)> blind, Kill[] kills)
    {
        TimeSpan[] before = [.. kills.Where(kill => !kill.IsDiskFull).Select(kill => kill.At - blind.First(period => period.From <= kill.At && period.To >= kill.StartedAt).From).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kills.Length} kills, {run.Truth.Count} attempts by sipp, {run.Received.Sums.Values.Sum(sum => sum.Attempts)} counted, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Received.Duplicates} copies, {blind.Count} blind periods of {blind.Sum(period => (period.To - period.From).TotalSeconds):F0} s, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"lost before a kill: median {before[before.Length / 2].TotalSeconds:F1} s, most {before[^1].TotalSeconds:F1} s");
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private sealed record Kill(DateTimeOffset At, DateTimeOffset StartedAt, DateTimeOffset ReadyAt, bool IsDiskFull)
    {
        public static Kill Parse(string line)
        {
            string[] words = line.Split(' ');
            DateTimeOffset[] instants = [.. words[..3].Select(word => DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(word, CultureInfo.InvariantCulture)))];
            return new Kill(instants[0], instants[1], instants[2], words[3] == "1");
        }
    }
}
