using System.Threading.Channels;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;

namespace EdgeAgent.Replay;

/// <summary>Carries minutes and events from the reading of captures to the publisher, which waits for disk and broker.</summary>
internal sealed class ReplayPublishing : IAsyncDisposable
{
    private readonly ReplayPublisher _publisher;
    /// <summary>Minutes and events on their way: reading is faster than any disk, and memory must not grow with the captures.</summary>
    private const int MaxQueued = 256;

    private readonly Channel<object> _queue = Channel.CreateBounded<object>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly Task _work;

    /// <summary>Begins to carry.</summary>
    public ReplayPublishing(ReplayPublisher publisher, CancellationToken cancellationToken)
    {
        _publisher = publisher;
        _work = WorkAsync(cancellationToken);
    }

    /// <summary>Publishes a minute; waits while the queue is full.</summary>
    public void OnSealed(SealedMinute minute) => Write(minute);

    /// <summary>Publishes an event; waits while the queue is full.</summary>
    public void OnEvent(AgentEvent happened) => Write(happened);

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

    private void Write(object item)
    {
        // The engine knows no waiting. This thread only reads captures: it may be held up, nothing is lost meanwhile.
        while (!_queue.Writer.TryWrite(item) && _queue.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
        {
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            await foreach (object item in _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                Task added = item is SealedMinute minute
                    ? _publisher.AddAsync(minute, cancellationToken)
                    : _publisher.AddAsync((AgentEvent)item, cancellationToken);
                await added.ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            _queue.Writer.TryComplete(fault); // a writer must not wait for a reader that is gone
        }
    }
}
