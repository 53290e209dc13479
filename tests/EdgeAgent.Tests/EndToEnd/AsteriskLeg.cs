using System.Globalization;

namespace EdgeAgent.Tests.EndToEnd;

/// <summary>A row of <c>legs.csv</c>: one trunk dialog of a real PBX as the wire shows it (tests/captures/README.md).</summary>
/// <param name="CallId">Call-ID of the dialog.</param>
/// <param name="Inbound">True for a call-back.</param>
/// <param name="Number">The company's side in E.164.</param>
/// <param name="AnsweredAt">First 200 to the INVITE, epoch seconds.</param>
/// <param name="ByeAt">First BYE, epoch seconds.</param>
/// <param name="Status">Final status on the wire; null where the carrier never answered.</param>
internal sealed record AsteriskLeg(
    string CallId, bool Inbound, string Number, double? AnsweredAt, double? ByeAt, int? Status)
{
    /// <summary>Only HEP shows this trunk; it is in no Ethernet capture.</summary>
    private const string TlsTrunk = "trunk-tls";

    /// <summary>The only number that calls over it.</summary>
    public const string TlsNumber = "+33353010006";

    /// <summary>200 to BYE in seconds, null without either.</summary>
    public double? TalkSeconds => ByeAt - AnsweredAt;

    /// <summary>Legs that a capture of the trunk interface holds; with those over TLS where HEP shows them.</summary>
    public static IReadOnlyList<AsteriskLeg> Read(string path, bool withTls = false) =>
        [.. Csv.Read(path).Where(row => withTls || row["trunk"] != TlsTrunk).Select(Parse)];

    /// <summary>Legs over TLS alone.</summary>
    public static IReadOnlyList<AsteriskLeg> ReadTls(string path) =>
        [.. Csv.Read(path).Where(row => row["trunk"] == TlsTrunk).Select(Parse)];

    private static AsteriskLeg Parse(IReadOnlyDictionary<string, string> row)
    {
        bool inbound = row["dir"] == "in";
        // The person's side of an inbound row is in cid_e164; the number is the company number that was called.
        string number = inbound ? E164(row["dest"]) : row["cid_e164"];
        string status = row["wire_final"];
        return new AsteriskLeg(
            row["callid"],
            inbound,
            number,
            Seconds(row["wire_200"]),
            Seconds(row["wire_bye"]),
            status.Length == 0 ? null : int.Parse(status, CultureInfo.InvariantCulture));
    }

    private static string E164(string dialled) => dialled[0] == '0' ? string.Concat("+33", dialled.AsSpan(1)) : dialled;

    private static double? Seconds(string text) =>
        text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
