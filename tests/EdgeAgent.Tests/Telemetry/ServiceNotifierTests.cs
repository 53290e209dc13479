using EdgeAgent.Configuration;
using EdgeAgent.Telemetry;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryDirectory _directory = new();
    private readonly NotifyListener _listener;
    private readonly Loop _signalling = new("signalling");
    private readonly Loop _store = new("store");

    public ServiceNotifierTests() => _listener = new NotifyListener(_directory.File("notify"));

    [Fact]
    public async Task Lifecycle_StartReloadStop_TellsEachInTurn()
    {
        using ServiceNotifier notifier = Create(new WatchdogSettings(null));
        CancellationToken token = TestContext.Current.CancellationToken;

        await notifier.StartedAsync(token);
        (await _listener.WaitForAsync("READY=1", token)).ShouldContain("STATUS=");

        long before = System.Diagnostics.Stopwatch.GetTimestamp() / 1_000;
        notifier.Reloading();
        string reloading = await _listener.WaitForAsync("RELOADING=1", token);
        long stamp = long.Parse(reloading.Split("MONOTONIC_USEC=")[1], System.Globalization.CultureInfo.InvariantCulture);
        stamp.ShouldBeInRange(before, (System.Diagnostics.Stopwatch.GetTimestamp() / 1_000) + 1);

        notifier.Reloaded();
        await _listener.WaitForAsync("READY=1", token);

        await notifier.StoppingAsync(token);
        await _listener.WaitForAsync("STOPPING=1", token);
    }

    [Fact]
    public async Task Watchdog_AllLoopsAdvance_GivesSignsOfLife()
    {
        using ServiceNotifier notifier = Create(new WatchdogSettings(Interval));
        using CancellationTokenSource beating = new();
        Task beats = BeatAsync(beating.Token, _signalling, _store);
        await notifier.StartAsync(TestContext.Current.CancellationToken);

        for (int i = 0; i < 4; i++)
        {
            await _listener.WaitForAsync("WATCHDOG=1", TestContext.Current.CancellationToken);
        }

        await beating.CancelAsync();
        await beats;
        await notifier.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Watchdog_OneLoopStandsStill_WithholdsTheSignAndNamesIt()
    {
        using ServiceNotifier notifier = Create(new WatchdogSettings(Interval));
        using CancellationTokenSource beating = new();
        Task beats = BeatAsync(beating.Token, _signalling);
        await notifier.StartAsync(TestContext.Current.CancellationToken);

        // The store loop never beats: the first look has nothing to compare with, the second one knows.
        await _listener.WaitForAsync("STATUS=standing still: store", TestContext.Current.CancellationToken);
        await Task.Delay(Interval * 4, TestContext.Current.CancellationToken);
        _listener.Drain().ShouldAllBe(message => !message.Contains("WATCHDOG=1", StringComparison.Ordinal));

        _store.Beat();
        await _listener.WaitForAsync("WATCHDOG=1", TestContext.Current.CancellationToken);
        await beating.CancelAsync();
        await beats;
        await notifier.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("30000000", null, 30_000)]
    [InlineData("30000000", "41", null)]
    [InlineData("30000000", "42", 30_000)]
    [InlineData("0", null, null)]
    [InlineData("x", null, null)]
    [InlineData(null, "42", null)]
    public void FromEnvironment_WatchdogVariables_GiveTheInterval(string? microseconds, string? processId, int? milliseconds)
    {
        WatchdogSettings settings = WatchdogSettings.FromEnvironment(
            name => name == "WATCHDOG_USEC" ? microseconds : name == "WATCHDOG_PID" ? processId : null, processId: 42);

        settings.Interval?.TotalMilliseconds.ShouldBe(milliseconds!.Value);
        (settings.Interval is null).ShouldBe(milliseconds is null);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    private ServiceNotifier Create(WatchdogSettings settings)
    {
        LoopWatch watch = new([_signalling, _store]);
        ConfigurationState state = new("agent.yaml", new LoadResult(new AgentOptions(), []), DateTimeOffset.UnixEpoch);
        return new ServiceNotifier(
            NotifierFor(_listener.Path), watch, settings, new StatusReporter(state, watch, TimeProvider.System),
            TimeProvider.System, NullLogger<ServiceNotifier>.Instance);
    }

    // The notifier takes its socket from the environment, once, when it is made.
    private static SystemdNotifier NotifierFor(string path)
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", path);
        try
        {
            return new SystemdNotifier();
        }
        finally
        {
            Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        }
    }

    private static async Task BeatAsync(CancellationToken cancellationToken, params Loop[] loops)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (Loop loop in loops)
            {
                loop.Beat();
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    private sealed class Loop(string name) : IHeartbeat
    {
        private long _beats;

        public string Name => name;

        public long Beats => Interlocked.Read(ref _beats);

        public void Beat() => Interlocked.Increment(ref _beats);
    }
}
