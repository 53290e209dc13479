using EdgeAgent.Configuration;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Capture;

/// <summary>All configured interfaces, each with its own thread, and the queue they share.</summary>
public sealed class LiveSources : ICaptureSources, IDisposable
{
    private readonly PacketQueue _queue;
    private readonly LiveCapture[] _captures;
    private bool _isStarted;

    /// <summary>Attaches nothing yet.</summary>
    public LiveSources(SourcesOptions options, ILogger<LiveSources> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _queue = new PacketQueue(options.Live.Count, options.QueuePackets, options.QueueBytes);
        _captures = [.. options.Live.Select((live, number) => new LiveCapture(live, options.Ports, number, _queue, logger))];
    }

    /// <inheritdoc/>
    public ChannelReader<QueuedPacket> Packets => _queue.Reader;

    /// <inheritdoc/>
    public IReadOnlyList<SourceStatus> Status => Array.ConvertAll(_captures, capture => capture.Status);

    /// <inheritdoc/>
    public void Release(in QueuedPacket packet) => _queue.Release(packet);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (LiveCapture capture in _captures)
        {
            capture.Open();
        }

        foreach (LiveCapture capture in _captures)
        {
            capture.Start(); // only when all are open: a fault leaves no thread behind
        }

        _isStarted = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            foreach (LiveCapture capture in _captures)
            {
                capture.Stop();
            }

            await Task.WhenAll(_captures.Select(capture => capture.Ended)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        _queue.Complete();
    }

    /// <summary>Releases interfaces that were opened but never started.</summary>
    public void Dispose()
    {
        foreach (LiveCapture capture in _captures)
        {
            capture.Stop();
            if (!_isStarted || capture.Ended.IsCompleted)
            {
                capture.Dispose();
            }
        }
    }
}
