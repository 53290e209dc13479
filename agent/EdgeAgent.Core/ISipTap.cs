using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core;

/// <summary>Sees what the engine takes for a SIP message, out of datagrams, fragments, tunnels, streams and HEP; copies of HEP beside the wire left out. On the signalling thread.</summary>
public interface ISipTap
{
    /// <summary>A datagram that may be SIP, or a message cut from a stream. What HEP hands over counts as a datagram.</summary>
    void OnSip(ReadOnlySpan<byte> bytes, TransportProtocol transport, IpEndpoint source, IpEndpoint destination, DateTimeOffset at);
}
