using BenchmarkDotNet.Attributes;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Benchmarks;

/// <summary>
/// The call table alone: copies of messages of calls that are up. They must allocate nothing, however many calls there are. A message is
/// a view, so reading it is in the figures; <see cref="SipParserBenchmarks"/> says how much that is.
/// </summary>
[MemoryDiagnoser]
public class CallTableBenchmarks
{
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);
    private CallTable _table = null!;
    private byte[][] _invites = [];
    private byte[][] _answers = [];
    private long _milliseconds;
    private int _next;

    /// <summary>Calls up.</summary>
    [Params(1_000, 50_000)]
    public int Calls { get; set; }

    [GlobalSetup]
    public void Answer()
    {
        EngineSettings settings = Engines.SettingsFor("198.51.100.0/24");
        PartyReader parties = new(settings.Numbers, new BucketNames(settings.MaxNumbers), settings.Pseudonymiser, settings.IdentityOrder);
        _table = new CallTable(settings.Trunks, new HostRoles([], [], settings.Calls.MaxHosts), settings.Calls, parties, new Ignore());
        SampleCall[] calls = [.. Enumerable.Range(0, Calls).Select(each => new SampleCall(each))];
        _invites = [.. calls.Select(call => call.Invite)];
        _answers = [.. calls.Select(call => call.Answer)];
        for (int i = 0; i < Calls; i++)
        {
            Take(_invites[i], isFromPbx: true);
            Take(_answers[i], isFromPbx: false);
        }
    }

    [Benchmark(Baseline = true)]
    public void InviteAgain() => Take(_invites[Next()], isFromPbx: true);

    [Benchmark]
    public void AnswerAgain() => Take(_answers[Next()], isFromPbx: false);

    private int Next() => _next = (_next + 1) % Calls;

    /// <summary>Time goes on by a millisecond, but never so far that calls are given up.</summary>
    private void Take(byte[] bytes, bool isFromPbx)
    {
        _milliseconds = Math.Min(_milliseconds + 1, 1_000_000);
        SipParser.TryParse(bytes, SipLimits.Default, out SipMessage message);
        _table.OnMessage(
            message,
            isFromPbx ? SampleCall.PbxEndpoint : SampleCall.CarrierEndpoint,
            isFromPbx ? SampleCall.CarrierEndpoint : SampleCall.PbxEndpoint,
            _start.AddMilliseconds(_milliseconds));
    }

    private sealed class Ignore : ICallObserver
    {
        public void OnAttempt(Call call)
        {
        }

        public void OnRinging(Call call, DateTimeOffset at, bool isFirst, int status)
        {
        }

        public void OnAnswered(Call call)
        {
        }

        public void OnRefused(Call call, DateTimeOffset at)
        {
        }

        public void OnEnded(Call call, DateTimeOffset at)
        {
        }

        public void OnUpChanged(Call call, DateTimeOffset at, bool isUp)
        {
        }

        public void OnClosed(Call call)
        {
        }

        public void OnRoleDecided(Call call)
        {
        }
    }
}
