using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using EdgeAgent.Core;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>From the bytes of a capture to sealed minutes.</summary>
[MemoryDiagnoser]
public class SignallingEngineBenchmarks
{
    private const int Calls = 1_000;
    private const int Messages = Calls * 7;
    private readonly byte[] _generated = Frames.Pcap(Calls, out _);
    private byte[] _asterisk = [];

    [GlobalSetup]
    public void Load() => _asterisk = File.ReadAllBytes(Path.Combine(RepositoryRoot(), "tests/captures/asterisk-main-mixed/wan0.pcap"));

    /// <summary>A real PBX's trunk, 564 calls; figures are per file.</summary>
    [Benchmark]
    public Task<long> AsteriskCapture() => CountAsync("10.20.0.0/24", _asterisk);

    /// <summary>Answered calls without any trouble; figures are per message.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task<long> GeneratedMessage() => CountAsync("198.51.100.0/24", _generated);

    private static async Task<long> CountAsync(string trunk, byte[] capture)
    {
        SignallingEngine engine = Engines.Create(trunk);
        await CaptureReader.ReadAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(capture)), engine, CaptureLimits.Default, CancellationToken.None).ConfigureAwait(false);
        engine.Finish();
        return engine.Counters.SipMessages;
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgeAgent.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("EdgeAgent.sln is above the benchmarks");
    }
}
