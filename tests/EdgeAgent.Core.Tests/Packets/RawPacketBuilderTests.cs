using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using EdgeAgent.Core.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class RawPacketBuilderTests
{
    private static readonly IpEndpoint V4 = IpEndpoint.From(IPAddress.Parse("192.0.2.1"), 5060);
    private static readonly IpEndpoint OtherV4 = IpEndpoint.From(IPAddress.Parse("198.51.100.7"), 40000);
    private static readonly IpEndpoint V6 = IpEndpoint.From(IPAddress.Parse("2001:db8::1"), 5060);
    private static readonly IpEndpoint OtherV6 = IpEndpoint.From(IPAddress.Parse("2001:db8::2:7"), 40000);

    [Property(MaxTest = 200)]
    public void Udp_AnyPayload_IsDissectedAgainAndHasRightChecksums(byte[] payload, bool isV6)
    {
        (IpEndpoint source, IpEndpoint destination) = isV6 ? (V6, OtherV6) : (V4, OtherV4);

        ReadOnlyMemory<byte> packet = new RawPacketBuilder().Udp(source, destination, payload);

        TransportPacket read = Dissect(packet);
        read.Source.ShouldBe(source);
        read.Destination.ShouldBe(destination);
        read.Protocol.ShouldBe(TransportProtocol.Udp);
        read.Payload.ToArray().ShouldBe(payload);
        ShouldHaveRightChecksums(packet.Span);
    }

    [Property(MaxTest = 200)]
    public void Tcp_AnyPayload_IsDissectedAgainAndHasRightChecksums(byte[] payload, bool isV6, uint sequence)
    {
        (IpEndpoint source, IpEndpoint destination) = isV6 ? (V6, OtherV6) : (V4, OtherV4);

        ReadOnlyMemory<byte> packet = new RawPacketBuilder().Tcp(source, destination, sequence, 17, payload);

        TransportPacket read = Dissect(packet);
        read.Source.ShouldBe(source);
        read.Destination.ShouldBe(destination);
        read.Protocol.ShouldBe(TransportProtocol.Tcp);
        read.Payload.ToArray().ShouldBe(payload);
        read.Sequence.ShouldBe(sequence);
        read.Acknowledgement.ShouldBe(17u);
        ShouldHaveRightChecksums(packet.Span);
    }

    [Fact]
    public async Task PcapEncoder_Packets_AreReadAgainWithTheirTimes()
    {
        DateTimeOffset at = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
        ArrayBufferWriter<byte> file = new();
        PcapEncoder.WriteHeader(file);
        PcapEncoder.WritePacket(file, at, [0x45, 1, 2, 3]);
        PcapEncoder.WritePacket(file, at.AddSeconds(1), []);
        List<CapturedPacket> packets = [];

        CaptureReadResult result = await CaptureReader.ReadAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(file.WrittenMemory)),
            new Collector(packets),
            CaptureLimits.Default,
            TestContext.Current.CancellationToken);

        result.Fault.ShouldBeNull();
        packets.Select(packet => packet.At).ShouldBe([at, at.AddSeconds(1)]);
        packets.ShouldAllBe(packet => packet.Link == LinkType.Raw);
        packets[0].Bytes.ToArray().ShouldBe([0x45, 1, 2, 3]);
    }

    private static TransportPacket Dissect(ReadOnlyMemory<byte> packet)
    {
        PacketDissector.TryDissect(new CapturedPacket(default, LinkType.Raw, packet, packet.Length), out TransportPacket read)
            .ShouldBe(DissectResult.Payload);
        return read;
    }

    /// <summary>The receiver's check of RFC 1071: with the checksum in it the sum is all ones.</summary>
    private static void ShouldHaveRightChecksums(ReadOnlySpan<byte> packet)
    {
        bool isV4 = packet[0] >> 4 == 4;
        int headerBytes = isV4 ? 20 : 40;
        ReadOnlySpan<byte> transport = packet[headerBytes..];
        if (isV4)
        {
            OnesSum(packet[..headerBytes]).ShouldBe(0xFFFF);
        }

        byte[] covered =
        [
            .. isV4 ? packet[12..20] : packet[8..40],
            (byte)(transport.Length >> 8), (byte)transport.Length,
            0, packet[isV4 ? 9 : 6],
            .. transport,
        ];
        OnesSum(covered).ShouldBe(0xFFFF);
    }

    private static int OnesSum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += i + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]) : bytes[i] << 8;
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    private sealed class Collector(List<CapturedPacket> packets) : ICapturedPacketSink
    {
        public void OnPacket(in CapturedPacket packet) => packets.Add(packet with { Bytes = packet.Bytes.ToArray() });
    }
}
