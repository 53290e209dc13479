using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Headers the agent reads; everything else is stepped over.</summary>
internal enum SipHeaderKind
{
    Other = 0,
    CallId,
    CSeq,
    From,
    To,
    Via,
    ContentLength,
    PAssertedIdentity,
    PPreferredIdentity,
    RemotePartyId,
    Privacy,
    Diversion,
    SessionExpires,
    Reason,
    Identity,
    HistoryInfo,
    ReferTo,
    ReferredBy,
    Replaces,
}

/// <summary>Header names, compared without regard to case (RFC 3261 §7.3.1), and their compact forms (§7.3.3).</summary>
internal static class SipHeaderName
{
    /// <summary>Tells the header by length first, so that most foreign names cost one comparison.</summary>
    public static SipHeaderKind Classify(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => ClassifyCompact(name[0]),
        2 => Is(name, "To"u8, SipHeaderKind.To),
        3 => Is(name, "Via"u8, SipHeaderKind.Via),
        4 => (name[0] | 0x20) == 'f' ? Is(name, "From"u8, SipHeaderKind.From) : Is(name, "CSeq"u8, SipHeaderKind.CSeq),
        6 => Is(name, "Reason"u8, SipHeaderKind.Reason),
        7 => (name[0] | 0x20) == 'c'
            ? Is(name, "Call-ID"u8, SipHeaderKind.CallId)
            : Is(name, "Privacy"u8, SipHeaderKind.Privacy),
        8 => (name[0] | 0x20) == 'i'
            ? Is(name, "Identity"u8, SipHeaderKind.Identity)
            : name[5] == (byte)'-' ? Is(name, "Refer-To"u8, SipHeaderKind.ReferTo) : Is(name, "Replaces"u8, SipHeaderKind.Replaces),
        9 => Is(name, "Diversion"u8, SipHeaderKind.Diversion),
        11 => Is(name, "Referred-By"u8, SipHeaderKind.ReferredBy),
        12 => Is(name, "History-Info"u8, SipHeaderKind.HistoryInfo),
        14 => Is(name, "Content-Length"u8, SipHeaderKind.ContentLength),
        15 => (name[0] | 0x20) == 's'
            ? Is(name, "Session-Expires"u8, SipHeaderKind.SessionExpires)
            : Is(name, "Remote-Party-ID"u8, SipHeaderKind.RemotePartyId),
        19 => Is(name, "P-Asserted-Identity"u8, SipHeaderKind.PAssertedIdentity),
        20 => Is(name, "P-Preferred-Identity"u8, SipHeaderKind.PPreferredIdentity),
        _ => SipHeaderKind.Other,
    };

    /// <summary>Whether a header is Content-Length, the only one a framer needs.</summary>
    public static bool IsContentLength(ReadOnlySpan<byte> name) =>
        name.Length is 1 or 14 && Classify(name) == SipHeaderKind.ContentLength;

    private static SipHeaderKind ClassifyCompact(byte letter) => (letter | 0x20) switch
    {
        'i' => SipHeaderKind.CallId,
        'f' => SipHeaderKind.From,
        't' => SipHeaderKind.To,
        'v' => SipHeaderKind.Via,
        'l' => SipHeaderKind.ContentLength,
        'x' => SipHeaderKind.SessionExpires,
        'y' => SipHeaderKind.Identity,
        'r' => SipHeaderKind.ReferTo,
        'b' => SipHeaderKind.ReferredBy,
        _ => SipHeaderKind.Other,
    };

    /// <summary>The spelling of the RFCs is what is sent; another one is worth a slow comparison only if its end fits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SipHeaderKind Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected, SipHeaderKind kind)
    {
        if (name.SequenceEqual(expected))
        {
            return kind;
        }

        bool isLikely = (name[^1] | 0x20) == (expected[^1] | 0x20);
        return isLikely && Ascii.EqualsIgnoreCase(name, expected) ? kind : SipHeaderKind.Other;
    }
}
