using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Who sends a request inside a dialog.</summary>
public enum Side
{
    Caller = 0,
    Callee,
}

/// <summary>
/// Writes a SIP ladder message by message and plays each to a real engine at once, so that a test reads like the exchange it is about. Times
/// are seconds since <see cref="Zero"/>; a message without time has that of the one before.
/// </summary>
internal sealed class Scenario
{
    /// <summary>Tuesday, at the beginning of a minute; 11:00 in Paris.</summary>
    public static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);

    private const string Body = "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n";

    private readonly EngineRun _run;
    private readonly Dictionary<Side, uint> _cseq = [];
    private IpEndpoint _caller = Hosts.Pbx;
    private IpEndpoint _callee = Hosts.Carrier;
    private string _callId = "call-1@pbx.test";
    private string _tag = "a";
    private string _from = "<sip:+33162123456@pbx.test>";
    private string _to = "<sip:+33612345678@carrier.test>";
    private string _toTag = "b";
    private string _branch = "";
    private string _hop = "";
    private (string Method, uint CSeq, string Branch, Side By) _request;
    private uint _inviteCSeq;
    private int _branches;
    private double _at;

    public Scenario(EngineSettings? settings = null)
        : this(new EngineRun(settings))
    {
    }

    public Scenario(EngineRun run) => _run = run;

    public EngineRun Run => _run;

    /// <summary>Every packet played, in order.</summary>
    public List<CapturedPacket> Packets { get; } = [];

    public NumberCounters Totals => _run.Totals;

    public CallRecord Call => _run.Call;

    public IReadOnlyList<CallRecord> Calls => _run.Closed;

    public static DateTimeOffset At(double seconds) => Zero + TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));

    /// <summary>Goes over to another call; what is not given stays. A hop of its own has branches of its own.</summary>
    public Scenario NewCall(string? callId = null, string? tag = null, string? from = null, string? to = null, string? hop = null)
    {
        _hop = hop ?? _hop;
        _callId = callId ?? _callId;
        _tag = tag ?? _tag;
        _from = from ?? _from;
        _to = to ?? _to;
        _toTag = "b";
        _cseq.Clear();
        return this;
    }

    /// <summary>What follows passes between these hosts.</summary>
    public Scenario Between(IpEndpoint caller, IpEndpoint callee)
    {
        _caller = caller;
        _callee = callee;
        return this;
    }

    /// <summary>INVITE without To-tag; CSeq one higher and a new branch each time, if not given.</summary>
    public Scenario Invite(
        double? at = null, string headers = "", uint? cseq = null, string? branch = null, string? uri = null, int? snapBytes = null)
    {
        _inviteCSeq = cseq ?? Next(Side.Caller);
        _cseq[Side.Caller] = _inviteCSeq;
        _branch = branch ?? NewBranch();
        string text = $"INVITE {uri ?? UriIn(_to)} SIP/2.0\r\n" + Head("INVITE", _inviteCSeq, _branch, Side.Caller, "", headers);
        return Send(text + Body, _caller, _callee, at, snapBytes);
    }

    /// <summary>Response to the INVITE sent last.</summary>
    public Scenario Response(
        int status, double? at = null, string? toTag = null, string headers = "", string? branch = null, uint? cseq = null)
    {
        _toTag = toTag ?? _toTag;
        string tag = status == 100 ? "" : _toTag;
        return Send(
            $"SIP/2.0 {status} Any\r\n" + Head("INVITE", cseq ?? _inviteCSeq, branch ?? _branch, Side.Caller, tag, headers) + "\r\n",
            _callee, _caller, at);
    }

    /// <summary>ACK to a 2xx: a transaction of its own (RFC 3261 §13.2.2.4).</summary>
    public Scenario Ack(double? at = null) => SendAck(NewBranch(), at);

    /// <summary>ACK to any other final response: same branch as the INVITE (RFC 3261 §17.1.1.3).</summary>
    public Scenario AckRefusal(double? at = null) => SendAck(_branch, at);

    /// <summary>CANCEL of the INVITE sent last.</summary>
    public Scenario Cancel(double? at = null)
    {
        _request = ("CANCEL", _inviteCSeq, _branch, Side.Caller);
        return Send(
            $"CANCEL {UriIn(_to)} SIP/2.0\r\n" + Head("CANCEL", _inviteCSeq, _branch, Side.Caller, "", "") + "\r\n",
            _caller, _callee, at);
    }

    public Scenario Bye(double? at = null, Side by = Side.Caller, string? toTag = null) => Request("BYE", at, by, toTag);

    /// <summary>Request inside the dialog; a re-INVITE is one too.</summary>
    public Scenario Request(string method, double? at = null, Side by = Side.Caller, string? toTag = null, string headers = "")
    {
        _toTag = toTag ?? _toTag;
        _request = (method, Next(by), NewBranch(), by);
        string uri = UriIn(by == Side.Caller ? _to : _from);
        string text = $"{method} {uri} SIP/2.0\r\n" + Head(method, _request.CSeq, _request.Branch, by, _toTag, headers) + "\r\n";
        return by == Side.Caller ? Send(text, _caller, _callee, at) : Send(text, _callee, _caller, at);
    }

    /// <summary>ACK to the final response of a re-INVITE: its CSeq.</summary>
    public Scenario AckRequest(double? at = null)
    {
        (_, uint cseq, _, Side by) = _request;
        string text = $"ACK {UriIn(by == Side.Caller ? _to : _from)} SIP/2.0\r\n" + Head("ACK", cseq, NewBranch(), by, _toTag, "") + "\r\n";
        return by == Side.Caller ? Send(text, _caller, _callee, at) : Send(text, _callee, _caller, at);
    }

    /// <summary>200 to the last request that was no first INVITE.</summary>
    public Scenario Ok(double? at = null, string headers = "") => Reply(200, at, headers);

    /// <summary>Response to the last request that was no first INVITE.</summary>
    public Scenario Reply(int status, double? at = null, string headers = "")
    {
        (string method, uint cseq, string branch, Side by) = _request;
        string text = $"SIP/2.0 {status} Any\r\n" + Head(method, cseq, branch, by, _toTag, headers) + "\r\n";
        return by == Side.Caller ? Send(text, _callee, _caller, at) : Send(text, _caller, _callee, at);
    }

    /// <summary>An earlier packet once more: the last, or that many further back.</summary>
    public Scenario Again(double? at = null, int back = 0)
    {
        _at = at ?? _at;
        return Play(Packets[^(back + 1)] with { At = At(_at) });
    }

    /// <summary>Any bytes as a datagram from caller to callee.</summary>
    public Scenario Datagram(string text, double? at = null) => Send(text, _caller, _callee, at);

    /// <summary>A registration that succeeds.</summary>
    public Scenario Register(IpEndpoint registrant, IpEndpoint registrar, double? at = null)
    {
        string head = $"Via: SIP/2.0/UDP x;branch={NewBranch()}\r\nFrom: <sip:21@pbx.test>;tag=r\r\nTo: <sip:21@pbx.test>\r\n"
            + $"Call-ID: reg-{registrant}\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
        return Send("REGISTER sip:pbx.test SIP/2.0\r\n" + head, registrant, registrar, at)
            .Send("SIP/2.0 200 OK\r\n" + head, registrar, registrant, null);
    }

    /// <summary>A whole answered call: rings after 2 s, is answered after 5 s.</summary>
    public Scenario Answered(double at = 0, double talk = 60) =>
        Invite(at).Response(100).Response(180, at + 2).Response(200, at + 5).Ack().Bye(at + 5 + talk).Ok();

    /// <summary>A whole refused call.</summary>
    public Scenario Refused(int status, double at = 0) => Invite(at).Response(100).Response(status, at + 1).AckRefusal();

    /// <summary>Nothing is seen until then.</summary>
    public Scenario Silence(double until)
    {
        _at = until;
        _run.Engine.OnClock(At(until));
        return this;
    }

    /// <summary>The capture ends.</summary>
    public Scenario Finish()
    {
        _run.Engine.Finish();
        return this;
    }

    private static string UriIn(string address) => address[(address.IndexOf('<', StringComparison.Ordinal) + 1)..address.IndexOf('>', StringComparison.Ordinal)];

    private Scenario SendAck(string branch, double? at) => Send(
        $"ACK {UriIn(_to)} SIP/2.0\r\n" + Head("ACK", _inviteCSeq, branch, Side.Caller, _toTag, "") + "\r\n", _caller, _callee, at);

    /// <summary>Header lines of a request by one side, and of the responses to it.</summary>
    private string Head(string method, uint cseq, string branch, Side by, string toTag, string headers)
    {
        string callee = toTag.Length > 0 ? $"{_to};tag={toTag}" : _to;
        string caller = $"{_from};tag={_tag}";
        (string from, string to) = by == Side.Caller ? (caller, callee) : (callee, caller);
        return $"Via: SIP/2.0/UDP {_caller};branch={branch}\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {_callId}\r\n"
            + $"CSeq: {cseq} {method}\r\n{headers}";
    }

    private string NewBranch() => $"z9hG4bK-{_hop}{_callId}-{_tag}-{++_branches}";

    private uint Next(Side by) => _cseq[by] = _cseq.GetValueOrDefault(by) + 1;

    private Scenario Send(string text, IpEndpoint source, IpEndpoint destination, double? at, int? snapBytes = null)
    {
        _at = at ?? _at;
        return Play(SipPacket.Of(text, source, destination, At(_at), snapBytes));
    }

    private Scenario Play(CapturedPacket packet)
    {
        Packets.Add(packet);
        _run.Engine.OnPacket(packet);
        return this;
    }
}
