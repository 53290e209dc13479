using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core;

/// <summary>Sees what the engine takes for a SIP message, before it is parsed: out of datagrams, fragments, tunnels and streams. On the signalling thread.</summary>
public interface ISipTap
{
    /// <summary>A datagram that may be SIP, or a message cut from a stream.</summary>
    void OnSip(ReadOnlySpan<byte> bytes, TransportProtocol transport, IpEndpoint source, IpEndpoint destination, DateTimeOffset at);
}
