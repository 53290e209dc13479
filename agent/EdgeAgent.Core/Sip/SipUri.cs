using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>Scheme of a URI, as far as it can carry a telephone number.</summary>
public enum SipUriScheme
{
    /// <summary>Any other scheme; neither user nor host is read.</summary>
    Other = 0,

    /// <summary>sip (RFC 3261 §19.1).</summary>
    Sip,

    /// <summary>sips (RFC 3261 §19.1).</summary>
    Sips,

    /// <summary>tel (RFC 3966).</summary>
    Tel,
}

/// <summary>
/// A sip:, sips: or tel: URI, a view on its bytes. Nothing is decoded: see <see cref="PercentEncoding"/> for the user part.
/// </summary>
public readonly ref struct SipUri
{
    /// <summary>Scheme, compared without regard to case.</summary>
    public SipUriScheme Scheme { get; private init; }

    /// <summary>
    /// User part up to the password, with its own parameters; for tel: the number. Empty when the URI has none.
    /// </summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>
    /// What identifies the line: <see cref="User"/> up to its first semicolon, visual separators (RFC 3966 §5.1.1) kept.
    /// </summary>
    public ReadOnlySpan<byte> UserNumber
    {
        get
        {
            int semicolon = User.IndexOf((byte)';');
            return semicolon < 0 ? User : User[..semicolon];
        }
    }

    /// <summary>Host as written, an IPv6 address with its brackets; empty in a tel: URI.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>1 to 65,535; 0 when absent or not a port.</summary>
    public int Port { get; private init; }

    /// <summary>URI parameters.</summary>
    public SipParameters Parameters { get; private init; }

    /// <summary>Whether text begins with a scheme and a colon (RFC 3986 §3.1).</summary>
    internal static bool HasScheme(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        return colon > 0 && char.IsAsciiLetter((char)text[0]) && IsSchemeTail(text[1..colon]);
    }

    /// <summary>Reads a URI. A port that is none is dropped and the user kept: the call happened.</summary>
    /// <returns>False without a scheme, without a host, or for a tel: URI without any digit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        if (!HasScheme(text))
        {
            return false;
        }

        int colon = text.IndexOf((byte)':');
        ReadOnlySpan<byte> rest = text[(colon + 1)..];
        switch (ClassifyScheme(text[..colon]))
        {
            case SipUriScheme.Tel:
                return TryParseTel(rest, out uri);
            case SipUriScheme.Sip:
                return TryParseSip(rest, SipUriScheme.Sip, out uri);
            case SipUriScheme.Sips:
                return TryParseSip(rest, SipUriScheme.Sips, out uri);
            default:
                return !rest.IsEmpty;
        }
    }

    private static SipUriScheme ClassifyScheme(ReadOnlySpan<byte> scheme) => scheme.Length switch
    {
        3 when Ascii.EqualsIgnoreCase(scheme, "sip"u8) => SipUriScheme.Sip,
        3 when Ascii.EqualsIgnoreCase(scheme, "tel"u8) => SipUriScheme.Tel,
        4 when Ascii.EqualsIgnoreCase(scheme, "sips"u8) => SipUriScheme.Sips,
        _ => SipUriScheme.Other,
    };

    private static bool IsSchemeTail(ReadOnlySpan<byte> tail)
    {
        foreach (byte character in tail)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'+' or (byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParseTel(ReadOnlySpan<byte> rest, out SipUri uri)
    {
        uri = default;
        int end = rest.IndexOfAny((byte)';', (byte)'?', (byte)'@');
        ReadOnlySpan<byte> number = end < 0 ? rest : rest[..end];
        if (!number.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        ReadOnlySpan<byte> parameters = end < 0 ? default : rest[end..];
        uri = new SipUri { Scheme = SipUriScheme.Tel, User = number, Parameters = new SipParameters(parameters) };
        return true;
    }

    private static bool TryParseSip(ReadOnlySpan<byte> rest, SipUriScheme scheme, out SipUri uri)
    {
        // The user part may hold ';' and '?' itself, the parameters no unescaped '@' (RFC 3261 §25.1): so first the '@'.
        int at = rest.IndexOf((byte)'@');
        ReadOnlySpan<byte> user = at < 0 ? default : rest[..at];
        int password = user.IndexOf((byte)':');
        ReadOnlySpan<byte> place = rest[(at + 1)..];
        int hostEnd = EndOfHost(place);
        int placeEnd = place[hostEnd..].IndexOfAny((byte)';', (byte)'?');
        placeEnd = placeEnd < 0 ? place.Length : hostEnd + placeEnd;
        int headers = place[placeEnd..].IndexOf((byte)'?');
        uri = new SipUri
        {
            Scheme = scheme,
            User = password < 0 ? user : user[..password],
            Host = place[..hostEnd],
            Port = ReadPort(place[hostEnd..placeEnd]),
            Parameters = new SipParameters(headers < 0 ? place[placeEnd..] : place[placeEnd..(placeEnd + headers)]),
        };
        return hostEnd > 0 && !SipText.IsWhiteSpace(place[0]);
    }

    private static int EndOfHost(ReadOnlySpan<byte> place)
    {
        if (place.Length > 0 && place[0] == (byte)'[')
        {
            int close = place.IndexOf((byte)']');
            return close < 0 ? place.Length : close + 1;
        }

        int end = place.IndexOfAny((byte)':', (byte)';', (byte)'?');
        return end < 0 ? place.Length : end;
    }

    private static int ReadPort(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != (byte)':')
        {
            return 0;
        }

        return SipText.TryReadNumber(text[1..], ushort.MaxValue, out long port) && port <= ushort.MaxValue ? (int)port : 0;
    }
}
