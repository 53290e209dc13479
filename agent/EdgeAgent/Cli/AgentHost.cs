using EdgeAgent.Configuration;
using EdgeAgent.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Cli;

/// <summary>Builds and runs the daemon's host.</summary>
internal static class AgentHost
{
    /// <summary>Longest time a stop may take; the unit kills after ten seconds.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(4.5);

    /// <summary>A host with telemetry and what <paramref name="addStages"/> adds.</summary>
    /// <remarks>The empty builder: no appsettings.json from wherever we are started, no ASPNETCORE_URLS that would open a port.</remarks>
    public static WebApplication Build(ConfigurationState state, Action<IServiceCollection, AgentOptions> addStages)
    {
        AgentOptions options = state.Current.Options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.AddSingleton(options);
        addStages(builder.Services, options);
        builder.Services.AddTelemetry(state);
        builder.WebHost.UseListeners(options);
        WebApplication host = builder.Build();
        host.UseRouting();
        host.MapControl();
        return host;
    }

    /// <summary>Runs until a signal, a fault or <paramref name="cancellationToken"/> ends it.</summary>
    /// <returns>Ok, or Fault when a background service failed: the host alone would exit 0 then, and systemd would not restart.</returns>
    public static async Task<int> RunAsync(WebApplication host, CancellationToken cancellationToken)
    {
        ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("EdgeAgent");
        ConfigurationState state = host.Services.GetRequiredService<ConfigurationState>();
        TelemetryLog.Started(logger, AgentVersion.Current, state.Current.Options.AgentId, state.File);
        foreach (ConfigurationFault warning in state.Current.Loaded.Faults)
        {
            TelemetryLog.ConfigurationFault(logger, warning.ToString());
        }

        BackgroundService[] services = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
        try
        {
            await StartAsync(host, cancellationToken).ConfigureAwait(false);
            await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (host.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before the start was over, or a stop that took too long: what is left says which.
        }

        BackgroundService[] failed = [.. services.Where(service => HasFailed(service, logger))]; // every one is logged
        return failed.Length > 0 ? ExitCode.Fault : ExitCode.Ok;
    }

    // A start that fails leaves the services before it running: they are stopped in order, so that they lose nothing.
    private static async Task StartAsync(WebApplication host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static bool HasFailed(BackgroundService service, ILogger logger)
    {
        if (service.ExecuteTask is { IsFaulted: true, Exception: AggregateException fault })
        {
            TelemetryLog.ServiceFailed(logger, service.GetType().Name, (fault.InnerException ?? fault).Message);
            return true;
        }

        if (service.ExecuteTask is { IsCompleted: false })
        {
            TelemetryLog.StopTimedOut(logger, service.GetType().Name);
            return true;
        }

        return false;
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // a start that fails is told once, without its trace
        if (SystemdHelpers.IsSystemdService())
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            });
        }
    }
}
