namespace EdgeAgent.Core.Sip;

/// <summary>
/// The parts of one SIP message the agent needs, as views on its bytes (RFC 3261 §7). Nothing is copied or allocated; header
/// values keep their folding (RFC 3261 §7.3.1) and are empty where the header is absent. Of a header that may not repeat
/// the first one counts.
/// </summary>
public readonly ref struct SipMessage
{
    /// <summary>True for a request, false for a response.</summary>
    public bool IsRequest { get; init; }

    /// <summary>Method of the request line; for a response the method of CSeq.</summary>
    public SipMethod Method { get; init; }

    /// <summary>Request-URI as written; empty in a response.</summary>
    public ReadOnlySpan<byte> RequestUri { get; init; }

    /// <summary>100 to 699 in a response, 0 in a request.</summary>
    public int StatusCode { get; init; }

    /// <summary>Reason phrase of the status line, may be empty.</summary>
    public ReadOnlySpan<byte> ReasonPhrase { get; init; }

    /// <summary>Call-ID, never empty.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary>CSeq number, 0 to 2^31-1.</summary>
    public uint CSeq { get; init; }

    /// <summary>Whole value of From.</summary>
    public ReadOnlySpan<byte> From { get; init; }

    /// <summary>Tag parameter of From, empty when absent.</summary>
    public ReadOnlySpan<byte> FromTag { get; init; }

    /// <summary>Whole value of To.</summary>
    public ReadOnlySpan<byte> To { get; init; }

    /// <summary>Tag parameter of To, empty when absent.</summary>
    public ReadOnlySpan<byte> ToTag { get; init; }

    /// <summary>Branch parameter of the topmost Via, empty when absent (RFC 2543 peers).</summary>
    public ReadOnlySpan<byte> ViaBranch { get; init; }

    /// <summary>First P-Asserted-Identity header (RFC 3325); may hold a comma list of two.</summary>
    public ReadOnlySpan<byte> PAssertedIdentity { get; init; }

    /// <summary>Second P-Asserted-Identity header line, where a sip: and a tel: value stand on lines of their own.</summary>
    public ReadOnlySpan<byte> PAssertedIdentity2 { get; init; }

    /// <summary>First P-Preferred-Identity header (RFC 3325).</summary>
    public ReadOnlySpan<byte> PPreferredIdentity { get; init; }

    /// <summary>First Remote-Party-ID header (draft-ietf-sip-privacy-04).</summary>
    public ReadOnlySpan<byte> RemotePartyId { get; init; }

    /// <summary>First Privacy header (RFC 3323).</summary>
    public ReadOnlySpan<byte> Privacy { get; init; }

    /// <summary>First Diversion header (RFC 5806).</summary>
    public ReadOnlySpan<byte> Diversion { get; init; }

    /// <summary>Session-Expires or its compact form x (RFC 4028).</summary>
    public ReadOnlySpan<byte> SessionExpires { get; init; }

    /// <summary>First Reason header (RFC 3326).</summary>
    public ReadOnlySpan<byte> Reason { get; init; }

    /// <summary>First Identity header or its compact form y (RFC 8224).</summary>
    public ReadOnlySpan<byte> Identity { get; init; }

    /// <summary>Header lines behind it up to the end of the last Identity header; empty when there is only one.</summary>
    public ReadOnlySpan<byte> FurtherIdentities { get; init; }

    /// <summary>The values of all of them.</summary>
    public IdentityValues Identities => new(Identity, FurtherIdentities);

    /// <summary>Last History-Info header line (RFC 7044): it ends with where the call goes now.</summary>
    public ReadOnlySpan<byte> HistoryInfo { get; init; }

    /// <summary>The History-Info line before it.</summary>
    public ReadOnlySpan<byte> HistoryInfoBefore { get; init; }

    /// <summary>First Refer-To header or its compact form r (RFC 3515).</summary>
    public ReadOnlySpan<byte> ReferTo { get; init; }

    /// <summary>First Referred-By header or its compact form b (RFC 3892).</summary>
    public ReadOnlySpan<byte> ReferredBy { get; init; }

    /// <summary>First Replaces header (RFC 3891).</summary>
    public ReadOnlySpan<byte> Replaces { get; init; }

    /// <summary>Content-Length, or -1 when absent or unreadable (only a stream needs it).</summary>
    public int ContentLength { get; init; }
}
