using System.Buffers.Binary;
using System.Text;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Hep;

/// <summary>Ladders that a PBX hands over instead of the wire.</summary>
public sealed class HepEngineTests
{
    private static readonly UInt128 Sender = Hosts.Pbx.Address;

    [Fact]
    public void OnPacket_CallHandedOver_CountsAsOnTheWire()
    {
        Scenario wire = new Scenario().Answered();
        wire.Finish();

        EngineRun hep = new EngineRun().Play(HandedOver(wire.Packets));
        hep.Engine.Finish();

        hep.Figures().ShouldBe(wire.Run.Figures());
        hep.Call.ShouldBe(wire.Call with { Person = hep.Call.Person });
        hep.Engine.Counters.HepPackets.ShouldBe(wire.Packets.Count);
    }

    [Fact]
    public void OnPacket_CallHandedOverBesideTheWire_CountsOnce()
    {
        Scenario wire = new Scenario().Answered();
        EngineRun both = new EngineRun();
        foreach ((CapturedPacket packet, CapturedPacket copy) in wire.Packets.Zip(HandedOver(wire.Packets)))
        {
            both.Engine.OnPacket(packet);
            both.Engine.OnPacket(copy);
        }

        both.Engine.Finish();
        wire.Finish();
        both.Figures().ShouldBe(wire.Run.Figures());
    }

    [Fact]
    public void OnPacket_AnotherCallOnTheWireWithTheSameBranch_HidesNoCallHandedOver()
    {
        const string branch = "z9hG4bK-same";
        Scenario handedOver = new Scenario().Invite(at: 10, branch: branch, cseq: 1);
        EngineRun both = new EngineRun().Play([Received(HepBytes.V3("OPTIONS sip:x SIP/2.0\r\n\r\n", Hosts.Pbx, Hosts.Carrier, Scenario.Zero), Scenario.Zero)]);
        both.Play(new Scenario().NewCall(callId: "decoy").Invite(at: 10, branch: branch, cseq: 1).Packets).Play(HandedOver(handedOver.Packets));

        both.Engine.Finish();

        both.Totals.Attempts.ShouldBe(2);
    }

    /// <summary>A kilobyte becomes a megabyte when it is decompressed: what waits for the wire is bounded in bytes too.</summary>
    [Fact]
    public void OnPacket_FloodOfCompressedMessages_HoldsFewOfThem()
    {
        string message = TextOf(new Scenario().Invite(at: 0).Packets[0], out _)
            .Replace("Content-Length: 5", "Content-Length: 1000005", StringComparison.Ordinal) + new string('x', 1_000_000);
        CapturedPacket packet = Received(HepBytes.Compressed(message, Hosts.Pbx, Hosts.Carrier, Scenario.Zero, isGzip: false), Scenario.Zero);

        EngineRun run = new EngineRun().Play(Enumerable.Repeat(packet, 50));

        run.Engine.Counters.SipMessages.ShouldBeGreaterThanOrEqualTo(50 - 16);
        run.Engine.Finish();
        run.Engine.Counters.SipMessages.ShouldBe(50);
    }

    [Theory]
    [InlineData(-0.2)]
    [InlineData(0.2)]
    public void OnPacket_CopyAheadOrBehind_LeavesTheTimesOfTheWireAndTheRetransmissionsAsTheyAre(double seconds)
    {
        Scenario wire = new Scenario().Invite(at: 0).Response(100).Response(200, at: 5).Ack().Bye(at: 65).Again(at: 65.5).Ok(at: 65.6);
        DateTimeOffset before = Scenario.Zero.AddSeconds(-1); // the agent knows from then on that messages are handed over
        EngineRun both = new EngineRun().Play([Received(HepBytes.V3("OPTIONS sip:x SIP/2.0\r\n\r\n", Hosts.Pbx, Hosts.Carrier, before), before)]);
        both.Play(wire.Packets
            .Concat(HandedOver(wire.Packets).Select(packet => packet with { At = packet.At.AddSeconds(seconds) }))
            .OrderBy(packet => packet.At));

        both.Engine.Finish();
        wire.Finish();

        both.Figures().ShouldBe(wire.Run.Figures());
        both.Call.ShouldBe(wire.Call with { Person = both.Call.Person });
        both.Engine.Counters.Retransmissions.ShouldBe(1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(24 * 400)]
    public void OnPacket_SenderWhoseClockIsOff_ChangesNoMinuteNoDurationAndNoGuard(int hours)
    {
        Scenario wire = new Scenario().Answered(talk: 90);
        EngineRun hep = new EngineRun().Play(HandedOver(wire.Packets, clock: TimeSpan.FromHours(hours)));

        wire.Finish();
        hep.Engine.Finish();

        hep.Figures().ShouldBe(wire.Run.Figures());
        hep.Sealed.Select(minute => minute.Start).ShouldBe(wire.Run.Sealed.Select(minute => minute.Start));
        hep.Engine.HepSenders.ShouldHaveSingleItem().Offset.ShouldBe(-TimeSpan.FromHours(hours));
    }

    [Fact]
    public void OnPacket_SenderWhoseClockIsOff_StandsInTheQualityOfEachMinuteItSpokeIn()
    {
        Scenario wire = new Scenario().Answered(talk: 90);
        List<CapturedPacket> packets = [.. HandedOver(wire.Packets, clock: TimeSpan.FromHours(3))];
        EngineRun before = new EngineRun().Play(packets[..3]);
        EngineRun hep = EngineRun.Restored(EngineRun.Settings(), before.Engine.Save(), isAfterBlind: false).Play(packets[3..]);
        hep.Engine.Finish();

        hep.Sealed.Count.ShouldBe(2);
        hep.Sealed.ShouldAllBe(minute => minute.Quality.HepOffsets.Single().Value == TimeSpan.FromHours(-3));
        hep.Sealed.ShouldAllBe(minute => minute.Quality.Confidence == Confidence.Full);
    }

    [Fact]
    public void NoteHepOffset_OfSeveral_KeepsTheFarthestFromZero()
    {
        CaptureQuality quality = new();
        CaptureQuality other = new();
        quality.NoteHepOffset("a", TimeSpan.FromSeconds(1));
        quality.NoteHepOffset("a", TimeSpan.FromSeconds(-2));
        other.NoteHepOffset("a", TimeSpan.FromSeconds(1.5));
        other.NoteHepOffset("b", TimeSpan.Zero);

        quality.Add(other);

        quality.HepOffsets.ShouldBe(new Dictionary<string, TimeSpan> { ["a"] = TimeSpan.FromSeconds(-2), ["b"] = TimeSpan.Zero });
    }

    [Fact]
    public void OnPacket_SenderWhoseClockIsSetMeanwhile_StaysInItsMinute()
    {
        Scenario wire = new Scenario().Answered(talk: 90);
        List<CapturedPacket> packets = [.. HandedOver(wire.Packets[..3])];
        packets.AddRange(HandedOver(wire.Packets[3..], clock: TimeSpan.FromHours(1)));

        EngineRun hep = new EngineRun().Play(packets);

        wire.Finish();
        hep.Engine.Finish();
        hep.Figures().ShouldBe(wire.Run.Figures());
    }

    [Fact]
    public void OnPacket_TimeBetweenMessages_IsTheSendersNotThatOfTheNetwork()
    {
        Scenario wire = new Scenario().Answered(talk: 60);
        CapturedPacket[] late = [.. HandedOver(wire.Packets).Select((packet, i) => packet with { At = packet.At.AddMilliseconds(i * 100) })];

        EngineRun hep = new EngineRun().Play(late);

        hep.Engine.Finish();
        hep.Totals.Talk.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OnPacket_Compressed_IsRead(bool isGzip)
    {
        Scenario wire = new Scenario().Answered();
        EngineRun hep = new EngineRun().Play(wire.Packets.Select(packet => Received(
            HepBytes.Compressed(TextOf(packet, out TransportPacket transport), transport.Source, transport.Destination, packet.At, isGzip),
            packet.At)));

        hep.Engine.Finish();
        hep.Totals.AnsweredEnded.ShouldBe(1);
    }

    [Fact]
    public void OnPacket_CompressedBomb_IsRefusedAndCounted()
    {
        string bomb = new('x', 16 * 1_048_576);
        EngineRun run = new EngineRun().Play(
            [Received(HepBytes.Compressed(bomb, Hosts.Pbx, Hosts.Carrier, Scenario.Zero, isGzip: true), Scenario.Zero)]);

        run.Engine.Counters.Rejected.ShouldContainKeyAndValue("hepBadCompression", 1);
        run.Engine.Counters.SipMessages.ShouldBe(0);
    }

    [Fact]
    public void OnPacket_CompressedRubbish_IsRefusedAndCounted()
    {
        byte[] packet = HepBytes.Packet(
            HepBytes.Chunks(Hosts.Pbx, Hosts.Carrier, Scenario.Zero, null, 1, 17, 1), HepBytes.Chunk(HepBytes.CompressedPayload, [0x78, 0x9C, 1, 2, 3]));

        EngineRun run = new EngineRun().Play([Received(packet, Scenario.Zero)]);

        run.Engine.Counters.Rejected.ShouldContainKeyAndValue("hepBadCompression", 1);
    }

    /// <summary>A zlib stream may ask for a dictionary agreed on beforehand (RFC 1950 §2.2, FDICT); there is none.</summary>
    [Fact]
    public void OnPacket_CompressedWithADictionary_IsRefusedAndCounted()
    {
        byte[] packet = HepBytes.Packet(
            HepBytes.Chunks(Hosts.Pbx, Hosts.Carrier, Scenario.Zero, null, 1, 17, 1),
            HepBytes.Chunk(HepBytes.CompressedPayload, [0x78, 0x20, 1, 2, 3, 4, 5, 6, 7, 8]));

        EngineRun run = new EngineRun().Play([Received(packet, Scenario.Zero)]);

        run.Engine.Counters.Rejected.ShouldContainKeyAndValue("hepBadCompression", 1);
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("Secret", false)]
    [InlineData("secret2", false)]
    [InlineData(null, false)]
    public void OnPacket_KeyConfigured_TakesNoOther(string? shown, bool isTaken)
    {
        Scenario wire = new Scenario().Answered();
        EngineSettings settings = EngineRun.Settings() with { Hep = new HepSettings { Key = "secret"u8.ToArray() } };

        EngineRun run = new EngineRun(settings).Play(HandedOver(wire.Packets, key: shown));

        run.Engine.Finish();
        run.Totals.Attempts.ShouldBe(isTaken ? 1 : 0);
        run.Engine.Counters.Rejected.GetValueOrDefault("hepWrongKey").ShouldBe(isTaken ? 0 : wire.Packets.Count);
    }

    [Fact]
    public void OnPacket_HepAmongCapturedPackets_IsReadFromFilesOnly()
    {
        Scenario wire = new Scenario().Answered();
        CapturedPacket[] captured = [.. HandedOver(wire.Packets).Select(packet => SipPacket.Of(
            Encoding.Latin1.GetString(packet.Bytes.Span[SignallingEngine.HepSenderBytes..]), Hosts.At("127.0.0.1", 40_000), Hosts.At("127.0.0.1", 9060), packet.At))];

        EngineRun live = new EngineRun().Play(captured);
        EngineRun file = new EngineRun(EngineRun.Settings() with { Hep = new HepSettings { ReadsCaptured = true } }).Play(captured);
        live.Engine.Finish();
        file.Engine.Finish();

        live.Totals.Attempts.ShouldBe(0);
        file.Totals.AnsweredEnded.ShouldBe(1);
    }

    [Fact]
    public void OnPacket_MoreSendersThanAreRemembered_StaysBounded()
    {
        string options = "OPTIONS sip:x SIP/2.0\r\n\r\n";
        EngineRun run = new EngineRun().Play(Enumerable.Range(0, 2_000).Select(i => Received(
            HepBytes.V3(options, Hosts.Pbx, Hosts.Carrier, Scenario.Zero, id: (uint)i), Scenario.Zero)));

        run.Engine.HepSenders.Count.ShouldBe(256);
        run.Engine.Counters.HepPackets.ShouldBe(2_000);
    }

    private static IEnumerable<CapturedPacket> HandedOver(IEnumerable<CapturedPacket> packets, TimeSpan clock = default, string? key = null) =>
        packets.Select(packet => Received(
            HepBytes.V3(TextOf(packet, out TransportPacket transport), transport.Source, transport.Destination, packet.At + clock, key),
            packet.At));

    private static string TextOf(CapturedPacket packet, out TransportPacket transport)
    {
        PacketDissector.TryDissect(packet, out transport).ShouldBe(DissectResult.Payload);
        return Encoding.Latin1.GetString(transport.Payload.Span);
    }

    private static CapturedPacket Received(byte[] hep, DateTimeOffset at)
    {
        byte[] bytes = new byte[SignallingEngine.HepSenderBytes + hep.Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Sender);
        hep.CopyTo(bytes, SignallingEngine.HepSenderBytes);
        return new CapturedPacket(at, LinkType.ReceivedHep, bytes, bytes.Length);
    }
}
