using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>A capture of 7,000 messages cut into packets; figures are per packet, what is allocated is per file.</summary>
[MemoryDiagnoser]
public class CaptureReaderBenchmarks
{
    private const int Calls = 1_000;
    private const int Messages = Calls * 7;
    private readonly byte[] _file = Frames.Pcap(Calls, out _);

    /// <summary>The whole file in one piece.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public Task<CaptureReadResult> OnePiece() =>
        CaptureReader.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(_file)), new Ignore(), CaptureLimits.Default, CancellationToken.None);

    /// <summary>64 KiB at a time: some records lie across two reads.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task<CaptureReadResult> Stream() =>
        CaptureReader.ReadAsync(
            PipeReader.Create(new MemoryStream(_file), new StreamPipeReaderOptions(bufferSize: 65_536)),
            new Ignore(),
            CaptureLimits.Default,
            CancellationToken.None);

    private sealed class Ignore : ICapturedPacketSink
    {
        public void OnPacket(in CapturedPacket packet)
        {
        }
    }
}
