using EdgeAgent.Configuration;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>
/// Keeps a connection to the central broker, or to the standby while that is of no use, and sends the journal over it. A record leaves
/// the journal's backlog only after a broker's acknowledgement; whatever goes wrong here, counting goes on and records wait on disk.
/// </summary>
internal sealed class Forwarder : BackgroundService
{
    private readonly SessionContext _context;
    private readonly KnownBroker _first;
    private readonly KnownBroker? _standby;
    private readonly BrokerChoice _choice;
    private KnownBroker? _last;
    private string _firstFault = "";
    private long? _duplicateToldAt;
    private readonly CancellationTokenSource _stopping = new();

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
        _context = new SessionContext(journal, options, options, infoNow(), infoNow, [.. healthSources], times, board, time, logger)
        {
            Commands = commands,
            Stopping = _stopping.Token,
        };
        _first = new KnownBroker(_context);
        bool hasStandby = options.IsEnabled && options.Standby.IsEnabled;
        _standby = hasStandby ? new KnownBroker(_context with { Broker = options.Standby }) : null;
        _choice = new BrokerChoice(hasStandby, options.Standby.After);
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
        long begun = _context.Time.GetTimestamp();
        KnownBroker broker = _first;
        while (!stoppingToken.IsCancellationRequested)
        {
            broker = _choice.UsesStandby ? _standby! : _first;
            _context.Board.Turn(broker.Context.BrokerName, broker == _first ? null : $"{_context.BrokerName}: {_firstFault}");
            (SessionEnd end, TimeSpan? lasted) = await RunSessionAsync(broker, stoppingToken).ConfigureAwait(false);
            end = broker.Judge(end, lasted);
            _context.Board.Ended(end);
            if (end.Kind == SessionEndKind.Stopped)
            {
                break;
            }

            ReportDuplicate(end);
            Choose(broker, end, lasted, _context.Time.GetElapsedTime(begun));
            TimeSpan pause = PauseAfter(broker, end, _context.Time.GetElapsedTime(begun));
            await Task.Delay(pause, _context.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ForwardLog.Stopped(_context.Logger, broker.Context.BrokerName, _context.Journal.Status.Depth);
    }

    private async Task<(SessionEnd End, TimeSpan? Lasted)> RunSessionAsync(KnownBroker broker, CancellationToken stopping)
    {
        try
        {
            using ForwardSession session = new(broker.Context, broker.KeepAlive, isOtherBroker: _last is not null && _last != broker);
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Task looking = broker == _first ? Task.CompletedTask : LookForFirstAsync(session, over.Token);
            SessionEnd end = await session.RunAsync(stopping).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await looking.ConfigureAwait(false);
            _last = session.Lasted is null ? _last : broker;
            broker.KeepAlive = session.KeepAliveWanted ?? broker.KeepAlive;
            return (end, session.Lasted);
        }
        catch (Exception fault) // a fault here must not end forwarding for good
        {
            ForwardLog.Unexpected(_context.Logger, fault);
            return (new SessionEnd(stopping.IsCancellationRequested ? SessionEndKind.Stopped : SessionEndKind.Lost, fault.Message), null);
        }
    }

    /// <summary>While the standby is in use: tries whether the first broker answers again, and then ends the session with the standby.</summary>
    private async Task LookForFirstAsync(ForwardSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_context.Timing.FirstBrokerLook, _context.Time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            using BrokerLink link = new(_context);
            if (await link.ConnectAsync(_first.KeepAlive, _context.Journal.Identity, cancellationToken).ConfigureAwait(false))
            {
                await link.CloseAsync(last: null, _context.Options.AckTimeout).ConfigureAwait(false);
                session.Renew("the first broker answers again");
                return;
            }

            _firstFault = (await link.Ended.ConfigureAwait(false)).Reason;
            _context.Board.Turn(_standby!.Context.BrokerName, $"{_context.BrokerName}: {_firstFault}");
        }
    }

    private void Choose(KnownBroker broker, SessionEnd end, TimeSpan? lasted, TimeSpan now)
    {
        if (broker != _first)
        {
            _choice.TryFirst();
        }
        else if (end.Kind is SessionEndKind.Lost or SessionEndKind.Refused)
        {
            _firstFault = end.Reason;
            _choice.FirstFailed(broker.IsStable(lasted), now);
            if (_choice.UsesStandby)
            {
                ForwardLog.StandbyTaken(_context.Logger, _standby!.Context.BrokerName, _context.BrokerName, end.Reason);
            }
        }
    }

    private TimeSpan PauseAfter(KnownBroker broker, SessionEnd end, TimeSpan now)
    {
        TimeSpan pause = broker.PauseAfter(end);
        if (broker == _first && _choice.UntilStandby(now) is TimeSpan until && end.Kind != SessionEndKind.Duplicate && until < pause)
        {
            pause = until;
        }

        string name = broker.Context.BrokerName;
        if (end.Kind == SessionEndKind.Renew)
        {
            ForwardLog.Renewed(_context.Logger, name, end.Reason);
        }
        else if (end.IsParked)
        {
            ForwardLog.Parked(_context.Logger, name, end.Reason, pause);
        }
        else
        {
            ForwardLog.Failed(_context.Logger, name, end.Reason, pause);
        }

        return pause;
    }

    /// <summary>Two agents under one id spoil each other's figures: the centre must hear of it, though not with every connection.</summary>
    private void ReportDuplicate(SessionEnd end)
    {
        bool isToldAlready = _duplicateToldAt is long told
            && _context.Time.GetElapsedTime(told) < _context.Timing.DuplicateEventInterval;
        if (end.Kind == SessionEndKind.Duplicate && !isToldAlready)
        {
            _duplicateToldAt = _context.Time.GetTimestamp();
            AgentEvent happened = new() { Kind = AgentEventKind.DuplicateClient, At = _context.Time.GetUtcNow(), Reason = end.Reason };
            _context.Journal.Submit(new JournalBatch([], [happened], null));
        }
    }
}
