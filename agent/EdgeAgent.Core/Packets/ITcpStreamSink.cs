using System.Buffers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Packets;

/// <summary>Takes what <see cref="TcpReassembler"/> finds in TCP streams.</summary>
public interface ITcpStreamSink
{
    /// <summary>A whole message; <paramref name="message"/> is valid during the call only.</summary>
    /// <param name="message">Start line, headers and body.</param>
    /// <param name="source">Sender of the stream.</param>
    /// <param name="destination">Receiver of the stream.</param>
    /// <param name="at">Capture time of the segment that made the message readable.</param>
    void OnMessage(ReadOnlySpan<byte> message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at);

    /// <summary>A whole HEP packet, read or not; <paramref name="packet"/> is valid during the call only.</summary>
    /// <param name="packet">The packet, header included.</param>
    /// <param name="source">Sender of the stream.</param>
    /// <param name="at">Capture time of the segment that made it whole.</param>
    void OnHep(ReadOnlySpan<byte> packet, IpEndpoint source, DateTimeOffset at);

    /// <summary>Bytes of a SIP stream were refused; reading goes on at the next start line.</summary>
    void OnRejected(SipRejection cause, IpEndpoint source, IpEndpoint destination, DateTimeOffset at);

    /// <summary>Bytes of a stream are missing from the capture; at least <paramref name="bytes"/>.</summary>
    void OnGap(long bytes);
}

/// <summary>Cuts the first whole message off the front of <paramref name="buffer"/>.</summary>
/// <param name="buffer">Unread bytes, beginning at a start line; on return, the bytes behind the message.</param>
/// <param name="message">A slice of the buffer.</param>
/// <returns>Complete, rejected with a cause, or <c>default</c> when more bytes are needed.</returns>
public delegate FrameResult StreamFramer(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message);
