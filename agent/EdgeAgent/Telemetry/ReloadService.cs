using System.Runtime.InteropServices;
using System.Threading.Channels;
using EdgeAgent.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Telemetry;

/// <summary>Reads the configuration again on SIGHUP. A faulty one changes nothing but the status.</summary>
internal sealed class ReloadService(
    ConfigurationState state,
    IEnumerable<IReloadable> reloadables,
    ServiceNotifier notifier,
    TimeProvider time,
    ILogger<ReloadService> logger) : BackgroundService, IConfigurationReloader
{
    private readonly SemaphoreSlim _reloading = new(1);

    // One place: a second SIGHUP during a reload asks for one more, any further one for nothing new.
    private readonly Channel<bool> _requests = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private PosixSignalRegistration? _hangUp;

    /// <summary>Takes the signal over before the start is over: unhandled, SIGHUP ends a process.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _requests.Writer.TryWrite(true);
        });
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _hangUp?.Dispose();
        _reloading.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (bool _ in _requests.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            await ReloadAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<int> ReloadAsync(CancellationToken cancellationToken)
    {
        await _reloading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            notifier.Reloading();
            int faults = await TakeAsync(cancellationToken).ConfigureAwait(false);
            notifier.Reloaded();
            return faults;
        }
        finally
        {
            _reloading.Release();
        }
    }

    private async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        LoadResult result = ConfigurationLoader.Load(state.File);
        foreach (ConfigurationFault fault in result.Faults)
        {
            TelemetryLog.ConfigurationFault(logger, fault.ToString());
        }

        if (result.Options is null)
        {
            TelemetryLog.ReloadRefused(logger, result.Faults.Count);
            state.Refuse([.. result.Faults.Select(f => f.ToString())], time.GetUtcNow());
            return result.Faults.Count;
        }

        try
        {
            foreach (IReloadable reloadable in reloadables)
            {
                await reloadable.ReloadAsync(result.Options, cancellationToken).ConfigureAwait(false);
            }

            state.Accept(result, time.GetUtcNow());
            TelemetryLog.Reloaded(logger);
            return 0;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            TelemetryLog.ReloadFailed(logger, fault);
            state.Refuse([fault.Message], time.GetUtcNow());
            return 1;
        }
    }
}
