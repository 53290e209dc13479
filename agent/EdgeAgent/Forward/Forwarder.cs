using EdgeAgent.Configuration;
using EdgeAgent.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>
/// Keeps a connection to the central broker and sends the journal over it. A record leaves the journal's backlog only after the
/// broker's acknowledgement; whatever goes wrong here, counting goes on and records wait on disk.
/// </summary>
internal sealed class Forwarder : BackgroundService
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SessionContext _context;
    private readonly ReconnectPause _pause;
    private readonly Queue<long> _connects = new();
    private readonly CancellationTokenSource _stopping = new();
    private TimeSpan _keepAlive;

    public Forwarder(
        IJournal journal,
        MqttOptions options,
        Func<AgentInfo> infoNow,
        IEnumerable<IHealthSource> healthSources,
        TimeProvider time,
        ILogger<Forwarder> logger,
        ForwardTiming? timing = null,
        CommandReceiver? commands = null)
    {
        ForwardTiming times = timing ?? new ForwardTiming();
        ForwardBoard board = new(options.IsEnabled, BrokerConnection.Describe(options), time);
        _context = new SessionContext(journal, options, infoNow(), infoNow, [.. healthSources], times, board, time, logger)
        {
            Commands = commands,
            Stopping = _stopping.Token,
        };
        _pause = new ReconnectPause(times.ShortestPause, times.LongestPause, Random.Shared);
        _keepAlive = options.KeepAlive;
    }

    /// <summary>How it does.</summary>
    public ForwardStatus Status => _context.Board.Current;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_context.Options.IsEnabled)
        {
            ForwardLog.Disabled(_context.Logger);
            return;
        }

        using CancellationTokenRegistration stop = stoppingToken.Register(_stopping.Cancel); // no command begins any more
        string broker = BrokerConnection.Describe(_context.Options);
        while (!stoppingToken.IsCancellationRequested)
        {
            long begun = _context.Time.GetTimestamp();
            SessionEnd end = await RunSessionAsync(stoppingToken).ConfigureAwait(false);
            _context.Board.Ended(end);
            if (end.Kind == SessionEndKind.Stopped)
            {
                break;
            }

            TimeSpan pause = PauseAfter(end, begun);
            await Task.Delay(pause, _context.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ForwardLog.Stopped(_context.Logger, broker, _context.Journal.Status.Depth);
    }

    private async Task<SessionEnd> RunSessionAsync(CancellationToken stopping)
    {
        try
        {
            using ForwardSession session = new(_context, _keepAlive);
            SessionEnd end = await session.RunAsync(stopping).ConfigureAwait(false);
            if (session.IsAccepted)
            {
                _connects.Enqueue(_context.Time.GetTimestamp());
            }

            _keepAlive = session.KeepAliveWanted ?? _keepAlive;
            return end;
        }
        catch (Exception fault) // a fault here must not end forwarding for good
        {
            ForwardLog.Unexpected(_context.Logger, fault);
            return new SessionEnd(stopping.IsCancellationRequested ? SessionEndKind.Stopped : SessionEndKind.Lost, fault.Message);
        }
    }

    private TimeSpan PauseAfter(SessionEnd end, long begun)
    {
        string broker = BrokerConnection.Describe(_context.Options);
        ForwardTiming timing = _context.Timing;
        if (_context.Time.GetElapsedTime(begun) >= timing.StableAfter)
        {
            _pause.Reset();
        }

        bool isTooOften = CountConnections() > timing.ConnectsPerMinute;
        if (isTooOften && end.Kind != SessionEndKind.Refused)
        {
            end = new SessionEnd(
                SessionEndKind.Refused, $"{_connects.Count} connections within a minute: duplicate client id? ({end.Reason})");
            _context.Board.Ended(end);
        }

        if (end.Kind == SessionEndKind.Refused)
        {
            ForwardLog.Parked(_context.Logger, broker, end.Reason, timing.ParkedPause);
            return timing.ParkedPause;
        }

        TimeSpan pause = end.Kind == SessionEndKind.Renew ? TimeSpan.Zero : _pause.Next();
        ForwardLog.Failed(_context.Logger, broker, end.Reason, pause);
        return pause;
    }

    /// <summary>Connections that ended within the last minute: two clients with one id would otherwise throw each other out for ever.</summary>
    private int CountConnections()
    {
        while (_connects.TryPeek(out long oldest) && _context.Time.GetElapsedTime(oldest) > Minute)
        {
            _connects.Dequeue();
        }

        return _connects.Count;
    }
}
