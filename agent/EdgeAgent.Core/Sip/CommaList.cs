namespace EdgeAgent.Core.Sip;

/// <summary>Header values that stand in one line with commas between them (RFC 3261 §7.3.1).</summary>
internal static class CommaList
{
    /// <summary>Takes the first value off the front; commas inside quotation marks and angle brackets separate nothing.</summary>
    /// <param name="rest">Values not yet read; on return, those after the comma.</param>
    /// <param name="value">The value, trimmed; may be empty between two commas.</param>
    /// <returns>False when nothing is left.</returns>
    public static bool TryReadNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        int comma = IndexOfComma(rest);
        value = SipText.Trim(comma < 0 ? rest : rest[..comma]);
        rest = comma < 0 ? default : rest[(comma + 1)..];
        return true;
    }

    /// <summary>Index of the first separating comma, or -1: an unfinished quotation or bracket swallows the rest.</summary>
    public static int IndexOfComma(ReadOnlySpan<byte> text)
    {
        int position = 0;
        while (true)
        {
            int found = text[position..].IndexOfAny((byte)',', (byte)'"', (byte)'<');
            if (found < 0)
            {
                return -1;
            }

            position += found;
            if (text[position] == (byte)',')
            {
                return position;
            }

            int length = text[position] == (byte)'"'
                ? SipText.EndOfQuoted(text[position..])
                : text[position..].IndexOf((byte)'>') + 1;
            if (length <= 0)
            {
                return -1;
            }

            position += length;
        }
    }
}
