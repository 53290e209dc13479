using System.IO.Compression;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>permessage-deflate (RFC 7692): what browsers and their servers agree on unasked.</summary>
public sealed class WebSocketCompressionTests
{
    private const byte Compressed = 0x40;
    private const byte First = WebSocketFrames.Final | WebSocketFrames.Text | Compressed;
    private static readonly string[] Three = [WebSocketFrames.Message(1, 300), WebSocketFrames.Message(2, 700), WebSocketFrames.Message(3, 300)];

    private static string Request => WebSocketFrames.Request.Replace(
        "\r\n\r\n", "\r\nSec-WebSocket-Extensions: foo, permessage-deflate; client_max_window_bits\r\n\r\n", StringComparison.Ordinal);

    private static string Response => WebSocketFrames.Response.Replace(
        "\r\n\r\n", "\r\nsec-websocket-extensions: Permessage-Deflate;server_no_context_takeover\r\n\r\n", StringComparison.Ordinal);

    [Theory]
    [InlineData(true, WebSocketFrames.Key, true)]
    [InlineData(true, WebSocketFrames.Key, false)]
    [InlineData(false, null, true)]
    [InlineData(false, null, false)]
    public void OnSegment_CompressedMessages_AreInflated(bool isRequest, uint? key, bool takesOver)
    {
        List<byte[]> compressed = Compress(Three, takesOver);
        byte[] stream = WebSocketFrames.Stream(
            isRequest ? Request : Response,
            WebSocketFrames.Frame(compressed[0], First, key),
            WebSocketFrames.Frame("ping", WebSocketFrames.Final | 9, key),
            WebSocketFrames.Frame(Three[1], key: key), // not every message need be
            InFrames(compressed[1], 50, key),
            WebSocketFrames.Frame(compressed[2], WebSocketFrames.Final | WebSocketFrames.Binary | Compressed, key));

        foreach (int bytes in (int[])[stream.Length, 1, 37])
        {
            TcpStreams streams = WebSocketTests.SendIn(bytes, stream);

            streams.Messages.ShouldBe([Three[0], Three[1], Three[1], Three[2]], $"{bytes} bytes a segment");
            streams.Rejections.ShouldBeEmpty();
        }
    }

    [Fact]
    public void OnSegment_NotAgreedOn_IsRefused()
    {
        byte[] stream = WebSocketFrames.Stream(WebSocketFrames.Response, WebSocketFrames.Frame(Compress(Three, true)[0], First));

        TcpStreams streams = WebSocketTests.SendIn(stream.Length, stream);

        streams.Messages.ShouldBeEmpty();
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketFrame]);
    }

    [Theory]
    [InlineData(0x40 | 0x80)] // a continuation
    [InlineData(0x40 | 0x80 | 9)] // a ping
    [InlineData(0x20 | 0x80 | 1)] // another extension's bit
    [InlineData(0x60 | 0x80 | 1)]
    public void OnSegment_BitsWhereNoneMayBe_AreRefused(byte first)
    {
        byte[] stream = WebSocketFrames.Stream(Response, WebSocketFrames.Frame("x", first), WebSocketFrames.Frame(Three[0]));

        TcpStreams streams = WebSocketTests.SendIn(stream.Length, stream);

        streams.Messages.ShouldBe([Three[0]]);
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketFrame]);
    }

    [Theory]
    [InlineData(TcpStreams.MaxMessageBytes, true)]
    [InlineData(TcpStreams.MaxMessageBytes + 1, false)]
    [InlineData(50_000_000, false)]
    public void OnSegment_ABomb_IsRefusedAndTheNextMessageRead(int bytes, bool isAccepted)
    {
        string bomb = WebSocketFrames.MessageOf(bytes);
        byte[] stream = WebSocketFrames.Stream(
            Response, WebSocketFrames.Frame(Compress([bomb], false)[0], First), WebSocketFrames.Frame(Compress(Three, false)[0], First));
        TcpStreams warm = WebSocketTests.SendIn(stream.Length, stream);
        long before = GC.GetAllocatedBytesForCurrentThread();

        TcpStreams streams = WebSocketTests.SendIn(stream.Length, stream);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10L * TcpStreams.MaxMessageBytes);
        streams.Messages.ShouldBe(isAccepted ? [bomb, Three[0]] : [Three[0]]);
        streams.Rejections.ShouldBe(isAccepted ? [] : [SipRejection.InflatedTooLarge]);
        warm.Messages.ShouldBe(streams.Messages);
    }

    [Fact]
    public void OnSegment_BrokenCompression_IsRefusedAndFramesGoOn()
    {
        byte[] stream = WebSocketFrames.Stream(
            Response, WebSocketFrames.Frame([0xFF, 0xFF, 0xFF], First), WebSocketFrames.Frame([], First),
            WebSocketFrames.Frame(Compress(Three, false)[0], First));

        TcpStreams streams = WebSocketTests.SendIn(stream.Length, stream);

        streams.Messages.ShouldBe([Three[0]]);
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketCompression, SipRejection.BadWebSocketCompression]);
    }

    [Fact]
    public void OnSegment_AStreamThatEndsWithItsMessage_IsFollowedByAnother()
    {
        byte[][] compressed = [.. Three.Select(message =>
        {
            MemoryStream whole = new();
            using (DeflateStream deflate = new(whole, CompressionMode.Compress))
            {
                deflate.Write(Encoding.ASCII.GetBytes(message));
            }

            return (byte[])[.. whole.ToArray(), 0]; // the last block is final, an empty one follows (RFC 7692 §7.2.3.4)
        })];
        byte[] stream = WebSocketFrames.Stream([Response, .. compressed.Select(message => WebSocketFrames.Frame(message, First))]);

        TcpStreams streams = WebSocketTests.SendIn(stream.Length, stream);

        streams.Messages.ShouldBe(Three);
        streams.Rejections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OnSegment_BehindAGap_GoesOnWhereNothingLostIsReferredTo(bool takesOver)
    {
        List<byte[]> compressed = Compress(Three, takesOver);
        byte[] before = WebSocketFrames.Stream(Request, WebSocketFrames.Frame(compressed[0], First, WebSocketFrames.Key));
        TcpStreams streams = new TcpStreams().Syn().Send(0, before);
        int offset = before.Length + 100;
        foreach (byte[] message in compressed.Skip(1))
        {
            byte[] frame = WebSocketFrames.Frame(message, First, WebSocketFrames.Key);
            streams.Send(offset, frame, seconds: 1);
            offset += frame.Length;
        }

        streams.Reassembler.Advance(DateTimeOffset.UnixEpoch.AddMinutes(1), streams);

        streams.Messages.ShouldBe(takesOver ? [Three[0]] : Three);
        streams.GapBytes.ShouldBe(100);
    }

    [Fact]
    public void OnSegment_MoreDirectionsThanAreKept_GivesUpTheOneUsedLongestAgo()
    {
        TcpStreams streams = new(TcpLimits.Default with { MaxInflaters = 2 });
        List<byte[]> compressed = Compress(Three, takesOver: true);
        int[] offsets = new int[3];
        for (int port = 0; port < 3; port++)
        {
            byte[] opening = WebSocketFrames.Stream(Request, WebSocketFrames.Frame(compressed[0], First, WebSocketFrames.Key));
            streams.Syn(port: 5_070 + port).Send(0, opening, port: 5_070 + port);
            offsets[port] = opening.Length;
        }

        byte[] next = WebSocketFrames.Frame(compressed[1], First, WebSocketFrames.Key);
        streams.Send(offsets[2], next, port: 5_072).Send(offsets[1], next, port: 5_071).Send(offsets[0], next, port: 5_070);

        streams.Messages.ShouldBe([Three[0], Three[0], Three[0], Three[1], Three[1]]);
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketCompression]);
    }

    [Property]
    public void OnSegment_AnyPayload_NeverThrows(byte[][] payloads) => Should.NotThrow(() =>
    {
        byte[] stream = WebSocketFrames.Stream(
            [Response, .. payloads.Where(payload => payload is not null).Select(payload => WebSocketFrames.Frame(payload, First))]);
        WebSocketTests.SendIn(stream.Length, stream);
    });

    /// <summary>Payloads as a sender makes them: flushed, and the empty block at their end left off (RFC 7692 §7.2.1).</summary>
    private static List<byte[]> Compress(IEnumerable<string> messages, bool takesOver)
    {
        List<byte[]> payloads = [];
        MemoryStream output = new();
        DeflateStream deflate = new(output, CompressionLevel.Optimal);
        foreach (string message in messages)
        {
            if (!takesOver)
            {
                output = new MemoryStream();
                deflate = new DeflateStream(output, CompressionLevel.Optimal);
            }

            output.SetLength(0);
            deflate.Write(Encoding.ASCII.GetBytes(message));
            deflate.Flush();
            byte[] flushed = output.ToArray();
            flushed[^4..].ShouldBe([0, 0, 0xFF, 0xFF]);
            payloads.Add(flushed[..^4]);
        }

        return payloads;
    }

    private static byte[] InFrames(byte[] payload, int bytesPerFrame, uint? key)
    {
        List<byte> frames = [];
        for (int at = 0; at < payload.Length; at += bytesPerFrame)
        {
            bool isLast = at + bytesPerFrame >= payload.Length;
            int first = (isLast ? WebSocketFrames.Final : 0) | (at == 0 ? WebSocketFrames.Text | Compressed : 0);
            frames.AddRange(WebSocketFrames.Frame(payload[at..Math.Min(at + bytesPerFrame, payload.Length)], (byte)first, key));
        }

        return [.. frames];
    }
}
