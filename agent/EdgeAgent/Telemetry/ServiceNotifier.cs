using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Telemetry;

/// <summary>Tells the service manager how the agent is (sd_notify(3)). Does nothing where NOTIFY_SOCKET is not set.</summary>
/// <param name="notifier">The socket.</param>
/// <param name="watch">Watched loops.</param>
/// <param name="settings">Watchdog interval.</param>
/// <param name="status">Makes the one line that <c>systemctl status</c> shows.</param>
/// <param name="time">Clock of the watchdog.</param>
/// <param name="logger">Log.</param>
internal sealed class ServiceNotifier(
    ISystemdNotifier notifier,
    LoopWatch watch,
    WatchdogSettings settings,
    StatusReporter status,
    TimeProvider time,
    ILogger<ServiceNotifier> logger) : BackgroundService, IHostedLifecycleService
{
    /// <summary>How often the status line is renewed where no watchdog sets the pace.</summary>
    private static readonly TimeSpan StatusPace = TimeSpan.FromSeconds(15);

    /// <summary>Every hosted service has started: sources are attached, the store is open, the control socket answers.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Tell("READY=1\nSTATUS=" + status.Line());
        return Task.CompletedTask;
    }

    /// <summary>The stop begins, before any service is stopped.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Tell("STOPPING=1\nSTATUS=stopping");
        return Task.CompletedTask;
    }

    /// <summary>A reload begins. MONOTONIC_USEC lets a Type=notify-reload unit tell this reload from an earlier one.</summary>
    public void Reloading() => Tell(string.Create(
        CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={time.GetTimestamp() / (time.TimestampFrequency / 1_000_000)}"));

    /// <summary>A reload is over, whether the new configuration was taken or not.</summary>
    public void Reloaded() => Tell("READY=1\nSTATUS=" + status.Line());

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Half the interval, as sd_watchdog_enabled(3) advises: one missed round is no restart.
        using PeriodicTimer timer = new(settings.Interval is TimeSpan interval ? interval / 2 : StatusPace, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (watch.HaveAllAdvanced())
            {
                Tell((settings.Interval is null ? "" : "WATCHDOG=1\n") + "STATUS=" + status.Line());
            }
            else
            {
                string lagging = string.Join(", ", watch.Lagging);
                TelemetryLog.WatchdogWithheld(logger, lagging);
                Tell($"STATUS=standing still: {lagging}");
            }
        }
    }

    /// <summary>A service manager that cannot be told is no reason to stop watching calls.</summary>
    private void Tell(string state)
    {
        try
        {
            notifier.Notify(new ServiceState(state));
        }
        catch (SocketException fault)
        {
            TelemetryLog.NotTold(logger, fault.Message);
        }
    }
}

/// <summary>What the service manager asks of the watchdog (sd_watchdog_enabled(3)).</summary>
/// <param name="Interval">Longest time between two signs of life; null when none is asked for.</param>
internal sealed record WatchdogSettings(TimeSpan? Interval)
{
    /// <summary>Reads WATCHDOG_USEC, and WATCHDOG_PID, which must be this process where it is set.</summary>
    public static WatchdogSettings FromEnvironment(Func<string, string?> read, int processId)
    {
        string? pid = read("WATCHDOG_PID");
        bool isOurs = string.IsNullOrEmpty(pid) || pid == processId.ToString(CultureInfo.InvariantCulture);
        return new WatchdogSettings(
            isOurs && long.TryParse(read("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && microseconds is > 0 and < 86_400_000_000
                ? TimeSpan.FromMicroseconds(microseconds)
                : null);
    }
}
