using System.Buffers.Text;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Anonymise;

/// <summary>Looks around in a header value.</summary>
internal static class ValueScan
{
    /// <summary>Digits of the longest port.</summary>
    public const int MaxPortDigits = 5;

    /// <summary>The byte before a place; a blank before the beginning.</summary>
    public static byte Before(ReadOnlySpan<byte> text, int index) => index > 0 ? text[index - 1] : (byte)' ';

    /// <summary>The byte at a place; a blank behind the end.</summary>
    public static byte After(ReadOnlySpan<byte> text, int end) => end < text.Length ? text[end] : (byte)' ';

    /// <summary>Where the word that begins at a place ends.</summary>
    public static int EndOfWord(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && WordMask.IsWord(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>Where the words joined by hyphens that begin at a place end.</summary>
    public static int EndOfToken(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && (WordMask.IsWord(text[end]) || text[end] == (byte)'-'))
        {
            end++;
        }

        return end;
    }

    /// <summary>Digits and nothing else, and not too many.</summary>
    public static bool IsDigits(ReadOnlySpan<byte> word, int most) =>
        word.Length <= most && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Where a parameter's name stands.</summary>
    public static bool IsNamePlace(ReadOnlySpan<byte> text, int index)
    {
        while (index > 0 && SipText.IsWhiteSpace(text[index - 1]))
        {
            index--;
        }

        return index > 0 && text[index - 1] is (byte)';' or (byte)'?' or (byte)'&';
    }

    /// <summary>Digits after the colon behind a host; behind a scheme they are a number, before an @ a password.</summary>
    public static bool IsPort(ReadOnlySpan<byte> text, int start, int end, int schemeEnd) =>
        Before(text, start) == (byte)':' && schemeEnd != start - 1 && start > 1
        && (WordMask.IsWord(text[start - 2]) || text[start - 2] == (byte)']')
        && After(text, end) != (byte)'@' && IsDigits(text[start..end], MaxPortDigits);

    /// <summary>The character at a place, an escape being one (RFC 3986 §2.1); a blank behind the end.</summary>
    /// <returns>Bytes it takes.</returns>
    public static int CharacterAt(ReadOnlySpan<byte> text, int index, out byte character)
    {
        character = After(text, index);
        if (character == (byte)'%' && index + 2 < text.Length
            && char.IsAsciiHexDigit((char)text[index + 1]) && char.IsAsciiHexDigit((char)text[index + 2]))
        {
            _ = Utf8Parser.TryParse(text.Slice(index + 1, 2), out character, out _, 'X');
            return 3;
        }

        return 1;
    }
}
