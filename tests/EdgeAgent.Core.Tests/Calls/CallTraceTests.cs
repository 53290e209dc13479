using System.Net;
using System.Text;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>What the call table tells whoever follows a Call-ID.</summary>
public sealed class CallTraceTests
{
    private const string Followed = "followed@pbx.test";
    private static readonly IpEndpoint Pbx = IpEndpoint.From(IPAddress.Parse("10.20.0.1"), 5060);
    private static readonly IpEndpoint Carrier = IpEndpoint.From(IPAddress.Parse("10.20.0.2"), 5060);
    private static readonly IpEndpoint OtherCarrier = IpEndpoint.From(IPAddress.Parse("10.20.0.3"), 5060);
    private readonly Recorder _trace = new();
    private readonly CallTable _table;
    private DateTimeOffset _now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    public CallTraceTests()
    {
        TrunkTable trunks = new(
        [
            new Trunk("a", [new HostRange(Carrier.Address, UInt128.MaxValue)], PartyReader.DefaultOrder),
            new Trunk("b", [new HostRange(OtherCarrier.Address, UInt128.MaxValue)], PartyReader.DefaultOrder),
        ]);
        _table = new CallTable(trunks, new HostRoles([], [], 100), CallLimits.Default, new NoParties(), new NoObserver(), _trace);
    }

    [Fact]
    public void OnMessage_AuthenticatedCallToItsEnd_TellsEveryStepAndItsReason()
    {
        Request("INVITE", 1, "b1");
        Response(407, "INVITE", 1, "b1");
        Request("ACK", 1, "b1", toTag: "t");
        Request("INVITE", 2, "b2");
        Response(100, "INVITE", 2, "b2");
        Response(180, "INVITE", 2, "b2");
        Response(183, "INVITE", 2, "b2");
        Response(200, "INVITE", 2, "b2");
        Response(200, "INVITE", 2, "b2");
        Request("ACK", 2, "b3", toTag: "t");
        Request("BYE", 3, "b4", toTag: "t");
        Response(481, "BYE", 3, "b4");
        Response(200, "BYE", 3, "b4");

        _trace.Lines.ShouldBe(
        [
            "INVITE #1 NewAttempt Idle>Inviting:Started",
            "407 #1 Challenged Inviting>Challenged:None",
            "ACK #1 RefusalAcknowledged",
            "INVITE #1 Continued Challenged>Inviting:None",
            "100 #1 Trying",
            "180 #1 FirstRinging Inviting>Ringing:Rang",
            "183 #1 FurtherRinging",
            "200 #1 FirstSuccess Ringing>Answered:WasAnswered",
            "200 #1 SuccessCopy again",
            "ACK #1 AnswerAcknowledged",
            "BYE #1 ByeNoted Answered>Ending:None",
            "481 #1 ByeNotConfirmed",
            "200 #1 ByeConfirmed Ending>Ended:EndedByBye",
        ]);
    }

    [Fact]
    public void OnMessage_CancelledThenRefused_SaysThatTheFinalResponseDecides()
    {
        Request("INVITE", 1, "b1");
        Request("CANCEL", 1, "b1");
        Response(487, "INVITE", 1, "b1");
        Request("CANCEL", 1, "b1");
        Response(487, "INVITE", 1, "b1");

        _trace.Lines.ShouldBe(
        [
            "INVITE #1 NewAttempt Idle>Inviting:Started",
            "CANCEL #1 CancelNoted",
            "487 #1 Refused Inviting>Ended:WasRefused",
            "CANCEL #1 CancelTooLate again",
            "487 #1 AlreadyDecided again",
        ]);
    }

    [Fact]
    public void OnMessage_SecondTrunkWithTheSameCallId_IsAnotherCall()
    {
        Request("INVITE", 1, "b1");
        Response(503, "INVITE", 1, "b1");
        Request("INVITE", 1, "b2", to: OtherCarrier);

        _trace.Lines[^1].ShouldBe("INVITE #2 NewAttempt Idle>Inviting:Started");
    }

    [Fact]
    public void OnMessage_RefusalOnOneBranchOfTwo_IsOfAnotherHop()
    {
        Request("INVITE", 1, "b1");
        Request("INVITE", 1, "b2");
        Response(486, "INVITE", 1, "b2");

        _trace.Lines[1..].ShouldBe(["INVITE #1 FurtherBranch", "486 #1 OtherHop"]);
    }

    [Fact]
    public void Close_CallStillUp_TellsTheStepWithoutMessage()
    {
        Request("INVITE", 1, "b1");
        Response(200, "INVITE", 1, "b1");

        _table.Close(EndEvidence.CaptureEnd);

        _trace.Lines[^1].ShouldBe("- Answered>Ended:EndedUnknown");
    }

    [Fact]
    public void OnMessage_ResponseWithoutInvite_BelongsToNoCall()
    {
        Response(180, "INVITE", 1, "b1");

        _trace.Lines.ShouldBe(["180 # NoCall"]);
    }

    [Fact]
    public void OnMessage_OfAnotherCallId_TellsNothing()
    {
        Request("INVITE", 1, "b1", callId: "other@pbx.test");
        Response(486, "INVITE", 1, "b1", callId: "other@pbx.test");

        _trace.Lines.ShouldBeEmpty();
    }

    private void Request(
        string method, int cseq, string branch, string? toTag = null, IpEndpoint? to = null, string callId = Followed) =>
        Take($"{method} sip:+33199000001@carrier.test SIP/2.0", method, cseq, branch, toTag, Pbx, to ?? Carrier, callId);

    private void Response(int status, string method, int cseq, string branch, string callId = Followed) =>
        Take($"SIP/2.0 {status} Reason", method, cseq, branch, "t", Carrier, Pbx, callId);

    private void Take(
        string startLine, string method, int cseq, string branch, string? toTag, IpEndpoint from, IpEndpoint to, string callId)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(
            $"{startLine}\r\nVia: SIP/2.0/UDP 10.20.0.1;branch=z9hG4bK{branch}\r\nFrom: <sip:+33199000002@pbx.test>;tag=f\r\n"
            + $"To: <sip:+33199000001@carrier.test>{(toTag is null ? "" : ";tag=" + toTag)}\r\nCall-ID: {callId}\r\nCSeq: {cseq} {method}\r\n\r\n");
        SipParser.TryParse(bytes, SipLimits.Default, out SipMessage message).ShouldBe(SipRejection.None);
        _now += TimeSpan.FromMilliseconds(100);
        _table.OnMessage(message, from, to, _now);
    }

    private sealed class Recorder : ICallTrace
    {
        private readonly List<Call> _calls = [];
        private readonly List<string> _steps = [];
        private string? _message;

        public List<string> Lines { get; } = [];

        public bool Follows(ReadOnlySpan<byte> callId) => callId.SequenceEqual(Encoding.ASCII.GetBytes(Followed));

        public void OnMessage(in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
            _message = message.IsRequest ? message.Method.ToString().ToUpperInvariant() : $"{message.StatusCode}";

        public void OnStep(Call call, CallSignal signal, CallState before, CallStep step, DateTimeOffset at)
        {
            if (step.State == before)
            {
                return;
            }

            call.State.ShouldBe(step.State);
            string text = $" {before}>{step.State}:{step.Report}";
            if (_message is null)
            {
                Lines.Add("-" + text);
            }
            else
            {
                _steps.Add(text);
            }
        }

        public void OnTaken(Call? call, bool isRepeat, CallNote note)
        {
            if (call is not null && !_calls.Contains(call))
            {
                _calls.Add(call);
            }

            string number = call is null ? "" : $"{_calls.IndexOf(call) + 1}";
            Lines.Add($"{_message} #{number} {note}{(isRepeat ? " again" : "")}{string.Concat(_steps)}");
            _steps.Clear();
            _message = null;
        }
    }

    private sealed class NoParties : IPartyReader
    {
        public CallParties Read(in SipMessage invite, CallDirection direction, Trunk? trunk) => default;

        public ulong CalledBy(ReadOnlySpan<byte> uri) => 0;

        public ulong PersonKey(E164Number person) => 1;

        public ulong LineKey(ReadOnlySpan<byte> user, UInt128 host) => 1;

        public bool IsOwn(E164Number number) => false;
    }

    private sealed class NoObserver : ICallObserver
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
