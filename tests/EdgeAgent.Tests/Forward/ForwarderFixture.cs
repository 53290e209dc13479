using EdgeAgent.Configuration;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>A store and a forwarder in quick time.</summary>
internal sealed class ForwarderFixture : IAsyncDisposable, ILogger<Forwarder>
{
    private readonly TemporaryStore _temporary = new();
    private readonly List<ICommandHandler> _handlers = [];
    private readonly ReplayQueue _replays = new();
    private Forwarder? _forwarder;
    private CommandReceiver? _receiver;
    private long _mark;

    public ForwarderFixture(string url)
    {
        Options = new MqttOptions { Url = url, AckTimeout = TimeSpan.FromSeconds(1) };
        Store = _temporary.Open();
        _handlers.Add(new ReplayHandler(Store, _replays));
    }

    public MqttOptions Options { get; }

    public JournalStore Store { get; private set; }

    /// <summary>The broker has let the agent subscribe to commands.</summary>
    public bool IsListening => _forwarder!.Status.IsListening;

    /// <summary>Minutes submitted so far.</summary>
    public long Minutes => _mark;

    /// <summary>Commands the agent says it carries out.</summary>
    public IReadOnlyList<string> Supported => _receiver!.Supported;

    /// <summary>What the centre may ask; set before the start.</summary>
    public CommandsOptions Commands { get; } = new() { FleetJitter = TimeSpan.FromMilliseconds(50) };

    /// <summary>What can be asked besides <c>ping</c> and <c>replay</c>; set before the start.</summary>
    public IList<ICommandHandler> Handlers => _handlers;

    public ForwardTiming Timing { get; set; } = new()
    {
        ShortestPause = TimeSpan.FromMilliseconds(50),
        LongestPause = TimeSpan.FromMilliseconds(300),
        ParkedPause = TimeSpan.FromMilliseconds(300),
        HeldPause = TimeSpan.FromMilliseconds(200),
        StopLimit = TimeSpan.FromSeconds(1),
        ConnectsPerMinute = 1_000,
    };

    /// <summary>What <c>info</c> tells; may be changed as a reload does.</summary>
    public AgentInfo Info { get; set; } = new() { AgentId = TemporaryStore.AgentId, Version = "1.2.3", Started = Samples.Morning };

    /// <summary>What it logged.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public ForwardStatus Status => _forwarder!.Status;

    public async Task StartAsync()
    {
        _receiver = new CommandReceiver(
            Store, Commands, new Topics(Options.TopicPrefix, TemporaryStore.AgentId), TemporaryStore.AgentId, _handlers, _replays, TimeProvider.System, this);
        _forwarder = new Forwarder(Store, Options, () => Info, [], TimeProvider.System, this, Timing, _receiver);
        await _forwarder.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Closes the store and opens it again, as a restart does.</summary>
    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = _temporary.Open();
        _handlers[0] = new ReplayHandler(Store, _replays);
    }

    public async Task StopAsync()
    {
        await _forwarder!.StopAsync(TestContext.Current.CancellationToken);
        _forwarder.Dispose();
        _receiver!.Dispose();
        _forwarder = null;
    }

    /// <summary>Submits so many minutes, each with an event, and waits until they are on disk.</summary>
    public async Task SubmitAsync(int minutes)
    {
        for (int i = 0; i < minutes; i++)
        {
            SealedMinute minute = Samples.Minute(Samples.Morning.AddMinutes(_mark++), (Samples.Number(_mark % 5), 3), (Core.Numbers.NumberKey.None, 2));
            Store.Submit(new JournalBatch([minute], [Samples.Alert(minute.Start)], Samples.Snapshot(_mark)));
        }

        await Store.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Payloads by sequence number as they stand on disk, before anything is sent.</summary>
    public async Task<Dictionary<long, byte[]>> ReadAsync() =>
        (await Store.ReadUnsentAsync(0, 100_000, TestContext.Current.CancellationToken))
            .ToDictionary(record => record.Seq, record => record.Payload.ToArray());

    public Task WaitUntilSentAsync() => Eventually.TrueAsync(() => Store.Status.Depth == 0, "everything acknowledged", 40);

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{formatter(state, exception)}");

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    public async ValueTask DisposeAsync()
    {
        if (_forwarder is not null)
        {
            await StopAsync();
        }

        TestContext.Current.SendDiagnosticMessage(string.Join('\n', Log)); // shown with -diagnostics
        await Store.DisposeAsync();
        _temporary.Dispose();
    }
}
