using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Puts messages into packets of their own: one datagram each, or a segment of a TCP stream that has neither gaps nor beginning. What a
/// message was wrapped in (link layer, tunnels, fragments, segments) is left behind: it may tell of hosts too. Not thread-safe.
/// </summary>
public sealed class MessageWrapper
{
    private readonly RawPacketBuilder _builder = new();
    private readonly Dictionary<(IpEndpoint Source, IpEndpoint Destination), uint> _next = [];

    /// <summary>Wraps one message and hands over its packets, one after the other.</summary>
    public void Wrap(
        ReadOnlySpan<byte> message,
        TransportProtocol transport,
        IpEndpoint source,
        IpEndpoint destination,
        DateTimeOffset at,
        ICapturedPacketSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (transport == TransportProtocol.Udp)
        {
            // Segmentation offload shows more than a datagram holds; of such a one the head counts.
            Give(_builder.Udp(source, destination, message[..Math.Min(message.Length, RawPacketBuilder.MaxPayloadBytes)]), at, sink);
            return;
        }

        uint acknowledgement = _next.GetValueOrDefault((destination, source), 1u);
        while (!message.IsEmpty)
        {
            ReadOnlySpan<byte> segment = message[..Math.Min(message.Length, RawPacketBuilder.MaxPayloadBytes)];
            uint sequence = _next.GetValueOrDefault((source, destination), 1u);
            Give(_builder.Tcp(source, destination, sequence, acknowledgement, segment), at, sink);
            _next[(source, destination)] = sequence + (uint)segment.Length;
            message = message[segment.Length..];
        }
    }

    private static void Give(ReadOnlyMemory<byte> packet, DateTimeOffset at, ICapturedPacketSink sink) =>
        sink.OnPacket(new CapturedPacket(at, LinkType.Raw, packet, packet.Length));
}
