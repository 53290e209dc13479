using System.IO.Pipelines;
using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using EdgeAgent.Core.Tests.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

/// <summary>
/// Real SIP in WebSocket frames, in a capture found through EDGEAGENT_CORPUS: each message must be that of the UDP capture it
/// was made from. Where there is no corpus the test holds for the segments it builds itself.
/// </summary>
public sealed class WebSocketCorpusTests
{
    private static readonly string[] OwnMessages = [SipSamples.Invite, SipSamples.Busy, SipSamples.Bye];

    [Theory]
    [InlineData(100_000)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task OnSegment_WebSocketCapture_GivesTheMessagesOfItsBase(int bytesPerSegment)
    {
        Read(Own(), bytesPerSegment).ShouldBe(OwnMessages.Select(Identity));
        if (TestFiles.Corpus("derived", "ws-chopped.pcap") is string capture)
        {
            List<TransportPacket> datagrams = await PacketsAsync(TestFiles.Corpus("pcap", "maryls-sip.pcap")!);
            string[] expected = [.. datagrams
                .Where(packet => SipFramer.LooksLikeStart(packet.Payload.Span))
                .Select(packet => Identity(SipSamples.Text(packet.Payload.Span)))];
            expected.Length.ShouldBe(19);

            Read(await PacketsAsync(capture), bytesPerSegment).ShouldBe(expected);
        }

        // A frame of a server as it was on the wire, met in mid-stream.
        byte[] ringing = TestFiles.Corpus("encap", "captain-websocket-180.bin") is string frame
            ? await File.ReadAllBytesAsync(frame, TestContext.Current.CancellationToken)
            : WebSocketFrames.Frame(SipSamples.Busy.Replace("486", "180", StringComparison.Ordinal));
        Read([TcpStreams.Segment(0, ringing)], bytesPerSegment).ShouldHaveSingleItem().ShouldStartWith("Invite 180 ");
    }

    private static List<TransportPacket> Own()
    {
        byte[] stream = WebSocketFrames.Stream(OwnMessages
            .Select(message => (object)WebSocketFrames.Frame(Encoding.Latin1.GetBytes(message), WebSocketFrames.Final | 1, WebSocketFrames.Key))
            .Prepend(WebSocketFrames.Request));
        return [.. Enumerable.Range(0, (stream.Length + 99) / 100)
            .Select(i => TcpStreams.Segment(i * 100, stream.AsMemory(i * 100, Math.Min(100, stream.Length - (i * 100)))))];
    }

    private static IEnumerable<string> Read(List<TransportPacket> packets, int bytesPerSegment)
    {
        TcpStreams streams = new();
        foreach (TransportPacket packet in packets.Where(packet => packet.Protocol == TransportProtocol.Tcp))
        {
            for (int at = 0; at < Math.Max(packet.Payload.Length, 1); at += bytesPerSegment)
            {
                TransportPacket part = packet with
                {
                    Payload = packet.Payload.Slice(at, Math.Min(bytesPerSegment, packet.Payload.Length - at)),
                    Sequence = packet.Sequence + (uint)at,
                };
                streams.Reassembler.OnSegment(part, DateTimeOffset.UnixEpoch, streams);
            }
        }

        streams.Rejections.ShouldBeEmpty();
        streams.GapBytes.ShouldBe(0);
        return streams.Messages.Select(Identity);
    }

    /// <summary>What tells a message from all others; addresses in it differ from those of the base.</summary>
    private static string Identity(string message)
    {
        ParsedMessage parsed = ParsedMessage.Of(SipSamples.Bytes(message));
        parsed.Rejection.ShouldBe(SipRejection.None, message);
        return $"{parsed.Method} {parsed.StatusCode} {parsed.CallId} {parsed.CSeq} {parsed.FromTag} {parsed.ToTag}";
    }

    private static async Task<List<TransportPacket>> PacketsAsync(string path)
    {
        Collector collector = new();
        await using FileStream file = File.OpenRead(path);
        PipeReader input = PipeReader.Create(file);
        await CaptureReader.ReadAsync(input, collector, CaptureLimits.Default, TestContext.Current.CancellationToken);
        await input.CompleteAsync();
        return collector.Packets;
    }

    private sealed class Collector : ICapturedPacketSink
    {
        public List<TransportPacket> Packets { get; } = [];

        public void OnPacket(in CapturedPacket packet)
        {
            CapturedPacket copy = packet with { Bytes = packet.Bytes.ToArray() };
            if (PacketDissector.TryDissect(copy, out TransportPacket transport) == DissectResult.Payload)
            {
                Packets.Add(transport);
            }
        }
    }
}
