using System.Text;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Cases;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Hep;

/// <summary>HEP that travels over TCP to a collector, found in a capture.</summary>
public sealed class HepTcpTests
{
    private static readonly EngineSettings Offline = EngineRun.Settings() with { Hep = new HepSettings { ReadsCaptured = true } };
    private static readonly IpEndpoint Collector = Hosts.At("10.0.0.200", 9060);
    private static readonly IpEndpoint Sender = Hosts.At("10.0.0.5", 40_001);
    private static readonly CapturedPacket[] Wire = Ladders.Of([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
    private static readonly (byte[] Bytes, DateTimeOffset At)[] Sent = [.. Wire.Select(HepOf)];

    [Fact]
    public void OnPacket_HepOverTcpInACapture_CountsAsTheWireAndAsHepOverUdp()
    {
        EngineRun wire = Play(Wire, EngineRun.Settings());
        EngineRun udp = Play(Sent.Select(packet => SipPacket.Of(Encoding.Latin1.GetString(packet.Bytes), Sender, Collector, packet.At, null)));

        EngineRun tcp = Play(OneSegmentEach(Sent));

        tcp.Figures().ShouldBe(wire.Figures());
        tcp.Figures().ShouldBe(udp.Figures());
        tcp.Engine.Counters.HepPackets.ShouldBe(Sent.Length);
        tcp.Engine.Counters.SipMessages.ShouldBe(Sent.Length);
        tcp.Engine.Counters.Rejected.ShouldBeEmpty();
        tcp.Engine.HepSenders.ShouldHaveSingleItem().Address.ShouldBe(Sender.Address);
    }

    [Fact]
    public void OnPacket_HepOverTcpOnTheWireOfALiveAgent_IsNotReadTwice()
    {
        EngineRun live = Play(OneSegmentEach(Sent), EngineRun.Settings());

        live.Numbers.ShouldBeEmpty();
        (live.Engine.Counters.HepPackets, live.Engine.Counters.SipMessages).ShouldBe((0, 0));
    }

    /// <summary>Packets that are refused are among them: each cause counts once, however the stream is cut.</summary>
    [Property(MaxTest = 60)]
    public void Counters_HoweverTheStreamIsCut_AreThoseOfWholePackets(int seed)
    {
        Random random = new(seed);
        (byte[] Bytes, DateTimeOffset At)[] mixed = [Sent[0], .. Sent.Skip(1).SelectMany(packet => random.Next(8) == 0 ? [Refused(random, packet.At), packet] : new[] { packet })];
        EngineRun whole = Play(OneSegmentEach(mixed));

        EngineRun cut = Play(AnySegments(mixed, random));

        Counters(cut).ShouldBe(Counters(whole), $"seed {seed}");
    }

    [Fact]
    public void Counters_EveryByteASegment_AreThoseOfWholePackets()
    {
        EngineRun bytes = Play(CaseTransforms.ByteByByte([.. OneSegmentEach(Sent)]));

        Counters(bytes).ShouldBe(Counters(Play(OneSegmentEach(Sent))));
    }

    [Fact]
    public void OnPacket_SegmentLost_CountsTheGapAndReadsOnAtTheNextPacket()
    {
        List<CapturedPacket> segments = [.. OneSegmentEach(Calls(3))];
        int handshake = segments.Count - Calls(3).Length;
        segments.RemoveAt(handshake + Calls(1).Length + 1); // the 100 of the second call

        EngineRun run = Play(segments);

        run.Totals.Attempts.ShouldBe(3);
        run.Totals.AnsweredEnded.ShouldBe(3);
        run.Engine.Counters.Quality.ReassemblyGaps.ShouldBeGreaterThan(0);
        run.Engine.Counters.HepPackets.ShouldBe(Calls(3).Length - 1);
    }

    [Fact]
    public void OnPacket_HalfAPacketLost_ReadsOnInTheMiddleOfASegment()
    {
        (byte[] Bytes, DateTimeOffset At)[] sent = Calls(2);
        byte[] stream = [.. sent.SelectMany(packet => packet.Bytes)];
        int cut = Calls(1).Sum(packet => packet.Bytes.Length) - 50; // inside the last packet of the first call
        TcpWire wire = new();
        wire.Send(Sender, Collector, stream.AsSpan(0, cut), sent[0].At);
        wire.Send(Sender, Collector, stream.AsSpan(cut, 10), sent[0].At);
        wire.Send(Sender, Collector, stream.AsSpan(cut + 10), sent[^1].At);

        EngineRun run = Play(wire.Packets.Where((_, i) => i != 4));

        run.Engine.Counters.HepPackets.ShouldBe(sent.Length - 1);
        run.Engine.Counters.Quality.ReassemblyGaps.ShouldBe(10);
        run.Engine.Counters.Rejected["truncated"].ShouldBe(1);
        run.Totals.Attempts.ShouldBe(2);
    }

    [Fact]
    public void OnPacket_CaptureBeginsInsideAPacket_ReadsOnAtTheNextSegment()
    {
        (byte[] Bytes, DateTimeOffset At)[] sent = Calls(2);
        int first = Calls(1).Length;
        sent[first - 1] = (sent[first - 1].Bytes[100..], sent[first - 1].At);

        EngineRun run = Play(OneSegmentEach(sent[(first - 1)..]).Skip(3));

        run.Totals.Attempts.ShouldBe(1);
        run.Totals.AnsweredEnded.ShouldBe(1);
    }

    /// <summary>A few bytes in front hide no plain SIP.</summary>
    [Theory]
    [InlineData("HEP3\0\u0040")]
    [InlineData("HEP3\0\u0006")]
    [InlineData("HEP3\0\u0005")]
    [InlineData("HEP3\u00FF\u00FF")]
    public void OnPacket_PlainSipBehindWhatLooksLikeHep_IsCounted(string front)
    {
        CapturedPacket[] call = [.. TcpWire.Carry(new Scenario().Answered().Packets)];
        TcpWire wire = new();
        bool isFirst = true;
        foreach (CapturedPacket packet in call)
        {
            PlainFrame frame = PlainFrame.Of(packet);
            if (frame.Payload.Length > 0)
            {
                wire.Send(frame.Source, frame.Destination, [.. isFirst ? Encoding.Latin1.GetBytes(front + "\r\n") : [], .. frame.Payload], packet.At);
                isFirst = false;
            }
        }

        Play(wire.Packets).Totals.AnsweredEnded.ShouldBe(1);
    }

    private static (byte[] Bytes, DateTimeOffset At)[] Calls(int count)
    {
        Scenario s = new();
        for (int i = 0; i < count; i++)
        {
            s.NewCall(callId: $"call-{i}", tag: $"t{i}").Answered(at: 100 * i);
        }

        return [.. s.Packets.Select(HepOf)];
    }

    private static (byte[] Bytes, DateTimeOffset At) HepOf(CapturedPacket packet)
    {
        PlainFrame frame = PlainFrame.Of(packet);
        return (HepBytes.V3(Encoding.Latin1.GetString(frame.Payload), frame.Source, frame.Destination, packet.At), packet.At);
    }

    private static (byte[] Bytes, DateTimeOffset At) Refused(Random random, DateTimeOffset at) => (random.Next(4) switch
    {
        0 => HepBytes.V3("{}", Hosts.Pbx, Hosts.Carrier, at, type: 5),
        1 => HepBytes.V3("no SIP at all\r\n\r\n", Hosts.Pbx, Hosts.Carrier, at),
        2 => HepBytes.Packet(HepBytes.Chunk(HepBytes.Payload, [1, 2, 3], length: 2)),
        _ => HepBytes.Packet(HepBytes.Chunks(Hosts.Pbx, Hosts.Carrier, at, null, 1, 17, 1), HepBytes.Chunk(HepBytes.CompressedPayload, [9, 9, 9])),
    }, at);

    private static List<CapturedPacket> OneSegmentEach((byte[] Bytes, DateTimeOffset At)[] sent)
    {
        TcpWire wire = new();
        foreach ((byte[] bytes, DateTimeOffset at) in sent)
        {
            wire.Send(Sender, Collector, bytes, at);
        }

        return wire.Packets;
    }

    /// <summary>Pieces of any length; one that ends in a later packet comes when that packet was sent, if within the second.</summary>
    private static List<CapturedPacket> AnySegments((byte[] Bytes, DateTimeOffset At)[] sent, Random random)
    {
        TcpWire wire = new();
        List<byte> waiting = [];
        for (int i = 0; i < sent.Length; i++)
        {
            waiting.AddRange(sent[i].Bytes);
            bool isLast = i + 1 == sent.Length || sent[i + 1].At - sent[i].At > TimeSpan.FromMilliseconds(20);
            while (waiting.Count > 0 && (isLast || random.Next(3) > 0))
            {
                int length = random.Next(1, waiting.Count + 1);
                wire.Send(Sender, Collector, waiting.GetRange(0, length).ToArray(), sent[i].At);
                waiting.RemoveRange(0, length);
            }
        }

        return wire.Packets;
    }

    private static string Counters(EngineRun run) =>
        $"{run.Figures()}\n{run.Engine.Counters.HepPackets} {run.Engine.Counters.SipMessages} {run.Engine.Counters.Quality.Undecodable} "
        + string.Join(' ', run.Engine.Counters.Rejected);

    private static EngineRun Play(IEnumerable<CapturedPacket> packets, EngineSettings? settings = null)
    {
        EngineRun run = new EngineRun(settings ?? Offline).Play(packets);
        run.Engine.Finish();
        return run;
    }
}
