using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeAgent.Core.Sip;

/// <summary>The character classes of RFC 3261 §25.1 that the parsers share.</summary>
internal static class SipText
{
    /// <summary>Characters of a token: methods, header names, parameter names.</summary>
    private static readonly SearchValues<byte> Token = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    /// <summary>SP, HTAB, CR or LF. Asked several times per header, and too long for the compiler to inline unasked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhiteSpace(byte value) =>
        value <= ' ' && ((1UL << value) & ((1UL << ' ') | (1UL << '\t') | (1UL << '\r') | (1UL << '\n'))) != 0;

    /// <summary>At least one character, and token characters only.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    /// <summary>Takes white space and folding off both ends; one or two bytes as a rule, so a plain loop.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>
    /// Index after the quoted string that begins <paramref name="text"/>, or -1 when it never ends. A backslash takes the
    /// next character with it (RFC 3261 §25.1, quoted-pair).
    /// </summary>
    public static int EndOfQuoted(ReadOnlySpan<byte> text)
    {
        int position = 1;
        while (position < text.Length)
        {
            int found = text[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return -1;
            }

            position += found;
            if (text[position] == (byte)'"')
            {
                return position + 1;
            }

            position += 2;
        }

        return -1;
    }

    /// <summary>Index of a character that stands outside quoted strings, or -1.</summary>
    public static int IndexOutsideQuotes(ReadOnlySpan<byte> text, byte wanted)
    {
        int position = 0;
        while (true)
        {
            int found = text[position..].IndexOfAny(wanted, (byte)'"');
            if (found < 0)
            {
                return -1;
            }

            position += found;
            if (text[position] == wanted)
            {
                return position;
            }

            int length = EndOfQuoted(text[position..]);
            if (length < 0)
            {
                return -1;
            }

            position += length;
        }
    }

    /// <summary>Takes the quotation marks off a quoted string; escapes stay as they are.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && text[0] == (byte)'"' && text[^1] == (byte)'"' ? text[1..^1] : text;

    /// <summary>Reads decimal digits and nothing else; leading zeros are allowed.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="maximum">Past it the value stays at <paramref name="maximum"/> + 1, however long the number is.</param>
    /// <param name="value">0 to <paramref name="maximum"/> + 1.</param>
    /// <returns>False when empty or when another character occurs.</returns>
    public static bool TryReadNumber(ReadOnlySpan<byte> text, long maximum, out long value)
    {
        value = 0;
        foreach (byte character in text)
        {
            uint digit = (uint)character - '0';
            if (digit > 9)
            {
                return false;
            }

            value = Math.Min((value * 10) + digit, maximum + 1);
        }

        return !text.IsEmpty;
    }
}
