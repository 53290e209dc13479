using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>One value of Reason (RFC 3326): why a request was sent or a call ended.</summary>
public readonly ref struct ReasonHeader
{
    private const int MaxCause = 999;

    private ReasonHeader(ReadOnlySpan<byte> protocol, int cause, ReadOnlySpan<byte> text)
    {
        Protocol = protocol;
        Cause = cause;
        Text = text;
    }

    /// <summary>Whose cause it is, such as <c>SIP</c> or <c>Q.850</c>; compare without regard to case.</summary>
    public ReadOnlySpan<byte> Protocol { get; }

    /// <summary>Cause of that protocol, 0 to 999; -1 when absent or unreadable.</summary>
    public int Cause { get; }

    /// <summary>Text without quotation marks, escapes kept; empty when absent.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The callee's network refused the number on the strength of call analytics (ATIS-1000099: cause 603+).</summary>
    public bool IsNetworkBlock =>
        Cause == 603
        && Ascii.EqualsIgnoreCase(Protocol, "SIP"u8)
        && Text.Length >= AnalyticsMark.Length
        && Ascii.EqualsIgnoreCase(Text[..AnalyticsMark.Length], AnalyticsMark);

    private static ReadOnlySpan<byte> AnalyticsMark => "v=analytics1"u8;

    /// <summary>Whether any value of the list is a network block, see <see cref="IsNetworkBlock"/>.</summary>
    public static bool HasNetworkBlock(ReadOnlySpan<byte> value)
    {
        while (TryReadNext(ref value, out ReasonHeader reason))
        {
            if (reason.IsNetworkBlock)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the first value off a comma list; values without a protocol are left out.</summary>
    /// <param name="rest">The header value; on return, what has not been read.</param>
    /// <param name="reason">The value.</param>
    public static bool TryReadNext(scoped ref ReadOnlySpan<byte> rest, out ReasonHeader reason)
    {
        while (CommaList.TryReadNext(ref rest, out ReadOnlySpan<byte> value))
        {
            if (TryParse(value, out reason))
            {
                return true;
            }
        }

        reason = default;
        return false;
    }

    /// <summary>Reads one value.</summary>
    /// <returns>False without a protocol.</returns>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReasonHeader reason)
    {
        int semicolon = value.IndexOf((byte)';');
        ReadOnlySpan<byte> protocol = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        SipParameters parameters = new(semicolon < 0 ? default : value[semicolon..]);
        bool hasCause = parameters.TryGet("cause"u8, out ReadOnlySpan<byte> digits);
        _ = parameters.TryGet("text"u8, out ReadOnlySpan<byte> text);
        int cause = hasCause && SipText.TryReadNumber(digits, MaxCause, out long number) && number <= MaxCause
            ? (int)number
            : -1;
        reason = new ReasonHeader(protocol, cause, text);
        return !protocol.IsEmpty;
    }
}
