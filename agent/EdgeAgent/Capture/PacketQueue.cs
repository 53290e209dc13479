using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace EdgeAgent.Capture;

/// <summary>
/// The queue between the capture threads and the signalling thread. It is bounded in packets and in bytes; past either the
/// newest packet is dropped and counted for its source, so that a burst never costs memory.
/// </summary>
internal sealed class PacketQueue
{
    /// <summary>Holds any Ethernet frame; longer ones (offload, loopback) are rare.</summary>
    private const int BufferBytes = 2_048;

    private readonly Channel<QueuedPacket> _channel;

    /// <summary>
    /// Buffers at rest. The shared array pool keeps too few for a burst: it would make new ones for nearly every packet.
    /// Never more than were lent at once, so bounded as they are.
    /// </summary>
    private readonly ConcurrentQueue<byte[]> _spare = new();
    private readonly long[] _drops;
    private readonly long _maxBytes;
    private long _bytes;

    /// <param name="sources">Number of sources that write.</param>
    /// <param name="maxPackets">Packets held at most.</param>
    /// <param name="maxBytes">Bytes of lent buffers held at most.</param>
    public PacketQueue(int sources, int maxPackets, long maxBytes)
    {
        _drops = new long[sources];
        _maxBytes = maxBytes;
        BoundedChannelOptions options = new(maxPackets)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
            SingleWriter = false,
        };
        _channel = Channel.CreateBounded<QueuedPacket>(options, OnDropped);
    }

    public ChannelReader<QueuedPacket> Reader => _channel.Reader;

    /// <summary>Bytes of the buffers that are lent now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public long Drops(int source) => Interlocked.Read(ref _drops[source]);

    /// <summary>Lends a buffer of at least <paramref name="length"/> bytes, or counts a drop and gives null.</summary>
    public byte[]? TryRent(int source, int length)
    {
        if (Bytes + Math.Max(length, BufferBytes) > _maxBytes)
        {
            Interlocked.Increment(ref _drops[source]);
            return null;
        }

        byte[] buffer = length > BufferBytes ? ArrayPool<byte>.Shared.Rent(length)
            : _spare.TryDequeue(out byte[]? spare) ? spare
            : new byte[BufferBytes];
        Interlocked.Add(ref _bytes, buffer.Length);
        return buffer;
    }

    /// <summary>Passes a packet on whose buffer came from <see cref="TryRent"/>.</summary>
    public void Write(in QueuedPacket packet)
    {
        if (!_channel.Writer.TryWrite(packet))
        {
            OnDropped(packet); // the queue has ended
        }
    }

    public void Release(in QueuedPacket packet)
    {
        Interlocked.Add(ref _bytes, -packet.Buffer.Length);
        if (packet.Buffer.Length == BufferBytes)
        {
            _spare.Enqueue(packet.Buffer);
        }
        else
        {
            ArrayPool<byte>.Shared.Return(packet.Buffer);
        }
    }

    public void Complete() => _channel.Writer.TryComplete();

    private void OnDropped(QueuedPacket packet)
    {
        Interlocked.Increment(ref _drops[packet.Source]);
        Release(packet);
    }
}
