using EdgeAgent.Core;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Replay;

/// <summary>Stands before the engine: keeps to the period asked for and notes the first and last packet.</summary>
/// <param name="engine">Takes the packets.</param>
/// <param name="from">First instant taken.</param>
/// <param name="to">First instant not taken any more.</param>
internal sealed class ReplaySink(SignallingEngine engine, DateTimeOffset? from, DateTimeOffset? to) : ICapturedPacketSink
{
    private readonly DateTimeOffset _from = from ?? DateTimeOffset.MinValue;
    private readonly DateTimeOffset _to = to ?? DateTimeOffset.MaxValue;

    /// <summary>Earliest packet time, null before the first packet.</summary>
    public DateTimeOffset? First { get; private set; }

    /// <summary>Latest packet time.</summary>
    public DateTimeOffset? Last { get; private set; }

    /// <inheritdoc/>
    public void OnPacket(in CapturedPacket packet)
    {
        if (packet.At < _from || packet.At >= _to)
        {
            return;
        }

        if (First is null || packet.At < First)
        {
            First = packet.At;
        }

        if (Last is null || packet.At > Last)
        {
            Last = packet.At;
        }

        engine.OnPacket(packet);
    }
}
