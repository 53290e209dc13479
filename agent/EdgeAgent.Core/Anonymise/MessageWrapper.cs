using System.Buffers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

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
        ReadOnlyMemory<byte> message,
        TransportProtocol transport,
        IpEndpoint source,
        IpEndpoint destination,
        DateTimeOffset at,
        ICapturedPacketSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (transport == TransportProtocol.Udp || !EndsByItself(message))
        {
            // Segmentation offload shows more than a datagram holds; of such a one the head counts.
            Give(_builder.Udp(source, destination, message.Span[..Math.Min(message.Length, RawPacketBuilder.MaxPayloadBytes)]), at, sink);
            return;
        }

        uint acknowledgement = _next.GetValueOrDefault((destination, source), 1u);
        while (!message.IsEmpty)
        {
            ReadOnlyMemory<byte> segment = message[..Math.Min(message.Length, RawPacketBuilder.MaxPayloadBytes)];
            uint sequence = _next.GetValueOrDefault((source, destination), 1u);
            Give(_builder.Tcp(source, destination, sequence, acknowledgement, segment.Span), at, sink);
            _next[(source, destination)] = sequence + (uint)segment.Length;
            message = message[segment.Length..];
        }
    }

    /// <summary>On a plain stream its Content-Length must say where it ends; from a WebSocket it may have none (RFC 7118 §5).</summary>
    private static bool EndsByItself(ReadOnlyMemory<byte> message)
    {
        ReadOnlySequence<byte> rest = new(message);
        return SipFramer.TryCut(ref rest, SipLimits.Default, out ReadOnlySequence<byte> cut).IsComplete && cut.Length == message.Length;
    }

    private static void Give(ReadOnlyMemory<byte> packet, DateTimeOffset at, ICapturedPacketSink sink) =>
        sink.OnPacket(new CapturedPacket(at, LinkType.Raw, packet, packet.Length));
}
