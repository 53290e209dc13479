using System.Globalization;
using Shouldly;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>What the traffic rig (tests/traffic/run.sh) left after a run with a live agent.</summary>
/// <param name="Directory">Directory of the run.</param>
/// <param name="Truth">Attempts as sipp saw them.</param>
/// <param name="Received">What the subscriber received.</param>
internal sealed record TrafficRun(string Directory, IReadOnlyList<TrafficAttempt> Truth, MinuteStream Received)
{
    /// <summary>Capture of the trunk interface, taken beside the agent.</summary>
    public string TrunkCapture => Path.Combine(Directory, "trunk.pcap");

    /// <summary>The agent's configuration, for replay with the same trunks.</summary>
    public string Configuration => Path.Combine(Directory, "agent.yaml");

    /// <summary>An instant that a hook wrote as epoch seconds.</summary>
    public DateTimeOffset Instant(string file)
    {
        string text = File.ReadAllText(Path.Combine(Directory, file));
        return DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(text, CultureInfo.InvariantCulture));
    }
}

/// <summary>Runs the traffic rig with an agent, a broker and a subscriber on the gateway's host.</summary>
internal static class TrafficRig
{
    /// <summary>A minute seals 5 s after its end (sealLag); the rest is for the backlog and a busy machine.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(150);

    /// <summary>When an attempt whose answer was lost is given up (64·T1 after its last message): its minute must arrive too.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(33);

    /// <summary>Files in the run's directory that say that answers may be missing.</summary>
    private static readonly string[] TimeoutMarks = ["killed-at", "down-at"];

    /// <summary>Time in which a record that ought not to come would still come.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Runs <paramref name="calls"/> calls, disturbed by <paramref name="during"/>, a command of live.sh; with <paramref name="handsOver"/> beside
    /// a second agent that sees nothing but what the gateway hands over by HEP; with <paramref name="hasSmallDisk"/> the store can be filled.
    /// The agent listens on <paramref name="interfaces"/>, else on the trunk's: trunk0, and span0, a mirror port of it.
    /// </summary>
    public static async Task<TrafficRun> RunAsync(
        TemporaryDirectory directory, int calls, string? during, CancellationToken cancellationToken, bool handsOver = false, bool hasSmallDisk = false, params string[] interfaces)
    {
        bool isMirrored = interfaces.Contains("span0");
        string scripts = Path.Combine(TestFiles.Repository, "tests", "traffic");
        string hooks = Path.Combine(scripts, "live.sh");
        await File.WriteAllTextAsync(
            directory.File("agent.yaml"), AgentConfiguration.ForRig(directory.Path, interfaces is [] ? ["trunk0"] : interfaces), cancellationToken);
        List<string> arguments =
        [
            directory.Path,
            "--calls", calls.ToString(CultureInfo.InvariantCulture),
            "--before-traffic", $"{(isMirrored ? $"'{hooks}' span && " : "")}{(hasSmallDisk ? $"'{hooks}' disk && " : "")}'{hooks}' up",
            "--after-traffic", string.Create(CultureInfo.InvariantCulture, $"'{hooks}' settle {SettleLimit.TotalSeconds:F0}"),
        ];
        if (handsOver)
        {
            await File.WriteAllTextAsync(directory.File("hep.yaml"), AgentConfiguration.ForHepOfRig(directory.Path), cancellationToken);
            arguments.AddRange(["--hep-to", $"sip:{AgentConfiguration.RigHepAddress}"]);
        }

        if (during is not null)
        {
            arguments.AddRange(["--during", $"'{hooks}' {during}"]);
        }

        Dictionary<string, string> environment = new() { [AgentBinary.Variable] = AgentBinary.Path };
        TimeSpan limit = TimeSpan.FromSeconds(calls / 10 + 90) + SettleLimit;
        Task<ProcessRun> rig = ProcessRun.RunAsync(
            Path.Combine(scripts, "run.sh"), arguments, limit, cancellationToken, environment);
        await WaitUntilSettledAsync(directory, rig, cancellationToken);
        await File.WriteAllTextAsync(directory.File("settled"), "", cancellationToken);
        ProcessRun run = await rig;
        if (run.ExitCode != 0)
        {
            directory.Keep();
        }

        run.ExitCode.ShouldBe(0, $"{run.Error}{run.Output} (kept in {directory.Path})");
        SippStatistics.ShouldAgree(directory.Path);
        return new TrafficRun(
            directory.Path,
            TrafficTruth.Read(directory.File("truth.csv")),
            MinuteStream.Read(directory.File("received.log")));
    }

    /// <summary>Waits until the minute of the last call, or of the last one given up where an answer may be missing, has arrived and no sequence number is missing, or the limit has passed.</summary>
    private static async Task WaitUntilSettledAsync(
        TemporaryDirectory directory, Task<ProcessRun> rig, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
        int settlingTicks = 0;
        while (!rig.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (!File.Exists(directory.File("settling")))
            {
                continue;
            }

            settlingTicks++;
            MinuteStream received = MinuteStream.Read(directory.File("received.log"));
            double last = TrafficTruth.Read(directory.File("truth.csv")).Max(attempt => attempt.Last);

            bool waitsForTimeouts = TimeoutMarks.Any(name => File.Exists(directory.File(name)));
            last += waitsForTimeouts ? GivenUpAfter.TotalSeconds : 0;
            bool arrived = received.LastMinute >= DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(last / 60) * 60);
            if ((arrived && !received.HasHoles) || settlingTicks * timer.Period > SettleLimit)
            {
                await Task.Delay(Grace, cancellationToken);
                return;
            }
        }
    }
}
