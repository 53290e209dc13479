using EdgeAgent.Core.Commands;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Forward;

/// <summary><c>reload</c>: what SIGHUP does. Faults are counted in the reply, not told: they quote the configuration.</summary>
/// <param name="reloader">Asked when needed: whatever reloads knows the forwarder, and the forwarder knows this handler.</param>
internal sealed class ReloadHandler(Func<IConfigurationReloader> reloader) : ICommandHandler
{
    /// <inheritdoc/>
    public string Name => CommandNames.Reload;

    /// <inheritdoc/>
    public async Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        int faults = await reloader().ReloadAsync(cancellationToken).ConfigureAwait(false);
        return faults == 0
            ? CommandOutcome.Done()
            : CommandOutcome.Failed("configuration", writer => writer.WriteNumber("faults", faults));
    }
}
