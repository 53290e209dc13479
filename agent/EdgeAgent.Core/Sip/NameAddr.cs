namespace EdgeAgent.Core.Sip;

/// <summary>
/// One <c>name-addr</c> or <c>addr-spec</c> with its header parameters: the value of From, To, Contact and of each entry of an
/// identity header (RFC 3261 §20.10, §25.1). A view on the header value.
/// </summary>
public readonly ref struct NameAddr
{
    private NameAddr(ReadOnlySpan<byte> displayName, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> parameters)
    {
        DisplayName = SipText.Unquote(SipText.Trim(displayName));
        Uri = SipText.Trim(uri);
        Parameters = new SipParameters(parameters);
    }

    /// <summary>Display name without its quotation marks, escapes kept; empty when absent. A person's: never store it.</summary>
    public ReadOnlySpan<byte> DisplayName { get; }

    /// <summary>The URI as written, never empty.</summary>
    public ReadOnlySpan<byte> Uri { get; }

    /// <summary>Header parameters such as <c>tag</c>; parameters inside angle brackets belong to the URI.</summary>
    public SipParameters Parameters { get; }

    /// <summary>Finds a header parameter, see <see cref="SipParameters.TryGet"/>.</summary>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) =>
        Parameters.TryGet(name, out value);

    /// <summary>
    /// Reads one value. Forgiven: a closing bracket that is missing, commas and quotation marks in an unquoted display name.
    /// </summary>
    /// <returns>False when a quoted string never ends, or when there is neither a bracket nor a scheme.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddr address)
    {
        address = default;
        text = SipText.Trim(text);
        if (!TryFindBracket(text, out int bracket))
        {
            return false;
        }

        address = bracket < 0 ? ParseAddrSpec(text) : ParseNameAddr(text, bracket);
        return !address.Uri.IsEmpty;
    }

    /// <summary>
    /// Reads only the tag of From or To: the same as <see cref="TryParse"/> and a look for <c>tag</c>, without building the
    /// address where the tag is the only parameter. Every message needs this twice.
    /// </summary>
    /// <param name="text">Header value, trimmed.</param>
    /// <param name="tag">The tag, empty when absent.</param>
    /// <returns>False when the value cannot be read.</returns>
    internal static bool TryReadTag(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> tag)
    {
        tag = default;
        if (!TryFindBracket(text, out int bracket))
        {
            return false;
        }

        int close = bracket < 0 ? -1 : text[bracket..].IndexOf((byte)'>');
        if (close > 1 && !SipText.IsWhiteSpace(text[bracket + 1])) // blanks alone are no URI
        {
            ReadOnlySpan<byte> rest = text[(bracket + close + 1)..];
            if (rest.IsEmpty)
            {
                return true;
            }

            if (rest.StartsWith(";tag="u8) && !rest[5..].ContainsAny((byte)';', (byte)'"'))
            {
                tag = SipText.Trim(rest[5..]);
                return true;
            }
        }

        bool isReadable = TryParse(text, out NameAddr address);
        _ = address.TryGetParameter("tag"u8, out tag);
        return isReadable;
    }

    private static NameAddr ParseNameAddr(ReadOnlySpan<byte> text, int bracket)
    {
        ReadOnlySpan<byte> inside = text[(bracket + 1)..];
        int close = inside.IndexOf((byte)'>');
        return close < 0
            ? new NameAddr(text[..bracket], inside, default)
            : new NameAddr(text[..bracket], inside[..close], inside[(close + 1)..]);
    }

    /// <summary>Without brackets everything from the first semicolon on is of the header (RFC 3261 §20.10).</summary>
    private static NameAddr ParseAddrSpec(ReadOnlySpan<byte> text)
    {
        int semicolon = text.IndexOf((byte)';');
        ReadOnlySpan<byte> uri = semicolon < 0 ? text : text[..semicolon];
        return SipUri.HasScheme(uri)
            ? new NameAddr(default, uri, semicolon < 0 ? default : text[semicolon..])
            : default;
    }

    /// <summary>Finds the bracket that opens the URI, -1 for the form without one; quoted display names are stepped over.</summary>
    private static bool TryFindBracket(ReadOnlySpan<byte> text, out int bracket)
    {
        bracket = 0;
        if (text.IsEmpty || text[0] == (byte)'<')
        {
            return !text.IsEmpty;
        }

        int found = text.IndexOfAny((byte)'<', (byte)'"', (byte)';');
        bracket = found;
        if (found < 0 || text[found] == (byte)'<')
        {
            return true;
        }

        if (text[found] == (byte)';')
        {
            // Behind a URI: its header parameters, whose brackets and quotation marks open no address.
            bracket = SipUri.HasScheme(text[..found]) ? -1 : text.IndexOf((byte)'<');
            return true;
        }

        int length = SipText.EndOfQuoted(text[found..]);
        if (length < 0 && found == 0)
        {
            return false;
        }

        int after = length < 0 ? found : found + length;
        int offset = text[after..].IndexOf((byte)'<');
        bracket = offset < 0 ? -1 : after + offset;
        return true;
    }
}
