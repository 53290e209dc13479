using System.Text.Json;
using System.Threading.Channels;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Commands;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Forward;

/// <summary>
/// Takes commands of the centre: believes or refuses them, has them carried out one after the other, records and answers each. Lives as long
/// as the agent, across connections.
/// </summary>
internal sealed class CommandReceiver : IDisposable
{
    private const int MaxWaiting = 64;
    private const int MaxReplies = 256;
    private const int PingsAtOnce = 10;

    private readonly IJournal _journal;
    private readonly CommandsOptions _options;
    private readonly Topics _topics;
    private readonly string _agentId;
    private readonly Dictionary<string, ICommandHandler> _handlers;
    private readonly IReadOnlyList<EvidenceKey> _keys;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommandRecorder _recorder;
    private readonly RateMeter _pings;
    private readonly long _begun;
    private readonly CommandVerifier _verifier;
    private readonly NonceMemory _nonces;
    private readonly SemaphoreSlim _taking = new(1);
    private readonly SemaphoreSlim _carrying = new(1);
    private readonly Channel<CommandReply> _replies = Channel.CreateBounded<CommandReply>(
        new BoundedChannelOptions(MaxReplies) { FullMode = BoundedChannelFullMode.DropOldest });

    private bool _knowsNonces;
    private int _waiting;

    /// <param name="journal">Remembers nonces, takes records.</param>
    /// <param name="options">Keys and limits.</param>
    /// <param name="topics">Topics of this agent.</param>
    /// <param name="agentId">This agent.</param>
    /// <param name="handlers">One per command that is supported, <c>ping</c> apart.</param>
    /// <param name="replays">What <c>replay</c> asked for.</param>
    /// <param name="time">Wall clock and pauses.</param>
    /// <param name="logger">Told what was done and refused.</param>
    public CommandReceiver(
        IJournal journal, CommandsOptions options, Topics topics, string agentId, IEnumerable<ICommandHandler> handlers, ReplayQueue replays, TimeProvider time, ILogger logger)
    {
        _journal = journal;
        _options = options;
        _topics = topics;
        _agentId = agentId;
        _handlers = handlers.ToDictionary(handler => handler.Name, StringComparer.Ordinal);
        _time = time;
        _logger = logger;
        _recorder = new CommandRecorder(journal, time);
        _pings = new RateMeter(Math.Min(PingsAtOnce, options.PingsPerMinute), TimeSpan.FromMinutes(1) / options.PingsPerMinute);
        _begun = time.GetTimestamp();
        _keys = [.. options.PublicKeys.Select(written => CommandsOptions.ReadKey(written, out _)).OfType<EvidenceKey>()];
        Limits = options.ToLimits();
        _nonces = new NonceMemory(Limits.MaxNonces);
        _verifier = new CommandVerifier(agentId, _keys, Limits, _nonces);
        Replays = replays;
    }

    /// <summary>Sizes and times of commands.</summary>
    public CommandLimits Limits { get; }

    /// <summary>Ranges to be sent again.</summary>
    public ReplayQueue Replays { get; }

    /// <summary>Records a second that are sent again at most.</summary>
    public int ReplayPerSecond => _options.ReplayPerSecond;

    /// <summary>Answers to be sent; whoever has sent one takes it out.</summary>
    public ChannelReader<CommandReply> Replies => _replies.Reader;

    /// <summary>Topics to subscribe to.</summary>
    public IReadOnlyList<string> Filters => [$"{_options.TopicPrefix}/{_agentId}/#", $"{_options.TopicPrefix}/{CommandNames.Fleet}/#"];

    /// <summary>Names of the commands that are carried out here, for <c>info</c>.</summary>
    public IReadOnlyList<string> Supported => [.. CommandNames.All.Where(name => name == CommandNames.Ping || _handlers.ContainsKey(name))];

    /// <summary>Takes a command: judges it at once; carrying out goes on behind.</summary>
    /// <param name="arrival">As it came.</param>
    /// <param name="stopping">The agent stops: what has not begun is given up.</param>
    public async Task TakeAsync(CommandArrival arrival, CancellationToken stopping)
    {
        await _taking.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            if (arrival.Name == CommandNames.Ping && !arrival.IsOversized)
            {
                AnswerPing(arrival);
                return;
            }

            await LearnNoncesAsync(stopping).ConfigureAwait(false);
            CommandVerdict verdict = arrival.IsOversized
                ? new CommandVerdict(CommandRefusal.Oversized, null, null)
                : _verifier.Check(arrival.Name, arrival.Payload, _time.GetUtcNow());
            if (verdict.Refusal == CommandRefusal.None && _waiting >= MaxWaiting)
            {
                verdict = verdict with { Refusal = CommandRefusal.TooMany };
            }

            if (verdict.Refusal != CommandRefusal.None)
            {
                Refuse(arrival, verdict);
                return;
            }

            await _journal.RememberNonceAsync(verdict.Envelope!.Nonce, verdict.VoidFrom, stopping).ConfigureAwait(false); // before it has any effect
            Interlocked.Increment(ref _waiting);
            _ = CarryOutAsync(arrival, verdict, stopping);
        }
        catch (StoreUnavailableException)
        {
            Answer(arrival, "failed", "storeUnavailable", null, null); // a nonce that cannot be remembered: not carried out
        }
        finally
        {
            _taking.Release();
        }
    }

    public void Dispose()
    {
        foreach (EvidenceKey key in _keys)
        {
            key.Dispose();
        }

        _taking.Dispose();
        _carrying.Dispose();
    }

    private async Task LearnNoncesAsync(CancellationToken cancellationToken)
    {
        if (_knowsNonces)
        {
            return;
        }

        DateTimeOffset now = _time.GetUtcNow();
        foreach ((string nonce, DateTimeOffset until) in await _journal.ReadNoncesAsync(cancellationToken).ConfigureAwait(false))
        {
            _nonces.Take(nonce, until, now);
        }

        _knowsNonces = true;
    }

    private void AnswerPing(CommandArrival arrival)
    {
        if (_pings.TryTake(_time.GetElapsedTime(_begun)))
        {
            StoreStatus status = _journal.Status;
            Answer(arrival, "done", null, null, writer =>
            {
                writer.WriteString("epoch", status.Epoch);
                writer.WriteNumber("lastSeq", status.LastSeq);
                writer.WriteNumber("acknowledgedSeq", status.AcknowledgedSeq);
            });
        }
    }

    private void Refuse(CommandArrival arrival, CommandVerdict verdict)
    {
        string cause = CamelCase.Of(verdict.Refusal);
        if (_recorder.Refused(arrival.Name, cause, verdict.Envelope?.Nonce, verdict.KeyFingerprint))
        {
            ForwardLog.CommandRefused(_logger, arrival.Name, cause);
            Answer(arrival, "refused", cause, verdict.Envelope?.Nonce, null);
        }
    }

    private async Task CarryOutAsync(CommandArrival arrival, CommandVerdict verdict, CancellationToken stopping)
    {
        CommandEnvelope command = verdict.Envelope!;
        try
        {
            if (command.IsForFleet)
            {
                await Task.Delay(_options.FleetJitter * Random.Shared.NextDouble(), _time, stopping).ConfigureAwait(false);
            }

            await _carrying.WaitAsync(stopping).ConfigureAwait(false);
            try
            {
                (string outcome, CommandOutcome what) = await HandleAsync(command, stopping).ConfigureAwait(false);
                ForwardLog.CommandCarriedOut(_logger, command.Command, outcome, what.Cause is { } cause ? $" ({cause})" : "");
                _recorder.Carried(command.Command, outcome, what.Cause, command.Nonce, verdict.KeyFingerprint);
                Answer(arrival, outcome, what.Cause, command.Nonce, what.WriteResult);
            }
            finally
            {
                _carrying.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return; // the agent stops; the centre sees no reply and may order again
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<(string Outcome, CommandOutcome What)> HandleAsync(CommandEnvelope command, CancellationToken stopping)
    {
        if (!_handlers.TryGetValue(command.Command, out ICommandHandler? handler))
        {
            return ("unsupported", CommandOutcome.Failed("unsupported"));
        }

        try
        {
            CommandOutcome what = await handler.HandleAsync(command, stopping).ConfigureAwait(false);
            return (what.Cause is null ? "done" : "failed", what);
        }
        catch (StoreUnavailableException)
        {
            return ("failed", CommandOutcome.Failed("storeUnavailable"));
        }
        catch (Exception fault) when (fault is not OperationCanceledException) // a handler's fault must not end the receiver
        {
            ForwardLog.CommandFailed(_logger, command.Command, fault);
            return ("failed", CommandOutcome.Failed("fault"));
        }
    }

    private void Answer(CommandArrival arrival, string outcome, string? cause, string? nonce, Action<Utf8JsonWriter>? writeResult) =>
        _replies.Writer.TryWrite(new CommandReply(
            CommandReply.TopicFor(arrival.ResponseTopic, _topics, _options.TopicPrefix, arrival.Name),
            CommandReply.Write(_agentId, arrival.Name, outcome, cause, nonce, _time.GetUtcNow(), writeResult),
            arrival.CorrelationData));
}
