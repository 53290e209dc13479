using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>Counts messages without allocating; anything else is a fault.</summary>
internal sealed class CountingSink : ITcpStreamSink
{
    public int Messages { get; private set; }

    public void OnMessage(ReadOnlySpan<byte> message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
        Messages++;

    public void OnHep(ReadOnlySpan<byte> packet, IpEndpoint source, DateTimeOffset at) => throw new InvalidOperationException("not asked for");

    public void OnRejected(SipRejection cause, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
        throw new InvalidOperationException(cause.ToString());

    public void OnGap(long bytes) => throw new InvalidOperationException($"{bytes} bytes missing");
}
