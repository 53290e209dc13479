using BenchmarkDotNet.Attributes;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>Link, IP and transport header of one frame; allocates nothing.</summary>
[MemoryDiagnoser]
public class PacketDissectorBenchmarks
{
    private readonly CapturedPacket _udp = Captured(Frames.Between(isFromPbx: true, new SampleCall(1).Invite));
    private readonly CapturedPacket _tcp = Captured(
        Frames.Tcp(SampleCall.PbxEndpoint, SampleCall.CarrierEndpoint, new SampleCall(1).Invite));

    private readonly CapturedPacket _taggedUdp6 = Captured(Frames.TaggedUdp6(new SampleCall(1).Invite));

    [Benchmark(Baseline = true)]
    public DissectResult Udp() => PacketDissector.TryDissect(_udp, out _);

    [Benchmark]
    public DissectResult Tcp() => PacketDissector.TryDissect(_tcp, out _);

    [Benchmark]
    public DissectResult TaggedUdpOverIPv6() => PacketDissector.TryDissect(_taggedUdp6, out _);

    private static CapturedPacket Captured(byte[] frame) => new(DateTimeOffset.UnixEpoch, LinkType.Ethernet, frame, frame.Length);
}
