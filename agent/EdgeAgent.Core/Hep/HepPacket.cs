using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Hep;

/// <summary>One decoded HEP packet: a SIP message as another host saw it. A view on the bytes it was read from.</summary>
public readonly ref struct HepPacket
{
    /// <summary>1, 2 or 3.</summary>
    public int Version { get; init; }

    /// <summary>Sender of the message.</summary>
    public IpEndpoint Source { get; init; }

    /// <summary>Receiver of the message.</summary>
    public IpEndpoint Destination { get; init; }

    /// <summary>Transport the message passed over; TLS shows as TCP.</summary>
    public TransportProtocol Transport { get; init; }

    /// <summary>When the sender of the packet saw the message, by its own clock; null in version 1, which has no time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Number the sending agent has given itself; 0 when it has none.</summary>
    public uint CaptureId { get; init; }

    /// <summary>Key the sender shows, in clear; empty when it has none.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The SIP message, as it is or compressed.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The payload is a zlib or gzip stream.</summary>
    public bool IsCompressed { get; init; }
}
