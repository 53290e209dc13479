using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>One direction of a connection, the reassembler under test, and what it found.</summary>
internal sealed class TcpStreams : ITcpStreamSink
{
    public const int MaxMessageBytes = 100_000;

    private const uint DefaultStart = 0xFFFF_FF00; // the sequence numbers wrap early in every test

    public TcpStreams(TcpLimits? limits = null) => Reassembler = new TcpReassembler(TryCut, limits ?? TcpLimits.Default, MaxMessageBytes);

    public TcpReassembler Reassembler { get; }

    public List<string> Messages { get; } = [];

    public List<DateTimeOffset> Times { get; } = [];

    public List<SipRejection> Rejections { get; } = [];

    public long GapBytes { get; private set; }

    public static string Message(int number, int bodyBytes = 0) =>
        $"OPTIONS sip:{number} SIP/2.0\r\nCall-ID: {number}\r\nContent-Length: {bodyBytes}\r\n\r\n{new string('b', bodyBytes)}";

    public static byte[] Bytes(params IEnumerable<string> messages) => Encoding.ASCII.GetBytes(string.Concat(messages));

    public static TransportPacket Segment(
        int offset, ReadOnlyMemory<byte> payload, TcpControl control = TcpControl.Ack, bool isCut = false, int port = 5060) => new(
            Frames.Phone with { Port = (ushort)port }, Frames.Trunk, TransportProtocol.Tcp, payload, isCut,
            unchecked(DefaultStart + (uint)offset), control);

    public TcpStreams Syn(int port = 5060)
    {
        Reassembler.OnSegment(Segment(-1, default, TcpControl.Syn, port: port), DateTimeOffset.UnixEpoch, this);
        return this;
    }

    /// <summary>The other side says that it has every byte before <paramref name="offset"/>.</summary>
    public TcpStreams Acknowledge(int offset, double seconds)
    {
        TransportPacket segment = new(
            Frames.Trunk, Frames.Phone, TransportProtocol.Tcp, default, Control: TcpControl.Ack,
            Acknowledgement: unchecked(DefaultStart + (uint)offset));
        Reassembler.OnSegment(segment, DateTimeOffset.UnixEpoch.AddSeconds(seconds), this);
        return this;
    }

    public TcpStreams Send(
        int offset, ReadOnlyMemory<byte> payload, double seconds = 0, TcpControl control = TcpControl.Ack, bool isCut = false, int port = 5060)
    {
        DateTimeOffset at = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        Reassembler.OnSegment(Segment(offset, payload, control, isCut, port), at, this);
        return this;
    }

    public void OnMessage(ReadOnlySpan<byte> message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        Messages.Add(Encoding.ASCII.GetString(message));
        Times.Add(at);
    }

    public void OnHep(ReadOnlySpan<byte> packet, IpEndpoint source, DateTimeOffset at) => throw new InvalidOperationException("not asked for");

    public void OnRejected(SipRejection cause, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
        Rejections.Add(cause);

    public void OnGap(long bytes) => GapBytes += bytes;

    /// <summary>The least framing that can be told apart: head, Content-Length, body.</summary>
    public static FrameResult TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message)
    {
        message = default;
        SequenceReader<byte> reader = new(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
        {
            return buffer.Length > 20_000 ? FrameResult.Rejected(SipRejection.HeadTooLarge) : default;
        }

        string text = Encoding.ASCII.GetString(head);
        int at = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
        string value = at < 0 ? "0" : text[(at + 16)..].Split('\r')[0];
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int bodyBytes))
        {
            return FrameResult.Rejected(SipRejection.BadContentLength);
        }

        long total = head.Length + 4 + bodyBytes;
        if (buffer.Length < total)
        {
            return default;
        }

        message = buffer.Slice(0, total);
        buffer = buffer.Slice(total);
        return FrameResult.Complete;
    }
}
