using BenchmarkDotNet.Attributes;
using EdgeAgent.Core;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>Packets that change no call: each must allocate nothing. Time stands still, so that no minute is sealed in between.</summary>
[MemoryDiagnoser]
public class UnchangedStateBenchmarks
{
    private readonly CapturedPacket _rtp = Captured(Frames.Udp(
        SampleCall.PbxEndpoint with { Port = 16_384 }, SampleCall.CarrierEndpoint with { Port = 20_000 }, new byte[172]));

    private readonly CapturedPacket _invite = Captured(Frames.Between(isFromPbx: true, new SampleCall(1).Invite));
    private readonly CapturedPacket _answer = Captured(Frames.Between(isFromPbx: false, new SampleCall(1).Answer));
    private SignallingEngine _engine = null!;

    [GlobalSetup]
    public void Answer()
    {
        _engine = Engines.Create("198.51.100.0/24");
        _engine.OnPacket(_invite);
        _engine.OnPacket(_answer);
    }

    [Benchmark(Baseline = true)]
    public void Rtp() => _engine.OnPacket(_rtp);

    [Benchmark]
    public void InviteAgain() => _engine.OnPacket(_invite);

    [Benchmark]
    public void AnswerAgain() => _engine.OnPacket(_answer);

    private static CapturedPacket Captured(byte[] frame) =>
        new(DateTimeOffset.FromUnixTimeSeconds(1_767_225_600), LinkType.Ethernet, frame, frame.Length);
}
