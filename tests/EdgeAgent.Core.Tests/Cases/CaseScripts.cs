using System.Text;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>
/// The captures of tests/captures/cases as ladders. Nothing in here is random and no clock is asked: written twice, they are the same
/// bytes. What each must count is not here but in the JSON beside the capture, written by hand from agent/DEFINITIONS.md.
/// </summary>
internal static partial class CaseScripts
{
    private const string OurNumber = "0199000001";
    private const string OtherNumber = "0261910002";
    private const string Person = "0639980001";
    private const string OtherPerson = "0639980002";

    private static readonly IpEndpoint Pbx = Hosts.Pbx;
    private static readonly IpEndpoint Phone = Hosts.Phone;
    private static readonly IpEndpoint Carrier = Hosts.Carrier;
    private static readonly IpEndpoint OtherCarrier = Hosts.OtherCarrier;

    /// <summary>Every capture, in the order of the cases.</summary>
    public static IEnumerable<CaseCapture> All =>
    [
        ByTime("01-challenged-then-answered", Challenged()),
        ByTime("02-challenge-never-retried", NeverRetried()),
        ByTime("03-retransmitted", Retransmitted()),
        AsWritten("04-response-before-invite", ResponseFirst()),
        ByTime("05-cancel-crosses-200", CancelCrosses200()),
        ByTime("06-cancelled", Cancelled()),
        ByTime("07-final-response-lost", FinalLost()),
        ByTime("08-finals", Finals()),
        ByTime("09-progress-then-answered", Progress()),
        ByTime("10-forked", Forked()),
        ByTime("11-reinvites", ReInvites()),
        ByTime("12-noise", Noise()),
        ByTime("13-byes", Byes()),
        ByTime("14-bye-lost", ByeLost()),
        ByTime("15-begins-in-mid-call", BeginsInMidCall()),
        ByTime("16-ends-in-mid-call", EndsInMidCall()),
        ByTime("17-call-id-used-again", CallIdAgain()),
        ByTime("18-spiral-and-hairpin", Spiral()),
        ByTime("19-b2bua", B2bua()),
        ByTime("20-same-packet-twice", Twice()),
        ByTime("21-tcp-segments", Segments()),
        AsWritten("22-fragments", FragmentsReversed()),
        ByTime("23-encapsulations", Encapsulations()),
        ByTime("24-ringing-long", RingingLong()),
        ByTime("25-long-calls", LongCalls()),
        ByTime("26-session-timer", SessionTimer()),
        ByTime("27-refer", Referred()),
        ByTime("28-redirected-and-retried", Redirected()),
        ByTime("29-anonymous-asserted", AnonymousAsserted()),
        ByTime("30-forms-of-headers", Forms()),
        AsWritten("31-clock-steps-back", ClockStepsBack()),
        AsWritten("32-never-negative", NeverNegative()),
        ByTime("33-snap-length", SnapLength()),
        ByTime("34-early-media-480", EarlyMedia()),
        ByTime("35-no-ack", NoAck()),
        ByTime("36-flood", Flood()),
        ByTime("37-bye-refused", ByeRefused()),
        ByTime("38-udp-then-tcp", UdpThenTcp()),
        ByTime("39-crlf-on-stream", CrlfOnStream()),
        ByTime("40-quoted-and-copied", QuotedAndCopied()),
        ByTime("41-pbx-killed", PbxKilled()),
        ByTime("42-callers-without-number", WithoutNumber()),
        ByTime("43-302-in-both-ways", RedirectedInBothWays()),
        ByTime("44-two-in-one-datagram", TwoInOneDatagram()),
        ByTime("45-pai-in-responses", PaiInResponses()),
    ];

    private static CaseCapture ByTime(string name, params IEnumerable<IEnumerable<CapturedPacket>> parts) =>
        new(name, [.. parts.SelectMany(part => part).OrderBy(packet => packet.At)]);

    private static CaseCapture AsWritten(string name, IEnumerable<CapturedPacket> packets) => new(name, [.. packets]);

    /// <summary>A call between this PBX and the first trunk, if nothing else is said. The id is Call-ID and From-tag.</summary>
    private static Scenario Call(
        string id, string from = OurNumber, string to = Person, IpEndpoint? caller = null, IpEndpoint? callee = null, string? tag = null, string hop = "") =>
        new Scenario(EngineRun.Settings())
            .NewCall($"{id}@pbx.test", tag ?? id, $"<sip:{from}@pbx.test>", $"<sip:{to}@192.0.2.10>", hop)
            .Between(caller ?? Pbx, callee ?? Carrier);

    /// <summary>INVITE, 100, and a 180 after two seconds.</summary>
    private static Scenario Ringing(this Scenario s, double at) => s.Invite(at).Response(100, at + 0.01).Response(180, at + 2);

    /// <summary>Answered after five seconds: what <see cref="Ringing"/> begins.</summary>
    private static Scenario Taken(this Scenario s, double at) => s.Ringing(at).Response(200, at + 5).Ack(at + 5.01);

    private static Scenario HungUp(this Scenario s, double at, Side by = Side.Caller) => s.Bye(at, by).Ok(at + 0.01);

    private static Scenario Registration(double at) => new Scenario().Register(Phone, Pbx, at);

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static IEnumerable<CapturedPacket> Of(params Scenario[] scenarios) => scenarios.SelectMany(s => s.Packets);
}
