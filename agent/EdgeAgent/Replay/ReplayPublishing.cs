using System.Threading.Channels;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;

namespace EdgeAgent.Replay;

/// <summary>Carries minutes and events from the signalling loop, which must not wait, to the publisher, which waits for disk and broker.</summary>
internal sealed class ReplayPublishing : IAsyncDisposable
{
    private readonly ReplayPublisher _publisher;
    private readonly Channel<object> _queue = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _work;

    /// <summary>Begins to carry.</summary>
    public ReplayPublishing(ReplayPublisher publisher, CancellationToken cancellationToken)
    {
        _publisher = publisher;
        _work = WorkAsync(cancellationToken);
    }

    /// <summary>Publishes a minute.</summary>
    public void OnSealed(SealedMinute minute) => _queue.Writer.TryWrite(minute);

    /// <summary>Publishes an event.</summary>
    public void OnEvent(AgentEvent happened) => _queue.Writer.TryWrite(happened);

    /// <summary>Waits until the broker has everything.</summary>
    public async Task<ReplayCounts> CompleteAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _work.ConfigureAwait(false);
        return await _publisher.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _publisher.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (object item in _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            Task added = item is SealedMinute minute
                ? _publisher.AddAsync(minute, cancellationToken)
                : _publisher.AddAsync((AgentEvent)item, cancellationToken);
            await added.ConfigureAwait(false);
        }
    }
}
