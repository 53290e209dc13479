using System.Text;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Messages the tests start from; numbers are of the block kept for fiction.</summary>
internal static class SipSamples
{
    public const string Invite =
        "INVITE sip:+33199000001@carrier.test:5060 SIP/2.0\r\n"
        + "Via: SIP/2.0/UDP 192.0.2.16:5060;rport;branch=z9hG4bK-1a2b\r\n"
        + "Max-Forwards: 70\r\n"
        + "From: \"Service client\" <sip:+33199000002@pbx.test>;tag=6ec9d286\r\n"
        + "To: <sip:+33199000001@carrier.test>\r\n"
        + "Call-ID: 0741c7a8-7ce4@pbx.test\r\n"
        + "CSeq: 12570 INVITE\r\n"
        + "Supported: 100rel, timer\r\n"
        + "Session-Expires: 1800;refresher=uac\r\n"
        + "P-Asserted-Identity: <sip:+33199000002@pbx.test>\r\n"
        + "P-Asserted-Identity: <tel:+33199000002>\r\n"
        + "P-Preferred-Identity: <sip:+33199000003@pbx.test>\r\n"
        + "Remote-Party-ID: <sip:+33199000002@pbx.test>;party=calling;screen=yes;privacy=off\r\n"
        + "Privacy: id\r\n"
        + "Diversion: <sip:+33199000004@pbx.test>;reason=unconditional\r\n"
        + "Identity: eyJhbGciOiJFUzI1NiJ9..c2ln;info=<https://cert.test/a.pem>;alg=ES256\r\n"
        + "User-Agent: sample\r\n"
        + "Content-Type: application/sdp\r\n"
        + "Content-Length: 5\r\n"
        + "\r\n"
        + "v=0\r\n";

    public const string Busy =
        "SIP/2.0 486 Busy Here\r\n"
        + "Via: SIP/2.0/UDP 192.0.2.16:5060;branch=z9hG4bK-1a2b\r\n"
        + "From: <sip:+33199000002@pbx.test>;tag=6ec9d286\r\n"
        + "To: <sip:+33199000001@carrier.test>;tag=77\r\n"
        + "Call-ID: 0741c7a8-7ce4@pbx.test\r\n"
        + "CSeq: 12570 INVITE\r\n"
        + "Reason: Q.850;cause=17\r\n"
        + "Content-Length: 0\r\n"
        + "\r\n";

    public const string Bye =
        "BYE sip:+33199000002@192.0.2.16 SIP/2.0\r\n"
        + "v: SIP/2.0/TCP 192.0.2.17;branch=z9hG4bK-9\r\n"
        + "f: <sip:+33199000001@carrier.test>;tag=77\r\n"
        + "t: <sip:+33199000002@pbx.test>;tag=6ec9d286\r\n"
        + "i: 0741c7a8-7ce4@pbx.test\r\n"
        + "CSeq: 2 BYE\r\n"
        + "l: 0\r\n"
        + "\r\n";

    /// <summary>Every sample.</summary>
    public static string[] All => [Invite, Busy, Bye];

    /// <summary>Octets, one per character.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>One character per octet.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The smallest INVITE with one header line put in place of the one of that name, or added.</summary>
    public static byte[] InviteWith(string headerLine) => Bytes(
        "INVITE sip:b@h SIP/2.0\r\n" + headerLine + "\r\n"
        + "Via: SIP/2.0/UDP h;branch=z9hG4bK0\r\nFrom: <sip:a@h>;tag=a\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n"
        + "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
}
