using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Pipeline;

/// <summary>Joins sources, engine, store and forwarder into the daemon.</summary>
internal static class PipelineServices
{
    /// <summary>Adds the stages. Hosted services stop in reverse order: signalling first, so that the forwarder can still send what it left.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, ConfigurationState configuration)
    {
        AgentOptions options = configuration.Current.Options;
        services.AddSingleton(provider => JournalStore.Open(
            options.Store,
            options.AgentId,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<JournalStore>>(),
            RecordOrigin.Of(options)));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<JournalStore>());
        services.AddSingleton(_ => PseudonymKeyFile.Open(options.Store.Directory, options.Numbers.Client));
        services.AddCommands(options);
        services.AddSingleton(provider => new Forwarder(
            provider.GetRequiredService<IJournal>(),
            options.Mqtt,
            InfoOf(configuration, provider.GetRequiredService<TimeProvider>().GetUtcNow(), provider.GetRequiredService<CommandReceiver>().Supported),
            provider.GetServices<IHealthSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Forwarder>>(),
            commands: provider.GetRequiredService<CommandReceiver>()));
        services.AddHostedService(provider => provider.GetRequiredService<Forwarder>());
        services.AddSingleton(provider => new LiveSources(
            options.Sources, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveSources>>()));
        services.AddSingleton<ICaptureSources>(provider => provider.GetRequiredService<LiveSources>());
        services.AddSingleton<GuardDesk>();
        services.AddSingleton<SignallingService>();
        services.AddHostedService(provider => provider.GetRequiredService<SignallingService>());
        return services.AddStatusSources();
    }

    /// <summary>What a reload can change is read anew each time.</summary>
    private static Func<AgentInfo> InfoOf(ConfigurationState configuration, DateTimeOffset started, IReadOnlyList<string> commands)
    {
        AgentOptions atStart = configuration.Current.Options;
        return () =>
        {
            ConfigurationState.Snapshot now = configuration.Current;
            return new AgentInfo
            {
                AgentId = atStart.AgentId,
                Version = AgentVersion.Current,
                Started = started,
                Trunks = [.. now.Options.Trunks.Select(trunk => KeyValuePair.Create(trunk.Name, trunk.Hosts))],
                ConfigHash = now.Loaded.Hash,
                TrunksHash = ConfigurationHash.OfTrunks(now.Options.Trunks),
                PolicyHash = now.Options.Policy.Policy!.Hash,
                SealLag = now.Options.Limits.SealLag,
                Commands = commands,
                RetentionDays = atStart.Store.RetentionDays,
            };
        };
    }

    /// <summary>What the centre may ask. Whoever can carry out a further command adds its <see cref="ICommandHandler"/>.</summary>
    private static IServiceCollection AddCommands(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton<ReplayQueue>();
        services.AddSingleton<ICommandHandler, ReplayHandler>();
        services.AddSingleton<ICommandHandler, AnchorHandler>();
        services.AddSingleton<ICommandHandler>(provider => new ReloadHandler(provider.GetRequiredService<IConfigurationReloader>));
        services.AddSingleton<ICommandHandler>(provider => new SuspendHandler(
            provider.GetRequiredService<GuardDesk>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICommandHandler>(provider => new ResumeHandler(provider.GetRequiredService<GuardDesk>()));
        services.AddSingleton<ICommandHandler>(provider => new ReportsHandler(
            provider.GetRequiredService<GuardDesk>(), () => provider.GetRequiredService<ConfigurationState>().Current.Options));
        services.AddSingleton<ICommandHandler>(provider =>
            new PolicyHandler(provider.GetRequiredService<IConfigurationReloader>, options.Store.Directory));
        services.AddSingleton(provider => new CommandReceiver(
            provider.GetRequiredService<IJournal>(),
            options.Commands,
            new Topics(options.Mqtt.TopicPrefix, options.AgentId),
            options.AgentId,
            provider.GetServices<ICommandHandler>(),
            provider.GetRequiredService<ReplayQueue>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CommandReceiver>>()));
        return services;
    }

    private static IServiceCollection AddStatusSources(this IServiceCollection services)
    {
        services.AddSingleton<ISignallingStatusSource>(provider => provider.GetRequiredService<SignallingService>());
        services.AddSingleton<IHeartbeat>(provider => provider.GetRequiredService<SignallingService>());
        services.AddSingleton<IHealthSource, CoverageHealth>();
        services.AddSingleton<IReloadable>(provider => provider.GetRequiredService<SignallingService>());
        services.AddSingleton<StoreAdapter>();
        services.AddSingleton<IHeartbeat>(provider => provider.GetRequiredService<StoreAdapter>());
        services.AddSingleton<IBufferStatusSource>(provider => provider.GetRequiredService<StoreAdapter>());
        services.AddSingleton<IDayNumbersSource>(provider => provider.GetRequiredService<StoreAdapter>());
        services.AddSingleton<IBrokerStatusSource, BrokerAdapter>();
        services.AddSingleton<IHealthSource, SignallingHealth>();
        return services;
    }

    private sealed class StoreAdapter(JournalStore store) : IHeartbeat, IBufferStatusSource, IDayNumbersSource
    {
        public string Name => "store";

        public long Beats => store.Beats;

        public BufferStatus? Current
        {
            get
            {
                StoreStatus status = store.Status;
                return new BufferStatus(
                    status.Depth, status.OldestUnsentAt, status.FileBytes, status.Epoch, status.LastSeq + 1, status.Fault)
                {
                    PublicKey = store.Identity.PublicKey,
                    KeyFingerprint = store.Identity.KeyFingerprint,
                    OldestSequence = status.OldestSeq,
                    ReachedDays = status.ReachedDays,
                };
            }
        }

        public async ValueTask<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(
            DateOnly day, CancellationToken cancellationToken) =>
            await store.ReadDayAsync(day, cancellationToken).ConfigureAwait(false);
    }

    private sealed class BrokerAdapter(Forwarder forwarder) : IBrokerStatusSource
    {
        public BrokerStatus Current
        {
            get
            {
                ForwardStatus status = forwarder.Status;
                return new BrokerStatus(
                    status.IsEnabled ? status.Broker : null,
                    status.IsConnected,
                    status.Since,
                    status.InFlight,
                    status.Parked is not null,
                    status.Parked ?? status.LastError,
                    status.Standby);
            }
        }
    }
}
