using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class WebSocketTests
{
    private static readonly string[] Three = [WebSocketFrames.Message(1), WebSocketFrames.Message(2, 700), WebSocketFrames.Message(3)];

    [Theory]
    [InlineData(WebSocketFrames.Request, WebSocketFrames.Key)]
    [InlineData(WebSocketFrames.Response, null)]
    public void OnSegment_BehindTheUpgrade_CutsAMessagePerWebSocketMessage(string head, uint? key)
    {
        byte[] stream = WebSocketFrames.Stream(
            head,
            WebSocketFrames.Frame("\r\n\r\n", key: key),
            WebSocketFrames.Frame(Three[0], key: key),
            WebSocketFrames.Frame("", WebSocketFrames.Final | 9, key),
            WebSocketFrames.Frame(Three[1], WebSocketFrames.Final | WebSocketFrames.Binary, key),
            WebSocketFrames.Frame("pong", WebSocketFrames.Final | 10, key),
            WebSocketFrames.Fragmented(Three[2], 7, WebSocketFrames.Binary, key),
            WebSocketFrames.Frame("\u0003\u00e8", WebSocketFrames.Final | 8, key));

        foreach (int bytes in (int[])[stream.Length, 1, 2, 333])
        {
            TcpStreams streams = SendIn(bytes, stream);

            streams.Messages.ShouldBe([.. Three], $"{bytes} bytes a segment");
            streams.Rejections.ShouldBeEmpty();
            streams.Reassembler.BufferedBytes.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void OnSegment_EveryFormOfLength_IsRead(int bytes)
    {
        string message = WebSocketFrames.MessageOf(bytes);
        byte[] stream = WebSocketFrames.Stream(
            WebSocketFrames.Request, WebSocketFrames.Frame(message, key: WebSocketFrames.Key), WebSocketFrames.Frame(Three[0]));

        SendIn(1_400, stream).Messages.ShouldBe([message, Three[0]]);
        SendIn(1, stream).Messages.ShouldBe([message, Three[0]]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WebSocketFrames.Key)]
    [InlineData(0x8182_0102u)]
    public void OnSegment_CaptureBeginsInMidFrame_BeginsAtTheNextThatBeginsAMessage(uint? key)
    {
        byte[] cut = WebSocketFrames.Frame(Three[1], key: key)[300..];
        byte[] stream = WebSocketFrames.Stream(
            cut, WebSocketFrames.Frame("\r\n", key: key), WebSocketFrames.Frame(Three[0], key: key), WebSocketFrames.Fragmented(Three[1], 100, key: key));

        foreach (int bytes in (int[])[stream.Length, 1, 50])
        {
            TcpStreams streams = new();
            Send(streams, 0, bytes, stream);

            streams.Messages.ShouldBe([.. Three[..2]], $"{bytes} bytes a segment");
            streams.Rejections.ShouldBeEmpty();
        }
    }

    [Fact]
    public void OnSegment_LostSegment_GoesOnAtTheNextFrameThatBeginsAMessage()
    {
        byte[] before = WebSocketFrames.Stream(
            WebSocketFrames.Request, WebSocketFrames.Frame(Three[0]), WebSocketFrames.Frame(Three[1])[..300]);
        byte[] after = WebSocketFrames.Stream(
            WebSocketFrames.Frame(Three[1], key: WebSocketFrames.Key)[500..], WebSocketFrames.Frame(Three[2], key: WebSocketFrames.Key));
        TcpStreams streams = new TcpStreams().Syn().Send(0, before).Send(before.Length + 200, after, seconds: 1);

        streams.Reassembler.Advance(DateTimeOffset.UnixEpoch.AddSeconds(4), streams);

        streams.Messages.ShouldBe([Three[0], Three[2]]);
        streams.GapBytes.ShouldBe(200);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
    }

    /// <summary>A head that no sender may send shows before its payload: nothing is waited for.</summary>
    [Theory]
    [InlineData("reserved bit", "C1 05")]
    [InlineData("opcode 3", "83 05")]
    [InlineData("opcode 11", "8B 00")]
    [InlineData("ping of 126 bytes", "89 7E 00 7E")]
    [InlineData("ping in fragments", "09 00")]
    [InlineData("continuation of nothing", "80 05")]
    [InlineData("125 bytes in two", "81 7E 00 7D")]
    [InlineData("65,535 bytes in eight", "81 7F 00 00 00 00 00 00 FF FF")]
    [InlineData("negative length", "81 FF FF FF FF FF FF FF FF FF 00 00 00 00")]
    [InlineData("more than an integer holds", "81 7F 7F FF FF FF FF FF FF FF")]
    public void OnSegment_HeadThatLies_IsRefusedAndTheNextMessageRead(string what, string head)
    {
        byte[] stream = WebSocketFrames.Stream(
            WebSocketFrames.Request,
            WebSocketFrames.Frame(Three[0]),
            Convert.FromHexString(head.Replace(" ", "", StringComparison.Ordinal)),
            WebSocketFrames.Frame(Three[1], key: WebSocketFrames.Key));

        foreach (int bytes in (int[])[stream.Length, 1])
        {
            TcpStreams streams = SendIn(bytes, stream);

            streams.Messages.ShouldBe([.. Three[..2]], what);
            streams.Rejections.ShouldBe([SipRejection.BadWebSocketFrame], what);
            streams.Reassembler.BufferedBytes.ShouldBe(0);
        }
    }

    [Fact]
    public void OnSegment_MessageInsideAnother_IsRefusedAndReadForItself()
    {
        byte[] stream = WebSocketFrames.Stream(
            WebSocketFrames.Request, WebSocketFrames.Frame(Three[1][..50], WebSocketFrames.Text), WebSocketFrames.Frame(Three[2]),
            WebSocketFrames.Frame(Three[0]));

        TcpStreams streams = SendIn(stream.Length, stream);

        streams.Messages.ShouldBe([Three[2], Three[0]]);
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketFrame]);
    }

    [Theory]
    [InlineData(90_000, 0)]
    [InlineData(TcpStreams.MaxMessageBytes, 1)]
    public void OnSegment_FrameOfManyBytes_IsRefusedPastTheLimitBeforeItIsBuffered(int bytes, int refused)
    {
        byte[] large = WebSocketFrames.Frame(WebSocketFrames.MessageOf(bytes));
        TcpStreams streams = new TcpStreams().Syn().Send(0, WebSocketFrames.Stream(WebSocketFrames.Request, large[..500]));

        streams.Rejections.ShouldBe(Enumerable.Repeat(SipRejection.BodyTooLarge, refused));
        streams.Reassembler.BufferedBytes.ShouldBeLessThanOrEqualTo(4_096);
    }

    [Theory]
    [InlineData(WebSocketFrames.Text, 1_000)]
    [InlineData(0, 1_000)]
    [InlineData(0, 0)]
    [InlineData(WebSocketFrames.Final | 9, 100)]
    public void OnSegment_MessageWithoutEnd_IsRefusedPastTheLimit(byte first, int bytesPerFrame)
    {
        TcpStreams streams = new TcpStreams().Syn().Send(0, WebSocketFrames.Stream(WebSocketFrames.Request));
        int at = WebSocketFrames.Request.Length;
        byte[] frame = WebSocketFrames.Frame(Three[0], WebSocketFrames.Text);
        for (int i = 0; i < 55_000 && streams.Rejections.Count == 0; i++)
        {
            streams.Send(at, frame);
            at += frame.Length;
            frame = WebSocketFrames.Frame(new string('x', bytesPerFrame), first);
            streams.Reassembler.BufferedBytes.ShouldBeLessThanOrEqualTo(TcpStreams.MaxMessageBytes + 4_096);
        }

        SipRejection expected = first == WebSocketFrames.Text ? SipRejection.BadWebSocketFrame : SipRejection.BodyTooLarge;
        streams.Rejections.ShouldBe([expected]);
        streams.Send(at, WebSocketFrames.Frame(Three[2])).Messages.ShouldBe([Three[2]]);
    }

    [Fact]
    public void OnSegment_FloodOfHalfFrames_StaysInsideTheTotal()
    {
        const int maxBytes = 100_000;
        TcpStreams streams = new(new TcpLimits(MaxBufferedBytes: maxBytes));
        byte[] half = WebSocketFrames.Stream(WebSocketFrames.Request, WebSocketFrames.Frame(WebSocketFrames.MessageOf(60_000))[..9_000]);
        for (int port = 1; port <= 200; port++)
        {
            streams.Syn(port).Send(0, half, port: port);
            streams.Reassembler.BufferedBytes.ShouldBeLessThanOrEqualTo(maxBytes);
        }

        streams.Rejections.ShouldAllBe(cause => cause == SipRejection.Truncated);
        streams.Send(half.Length, WebSocketFrames.Frame(WebSocketFrames.MessageOf(60_000)).AsMemory(9_000), port: 200);
        streams.Messages.ShouldBe([WebSocketFrames.MessageOf(60_000)]);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: mqtt\r\n")]
    [InlineData("Sec-WebSocket-Protocol: sipp\r\n")]
    [InlineData("X-Protocol: sip\r\n")]
    [InlineData("")]
    public void OnSegment_OtherSubProtocol_IsNoSip(string line)
    {
        string head = "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n" + line + "\r\n";
        byte[] chat = WebSocketFrames.Frame("{\"say\":\"hello\"}", key: WebSocketFrames.Key);
        TcpStreams streams = SendIn(500, WebSocketFrames.Stream(Enumerable.Repeat<object>(chat, 300).Prepend(head)));

        streams.Messages.ShouldBeEmpty();
        streams.Rejections.ShouldBeEmpty();
        streams.Reassembler.BufferedBytes.ShouldBe(0);
    }

    [Fact]
    public void OnSegment_GivenUpAsAnotherProtocol_IsLookedAtAgainWhenASegmentBeginsAMessage()
    {
        byte[] noise = new byte[5_000];
        byte[] frames = WebSocketFrames.Stream(WebSocketFrames.Frame(Three[0], key: WebSocketFrames.Key), WebSocketFrames.Frame(Three[1]));
        TcpStreams streams = new TcpStreams().Syn().Send(0, noise).Send(noise.Length, frames);

        streams.Messages.ShouldBe(Three[..2]);
    }

    /// <summary>The protocol was agreed on, so what is no SIP is handed over too: the parser refuses and counts it.</summary>
    [Fact]
    public void OnSegment_NoSipBehindTheUpgrade_IsLeftToTheParser()
    {
        byte[] stream = WebSocketFrames.Stream(WebSocketFrames.Response, WebSocketFrames.Frame("{}"), WebSocketFrames.Frame(Three[0]));

        SendIn(stream.Length, stream).Messages.ShouldBe(["{}", Three[0]]);
    }

    /// <summary>A body may quote anything, and frames of plain SIP are none.</summary>
    [Fact]
    public void OnSegment_FrameInTheBodyOfPlainSip_IsNotRead()
    {
        string frame = Encoding.Latin1.GetString(WebSocketFrames.Frame(Three[0]));
        string plain = TcpStreams.Message(1).Replace("Length: 0", $"Length: {frame.Length}", StringComparison.Ordinal);
        byte[] stream = [.. Encoding.Latin1.GetBytes(plain + frame), .. TcpStreams.Bytes(TcpStreams.Message(2))];

        SendIn(stream.Length, stream).Messages.Count.ShouldBe(2);
        SendIn(1, stream).Messages.Count.ShouldBe(2);
    }

    /// <summary>A server may refuse the upgrade and keep the connection; a head in front must not hide the calls behind it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void OnSegment_PlainSipBehindTheUpgrade_IsRead(int bytesPerSegment)
    {
        byte[] stream = WebSocketFrames.Stream(WebSocketFrames.Request, TcpStreams.Message(1), TcpStreams.Message(2), TcpStreams.Message(3));

        TcpStreams streams = SendIn(bytesPerSegment, stream);

        streams.Messages.ShouldBe([TcpStreams.Message(1), TcpStreams.Message(2), TcpStreams.Message(3)]);
        streams.Rejections.ShouldBe([SipRejection.BadWebSocketFrame]);
    }

    [Fact]
    public void OnSegment_Fin_ReportsTheMessageBegun()
    {
        byte[] stream = WebSocketFrames.Stream(WebSocketFrames.Request, WebSocketFrames.Frame(Three[0]), WebSocketFrames.Frame(Three[1])[..80]);
        TcpStreams streams = new TcpStreams().Syn().Send(0, stream, control: TcpControl.Fin | TcpControl.Ack);

        streams.Messages.ShouldBe([Three[0]]);
        streams.Rejections.ShouldBe([SipRejection.Truncated]);
    }

    internal static TcpStreams SendIn(int bytesPerSegment, byte[] stream)
    {
        TcpStreams streams = new TcpStreams().Syn();
        Send(streams, 0, bytesPerSegment, stream);
        return streams;
    }

    private static void Send(TcpStreams streams, int offset, int bytesPerSegment, byte[] stream)
    {
        for (int at = 0; at < stream.Length; at += bytesPerSegment)
        {
            streams.Send(offset + at, stream.AsMemory(at, Math.Min(bytesPerSegment, stream.Length - at)));
        }
    }
}
