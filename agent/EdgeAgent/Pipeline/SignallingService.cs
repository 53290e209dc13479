using System.Collections.Concurrent;
using System.Net.NetworkInformation;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Guards;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Pipeline;

/// <summary>The signalling thread of the daemon: takes packets off the sources' queue, one after the other, and looks at the clock.</summary>
internal sealed class SignallingService : BackgroundService, ISignallingStatusSource, IHeartbeat, IReloadable
{
    private const int PacketsBetweenLooks = 1_024;
    private const int MaxPolicyChanges = 100;
    private static readonly TimeSpan LongestTakeOver = TimeSpan.FromSeconds(10);
    private const int MaxChangeLength = 200;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly IJournal _journal;
    private readonly ICaptureSources _sources;
    private readonly AgentOptions _startOptions;
    private readonly PersonPseudonymiser _pseudonymiser;
    private readonly GuardDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger<SignallingService> _logger;
    private readonly SignallingLoop _loop;
    private readonly ConcurrentQueue<Wanted> _wanted = new();
    private volatile AgentOptions _options;
    private PolicyResult _policy;
    private long _lastLook;

    public SignallingService(
        IJournal journal,
        ICaptureSources sources,
        AgentOptions options,
        PersonPseudonymiser pseudonymiser,
        GuardDesk desk,
        TimeProvider time,
        ILogger<SignallingService> logger)
    {
        _journal = journal;
        _sources = sources;
        _startOptions = options;
        _options = options;
        _pseudonymiser = pseudonymiser;
        _desk = desk;
        _time = time;
        _logger = logger;
        _policy = options.Policy;
        _loop = new SignallingLoop(journal, sources, new SystemClocks(time).Read, RecordOrigin.Of(options));
    }

    /// <inheritdoc/>
    public SignallingStatus? Current => _loop.Picture;

    /// <inheritdoc/>
    public string Name => "signalling";

    /// <inheritdoc/>
    public long Beats => _loop.Beats;

    /// <summary>Restores, attaches the sources, then begins; the host is ready only after this.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        EngineSettings settings = SettingsOf(_options);
        RestoredState restored = await _journal.RestoreAsync(cancellationToken).ConfigureAwait(false);
        DateOnly today = new ParisDay().Of(_time.GetUtcNow());
        IReadOnlyList<KeyValuePair<NumberKey, Core.Metrics.NumberCounters>> journalled =
            await _journal.ReadDayAsync(today, cancellationToken).ConfigureAwait(false);
        await _sources.StartAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _loop.Begin(settings, restored, journalled);
        }
        catch (InvalidDataException fault)
        {
            PipelineLog.StateUnreadable(_logger, fault.Message);
        }

        PipelineLog.Started(_logger, _sources.Status.Count, _loop.Engine.ActiveCalls);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes trunks, phones, numbers, identity, guards and limits; sources, broker and store need a restart, and the log says so.</summary>
    public async Task ReloadAsync(AgentOptions options, CancellationToken cancellationToken)
    {
        foreach (string section in RestartSections.Changed(_startOptions, options))
        {
            PipelineLog.NeedsRestart(_logger, section);
        }

        _wanted.Enqueue(new Wanted(SettingsOf(options), RecordOrigin.Of(options), options.Policy));
        _options = options;

        // In force when this is done, so that whoever ordered it is told the truth; a loop that stands still is the watchdog's affair.
        Task<bool> taken = _desk.AskAsync((_, _) => true, cancellationToken);
        await Task.WhenAny(taken, Task.Delay(LongestTakeOver, _time, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only the sources see the stop: what they had captured is counted before the loop ends.
        using CancellationTokenRegistration stop = stoppingToken.Register(
            () => _ = _sources.StopAsync(CancellationToken.None));
        using PeriodicTimer timer = new(Second, _time);
        Task<bool> hasPackets = _sources.Packets.WaitToReadAsync(CancellationToken.None).AsTask();
        Task<bool> isSecond = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        Task<bool> hasVisitors = _desk.WaitAsync();
        while (true)
        {
            await Task.WhenAny(hasPackets, isSecond, hasVisitors).ConfigureAwait(false);
            if (hasPackets.IsCompleted)
            {
                if (!await hasPackets.ConfigureAwait(false))
                {
                    break;
                }

                Drain();
                hasPackets = _sources.Packets.WaitToReadAsync(CancellationToken.None).AsTask();
            }

            if (hasVisitors.IsCompleted)
            {
                TakeWanted();
                _desk.Serve(_loop);
                hasVisitors = _desk.WaitAsync();
            }

            if (isSecond.IsCompleted)
            {
                LookAtClock();
                isSecond = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            }
        }

        _loop.OnTick(_options.Store);
        _loop.Commit();
        await _journal.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        PipelineLog.Stopped(_logger, _loop.Engine.ActiveCalls);
    }

    private void Drain()
    {
        int count = 0;
        while (_sources.Packets.TryRead(out QueuedPacket packet))
        {
            _loop.OnPacket(packet.View);
            _sources.Release(packet);
            if (++count % PacketsBetweenLooks == 0 && _time.GetElapsedTime(_lastLook) >= Second)
            {
                LookAtClock();
            }
        }
    }

    private void LookAtClock()
    {
        _lastLook = _time.GetTimestamp();
        TakeWanted();
        _desk.Serve(_loop); // also while packets leave no pause

        _loop.OnTick(_options.Store);
    }

    private void TakeWanted()
    {
        while (_wanted.TryDequeue(out Wanted? wanted))
        {
            _loop.Change(wanted.Settings, wanted.Origin, ChangesBetween(_policy, wanted.Policy));
            _policy = wanted.Policy;
        }
    }

    private static string[] ChangesBetween(PolicyResult old, PolicyResult wanted) =>
        [.. PolicyChange.Between(PolicyTree.Of(old), PolicyTree.Of(wanted))
            .Take(MaxPolicyChanges)
            .Select(change => change.ToString())
            .Select(line => line.Length <= MaxChangeLength ? line : line[..(MaxChangeLength - 1)] + "…")];

    private EngineSettings SettingsOf(AgentOptions options)
    {
        UInt128[] own = [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(each => each.GetIPProperties().UnicastAddresses)
            .Select(address => IpEndpoint.From(address.Address, 0).Address)];
        EngineSettings settings = EngineSettingsFactory.Create(options, _pseudonymiser, HostNames.Resolve);
        foreach (Core.Calls.Trunk trunk in settings.Trunks.All.Where(trunk => trunk.Ranges.Count == 0))
        {
            PipelineLog.TrunkWithoutAddress(_logger, trunk.Name);
        }

        return settings with
        {
            OwnHosts = own,
            Trunks = settings.Trunks.WithOwnHosts(own),
            Hep = new HepSettings { Key = options.Sources.Hep.KeyFile is { Length: > 0 } file ? SecretFile.ReadFirstLine(file) : default },
            PseudonymisesUnknownSides = true,
            SealsEmptyMinutes = true,
        };
    }

    /// <summary>Settings to take over, and what they were made of.</summary>
    private sealed record Wanted(EngineSettings Settings, RecordOrigin Origin, PolicyResult Policy);
}
