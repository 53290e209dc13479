using System.Text;

namespace EdgeAgent.Core.Sip;

/// <summary>
/// The <c>;name=value</c> list behind a header value or inside a URI (RFC 3261 §7.3.1, §19.1.1), read one by one from a view.
/// </summary>
/// <param name="text">The list from its first semicolon on; text before that semicolon is not looked at.</param>
public readonly ref struct SipParameters(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>No parameter at all.</summary>
    public bool IsEmpty => _text.IsEmpty;

    /// <summary>Finds the first parameter of a name.</summary>
    /// <param name="name">Name, compared without regard to case.</param>
    /// <param name="value">Value without quotation marks, escapes kept; empty for a parameter without a value.</param>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = _text;
        while (TryReadNext(ref rest, out ReadOnlySpan<byte> candidate, out value))
        {
            if (candidate.Length == name.Length && Ascii.EqualsIgnoreCase(candidate, name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Takes the first parameter off the front of a list.</summary>
    private static bool TryReadNext(
        scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        int start = rest.IndexOf((byte)';');
        if (start < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = rest[(start + 1)..];
        int end = SipText.IndexOutsideQuotes(tail, (byte)';');
        end = end < 0 ? tail.Length : end;
        rest = tail[end..];
        ReadOnlySpan<byte> parameter = tail[..end];
        int equals = parameter.IndexOf((byte)'=');
        if (equals < 0)
        {
            name = SipText.Trim(parameter);
            return true;
        }

        name = SipText.Trim(parameter[..equals]);
        value = SipText.Unquote(SipText.Trim(parameter[(equals + 1)..]));
        return true;
    }
}
