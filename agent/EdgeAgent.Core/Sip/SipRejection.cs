namespace EdgeAgent.Core.Sip;

/// <summary>Why bytes were refused as a SIP message. Each cause is counted and shown under its camelCase name.</summary>
public enum SipRejection
{
    /// <summary>Not refused.</summary>
    None = 0,
    /// <summary>The first line is neither a request line nor a status line of SIP/2.0 (keep-alives are not counted here).</summary>
    NotSip,
    /// <summary>A header line has no colon or begins with one, or is the start line of another message.</summary>
    MalformedHeader,
    /// <summary>Call-ID is missing or empty (RFC 3261 §8.1.1.4).</summary>
    NoCallId,
    /// <summary>CSeq is missing, not a number below 2^31, or without a method (RFC 3261 §8.1.1.5).</summary>
    BadCSeq,
    /// <summary>CSeq names another method than the request line.</summary>
    CSeqMethodMismatch,
    /// <summary>From is missing or unreadable.</summary>
    NoFrom,
    /// <summary>To is missing or unreadable.</summary>
    NoTo,
    /// <summary>Start line and headers exceed <see cref="SipLimits.MaxHeadBytes"/>.</summary>
    HeadTooLarge,
    /// <summary>Content-Length exceeds <see cref="SipLimits.MaxBodyBytes"/>.</summary>
    BodyTooLarge,
    /// <summary>Content-Length is not a number, or given twice with different values.</summary>
    BadContentLength,
    /// <summary>The bytes end inside the message (snap length, end of stream).</summary>
    Truncated,
    /// <summary>More header lines than <see cref="SipLimits.MaxHeaderLines"/>.</summary>
    TooManyHeaders,
    /// <summary>A WebSocket frame that no sender may send, or not here (RFC 6455 §5.2, §5.4), or one of an extension that was not agreed on.</summary>
    BadWebSocketFrame,
    /// <summary>A compressed WebSocket message that cannot be inflated, or refers to one that was not captured (RFC 7692 §7.2.2).</summary>
    BadWebSocketCompression,
    /// <summary>A compressed WebSocket message that grows past head and body together.</summary>
    InflatedTooLarge,
}
