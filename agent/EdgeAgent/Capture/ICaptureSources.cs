using System.Threading.Channels;

namespace EdgeAgent.Capture;

/// <summary>The live packet sources of the agent and the one queue they fill.</summary>
public interface ICaptureSources
{
    /// <summary>Packets of all sources, for one reader; ends when the sources were stopped and it was read empty.</summary>
    ChannelReader<QueuedPacket> Packets { get; }

    /// <summary>One entry per configured source, in order of configuration; from any thread.</summary>
    IReadOnlyList<SourceStatus> Status { get; }

    /// <summary>Gives the buffer of a packet back that was taken off <see cref="Packets"/>.</summary>
    void Release(in QueuedPacket packet);

    /// <summary>Attaches every source.</summary>
    /// <exception cref="CaptureSourceException">A source cannot be attached; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Detaches every source and ends the queue; what is in it can still be read.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
