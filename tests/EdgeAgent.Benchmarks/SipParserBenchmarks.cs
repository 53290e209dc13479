using BenchmarkDotNet.Attributes;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Benchmarks;

/// <summary>One head read; allocates nothing.</summary>
[MemoryDiagnoser]
public class SipParserBenchmarks
{
    private readonly byte[] _invite = new SampleCall(1).Invite;
    private readonly byte[] _answer = new SampleCall(1).Answer;
    private readonly byte[] _bye = new SampleCall(1).Bye;

    [Benchmark(Baseline = true)]
    public SipRejection Invite() => SipParser.TryParse(_invite, SipLimits.Default, out _);

    [Benchmark]
    public SipRejection Answer() => SipParser.TryParse(_answer, SipLimits.Default, out _);

    [Benchmark]
    public SipRejection Bye() => SipParser.TryParse(_bye, SipLimits.Default, out _);
}
