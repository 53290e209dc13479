using System.Globalization;
using System.Text;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Benchmarks;

/// <summary>The seven messages of one answered call, as a call centre's PBX and its carrier write them; numbers are of the block kept for fiction.</summary>
/// <param name="number">Tells calls apart: Call-ID, tags, branches and the person called follow from it.</param>
internal sealed class SampleCall(int number)
{
    private const string Body =
        "v=0\r\no=- 1794 1794 IN IP4 192.0.2.16\r\ns=-\r\nc=IN IP4 192.0.2.16\r\nt=0 0\r\nm=audio 16384 RTP/AVP 8 0 101\r\n"
        + "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";

    private const string Carrier = "198.51.100.7";
    private const string Pbx = "192.0.2.16";
    private const string Common =
        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, REFER, NOTIFY\r\nSupported: 100rel, timer, replaces, norefersub\r\n";

    private readonly string _id = number.ToString("x8", CultureInfo.InvariantCulture);
    private readonly string _person = "+3319900" + (number % 10_000).ToString("d4", CultureInfo.InvariantCulture);

    /// <summary>Address of the PBX.</summary>
    public static IpEndpoint PbxEndpoint { get; } = IpEndpoint.From(System.Net.IPAddress.Parse(Pbx), 5060);

    /// <summary>Address of the carrier.</summary>
    public static IpEndpoint CarrierEndpoint { get; } = IpEndpoint.From(System.Net.IPAddress.Parse(Carrier), 5060);

    public byte[] Invite => Request(
        "INVITE", 1, "-invite", isDialog: false,
        $"Contact: <sip:agent@{Pbx}:5060>\r\n{Common}Session-Expires: 1800\r\nMin-SE: 90\r\n"
        + $"P-Asserted-Identity: <sip:+33199001234@{Pbx}>\r\n",
        Body);

    public byte[] Trying => Response("100 Trying", "1 INVITE", "-invite", isDialog: false);

    public byte[] Ringing => Response("180 Ringing", "1 INVITE", "-invite", isDialog: true);

    public byte[] Answer => Response("200 OK", "1 INVITE", "-invite", isDialog: true, $"Contact: <sip:{Carrier}:5060>\r\n{Common}", Body);

    public byte[] Ack => Request("ACK", 1, "-ack", isDialog: true);

    public byte[] Bye => Request("BYE", 2, "-bye", isDialog: true);

    public byte[] ByeAnswer => Response("200 OK", "2 BYE", "-bye", isDialog: true);

    /// <summary>Every message in order, and whether the PBX sent it.</summary>
    public IEnumerable<(byte[] Message, bool IsFromPbx)> All() =>
        [(Invite, true), (Trying, false), (Ringing, false), (Answer, false), (Ack, true), (Bye, true), (ByeAnswer, false)];

    private byte[] Request(string method, int cseq, string branch, bool isDialog, string headers = "", string body = "") => Message(
        $"{method} sip:{_person}@{Carrier}:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {Pbx}:5060;rport;branch=z9hG4bK-{_id}{branch}\r\nMax-Forwards: 70\r\n",
        isDialog, $"{cseq} {method}", headers, body);

    private byte[] Response(string status, string cseq, string branch, bool isDialog, string headers = "", string body = "") => Message(
        $"SIP/2.0 {status}\r\nVia: SIP/2.0/UDP {Pbx}:5060;rport=5060;received={Pbx};branch=z9hG4bK-{_id}{branch}\r\n",
        isDialog, cseq, headers, body);

    private byte[] Message(string start, bool isDialog, string cseq, string headers, string body) => Encoding.ASCII.GetBytes(
        start
        + $"From: \"Service client\" <sip:+33199001234@{Pbx}>;tag=caller-{_id}\r\nTo: <sip:{_person}@{Carrier}>{(isDialog ? ";tag=callee-" + _id : "")}\r\n"
        + $"Call-ID: 5f0c2f8e-71ab-4c33-9d2e-{_id}@{Pbx}\r\nCSeq: {cseq}\r\n{headers}User-Agent: PBX 1.0\r\n"
        + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")
        + $"Content-Length: {body.Length}\r\n\r\n{body}");
}
