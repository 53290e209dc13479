using System.Collections.Frozen;
using System.Text;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Words of the protocols, which stay as they are. What stands in none of these lists is replaced: a list of what is private could never
/// be complete.
/// </summary>
internal static class Vocabulary
{
    private static readonly FrozenSet<string> Schemes = Set("sip sips tel urn http https mailto im pres");

    /// <summary>Names by which a caller hides, and what the agent takes for none: buckets of their own (agent/DEFINITIONS.md §1).</summary>
    private static readonly FrozenSet<string> Nobody = Set("anonymous anonyme restricted unknown unavailable asterisk invalid localhost");

    private static readonly FrozenSet<string> Transports = Set("udp tcp tls sctp ws wss");

    private static readonly FrozenSet<string> Parameters = Set(
        "tag branch rport received maddr ttl lr transport user method q expires party screen privacy reason counter limit cause refresher "
        + "text id index purpose ob alias comp keep phone-context isub postd ext npi noa cpc oli verstat rn npdi cic isup-oli rc mp to from "
        + "early only gr gruu pub temp reg outbound sigcomp feature duration info alg ppt sos username realm nonce uri response algorithm "
        + "cnonce opaque qop nc stale auts charset boundary handling v url level");

    /// <summary>Parameters whose value is a small number of the protocol.</summary>
    private static readonly FrozenSet<string> Numeric = Set(
        "rport ttl q expires counter limit cause index cpc oli npi noa isup-oli phone-context duration reg");

    /// <summary>Parameters whose value is a word of the protocol.</summary>
    private static readonly FrozenSet<string> Tokens = Set(
        "transport user method party screen privacy reason refresher purpose verstat comp algorithm qop stale alg ppt handling text id");

    private static readonly FrozenSet<string> Values = Set(
        "udp tcp tls sctp ws wss phone ip yes no on off full name uri id none header session user critical history calling called uac uas "
        + "unconditional unavailable deflection follow me no-answer user-busy busy answer time of day do not disturb away true false md5 md5-sess "
        + "auth int es256 shaken div div-o passport tn validation passed failed default network block analytics1 v sigcomp");

    /// <summary>Words of headers that name features, formats, reasons and dates.</summary>
    private static readonly FrozenSet<string> Features = Set(
        "invite ack bye cancel register options update prack info refer notify subscribe message publish sip q 100rel timer replaces "
        + "norefersub path outbound gruu histinfo precondition from change tdialog join early media eventlist answermode resource priority "
        + "uui policy recipient list application sdp isup text plain html xml pidf dtmf relay multipart mixed alternative message sipfrag "
        + "summary simple waiting presence dialog conference call conf ua profile reg terminated active pending deactivated noresource "
        + "rejected giveup timeout probation reason cause v analytics1 refresher uac uas identity en fr de it es gzip deflate none header "
        + "session user critical id history render handling optional required x expires retry after network block version control xml");

    private static readonly FrozenSet<string> Phrases = Set(
        "trying ringing ok accepted session progress call is being forwarded queued early dialog terminated no notification multiple choices "
        + "moved permanently temporarily use proxy alternative service bad request unauthorized payment required forbidden not found method "
        + "allowed acceptable authentication timeout conflict gone length entity too large uri long unsupported media type scheme unknown "
        + "resource priority extension interval small brief location information id provided consent needed invalid identity header flow "
        + "failed anonymity disallowed first hop lacks outbound support max breadth exceeded temporarily unavailable leg transaction does "
        + "exist loop detected many hops address incomplete ambiguous busy here terminated event pending undecipherable security agreement "
        + "server internal error implemented gateway version message precondition failure everywhere decline declined anywhere unwanted "
        + "rejected network block canceled cancelled cancel hangup in the to by and expired answered elsewhere giving a try your request");

    private static readonly FrozenSet<string> Sdp = Set(
        "in ip4 ip6 audio video image text application message rtp avp savp savpf avpf udp tcp tls udptl t38 dtls udptl rtpmap fmtp ptime maxptime sendrecv sendonly "
        + "recvonly inactive pcma pcmu g729 g722 g726 g723 gsm ilbc opus speex amr wb telephone event cn l16 h264 h263 vp8 as ct tias rtcp mux fb "
        + "crypto aes cm 128 hmac sha1 32 80 inline fingerprint sha 256 setup actpass active passive candidate typ host srflx relay ice ufrag pwd lite "
        + "options trickle mid msid ssrc group bundle annexb yes no mode change");

    private static readonly FrozenSet<string> HeaderNames = Set(
        "via v from f to t call-id i contact m cseq max-forwards content-length l content-type c route record-route path service-route "
        + "p-asserted-identity p-preferred-identity remote-party-id privacy diversion history-info reason identity y identity-info "
        + "session-expires x min-se expires min-expires supported k require proxy-require unsupported allow allow-events u accept "
        + "accept-encoding accept-language accept-contact a reject-contact j request-disposition d content-encoding e content-disposition "
        + "mime-version user-agent server subject s organization event o subscription-state refer-to r referred-by b refer-sub replaces join "
        + "target-dialog in-reply-to reply-to rack rseq retry-after timestamp date warning alert-info call-info error-info priority "
        + "authorization proxy-authorization www-authenticate proxy-authenticate authentication-info p-access-network-info "
        + "p-charging-vector p-charging-function-addresses p-called-party-id p-visited-network-id p-associated-uri p-early-media "
        + "p-preferred-service p-asserted-service sip-etag sip-if-match flow-timer feature-caps geolocation user-to-user answer-mode "
        + "resource-priority security-client security-server security-verify p-rtp-stat p-charge-info x-asterisk-hangupcause");

    private static readonly FrozenSet<string> CountHeaders = Set(
        "cseq content-length l max-forwards expires min-expires min-se session-expires x rseq rack retry-after timestamp mime-version");

    private static readonly FrozenSet<string> FeatureHeaders = Set(
        "supported k require proxy-require unsupported allow allow-events u accept accept-encoding accept-language content-type c "
        + "content-encoding e content-disposition privacy event o subscription-state reason p-early-media");

    private static readonly FrozenSet<string> AddressHeaders = Set(
        "via v from f to t contact m route record-route path service-route p-asserted-identity p-preferred-identity remote-party-id "
        + "diversion history-info refer-to r referred-by b reply-to p-called-party-id p-associated-uri");

    private static readonly FrozenSet<string> IdentityHeaders = Set("identity y");

    /// <summary>Names inside PASSporTs (RFC 8225 §5, RFC 8588 §4, RFC 8946 §3).</summary>
    private static readonly FrozenSet<string> ClaimNames = Set("attest dest div hi iat orig origid tn uri opt alg ppt typ x5u");

    /// <summary>Where words stand decides which of them are the protocol's.</summary>
    public static HeaderForm FormOf(ReadOnlySpan<byte> name) =>
        Has(CountHeaders, name) ? HeaderForm.Counts
        : Has(IdentityHeaders, name) ? HeaderForm.Identity
        : Has(FeatureHeaders, name) ? HeaderForm.Features
        : Has(AddressHeaders, name) ? HeaderForm.Addresses
        : Has(HeaderNames, name) ? HeaderForm.Opaque
        : HeaderForm.Unknown;

    public static bool IsScheme(ReadOnlySpan<byte> word) => Has(Schemes, word);

    public static bool IsNobody(ReadOnlySpan<byte> word) => Has(Nobody, word);

    public static bool IsTransport(ReadOnlySpan<byte> word) => Has(Transports, word);

    public static bool IsParameter(ReadOnlySpan<byte> word) => Has(Parameters, word);

    public static bool HasNumber(ReadOnlySpan<byte> parameter) => Has(Numeric, parameter);

    public static bool HasToken(ReadOnlySpan<byte> parameter) => Has(Tokens, parameter);

    public static bool IsValue(ReadOnlySpan<byte> word) => Has(Values, word);

    public static bool IsClaim(ReadOnlySpan<byte> name) => Has(ClaimNames, name);

    public static bool IsFeature(ReadOnlySpan<byte> word) => Has(Features, word);

    public static bool IsPhrase(ReadOnlySpan<byte> word) => Has(Phrases, word);

    public static bool IsSdp(ReadOnlySpan<byte> word) => Has(Sdp, word);

    private static FrozenSet<string> Set(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<byte> word)
    {
        const int longest = 32;
        Span<char> text = stackalloc char[longest];
        return word.Length <= longest
            && Ascii.ToUtf16(word, text, out int length) == System.Buffers.OperationStatus.Done
            && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[..length]);
    }
}

/// <summary>How a header's value is read.</summary>
internal enum HeaderForm
{
    /// <summary>Not in the registers: even its name may tell whose it is.</summary>
    Unknown = 0,
    /// <summary>Known, but nothing of its value is needed.</summary>
    Opaque,
    /// <summary>Numbers of the protocol.</summary>
    Counts,
    /// <summary>Words of the protocol.</summary>
    Features,
    /// <summary>Names, URIs, hosts, parameters.</summary>
    Addresses,
    /// <summary>Signed tokens.</summary>
    Identity,
}
