using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces what is private in a header value, in place: addresses, numbers and every word the protocol does not know. Decides by bytes
/// that are never replaced (separators) and by what it has read before, so that learning and replacing see the same.
/// </summary>
/// <param name="words">Replaces words.</param>
/// <param name="numbers">Replaces telephone numbers.</param>
/// <param name="addresses">Replaces IP addresses.</param>
internal sealed class ValueMask(WordMask words, NumberMap numbers, AddressMap addresses)
{
    private const int MaxDigits = 20;
    private const int MaxPortDigits = 5;
    private const int MaxCodeDigits = 4;

    private enum ParameterKind
    {
        None = 0,
        Opaque,
        Number,
        Token,
        Branch,
    }

    /// <summary>Notes numbers and addresses and replaces nothing.</summary>
    public bool IsLearning { get; set; }

    private static ReadOnlySpan<byte> MagicCookie => "z9hG4bK"u8; // RFC 3261 §8.1.1.7

    /// <summary>Names, URIs, hosts and parameters.</summary>
    public void Addresses(Span<byte> text)
    {
        bool isQuoted = false;
        int schemeEnd = -1;
        ParameterKind parameter = ParameterKind.None;
        for (int i = 0; i < text.Length;)
        {
            if (TakeCommon(text, ref i))
            {
                continue;
            }

            if (!WordMask.IsWord(text[i]))
            {
                isQuoted ^= text[i] == (byte)'"' && Before(text, i) != (byte)'\\';
                parameter = !isQuoted && text[i] is (byte)';' or (byte)',' or (byte)'<' or (byte)'>' or (byte)'?' or (byte)'&'
                    ? ParameterKind.None
                    : parameter;
                i++;
                continue;
            }

            int end = EndOfWord(text, i);
            Span<byte> word = text[i..end];
            if (parameter != ParameterKind.None)
            {
                Value(word, parameter);
                i = end;
            }
            else if (!isQuoted && IsNamePlace(text, i))
            {
                i = Name(text, i, out parameter);
            }
            else if (!isQuoted && After(text, end) == (byte)':' && Before(text, i) is not ((byte)'@' or (byte)'.' or (byte)'-')
                && Vocabulary.IsScheme(word))
            {
                i = schemeEnd = end;
            }
            else if (word.SequenceEqual("SIP"u8) && text[end..].StartsWith("/2.0/"u8))
            {
                i = end + 5;
                int transport = EndOfWord(text, i);
                if (!Vocabulary.IsTransport(text[i..transport]))
                {
                    Word(text[i..transport]);
                }

                i = transport;
            }
            else if (IsPort(text, i, end, schemeEnd))
            {
                i = end;
            }
            else if (Before(text, i) != (byte)'@' && TakeNumber(text, ref i, isQuoted))
            {
                continue;
            }
            else
            {
                Word(word);
                i = end;
            }
        }
    }

    /// <summary>Words of the protocol stay, and numbers too short for a telephone.</summary>
    public void Features(Span<byte> text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (TakeCommon(text, ref i))
            {
                continue;
            }

            int end = EndOfWord(text, i);
            if (end > i && !IsDigits(text[i..end], MaxCodeDigits) && !Vocabulary.IsFeature(text[i..end])
                && !TakeNumber(text, ref i, isQuoted: false))
            {
                Word(text[i..end]);
            }

            i = Math.Max(i, Math.Max(end, i + 1));
        }
    }

    /// <summary>Numbers of the protocol stay.</summary>
    public void Counts(Span<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int end = EndOfWord(text, i);
            if (end > i)
            {
                if (!IsDigits(text[i..end], MaxDigits) && !Vocabulary.IsFeature(text[i..end]))
                {
                    Word(text[i..end]);
                }

                i = end;
            }
        }
    }

    /// <summary>Nothing stays but separators and the names of parameters.</summary>
    public void Opaque(Span<byte> text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (TakeCommon(text, ref i))
            {
                continue;
            }

            int end = EndOfWord(text, i);
            if (end == i)
            {
                i++;
            }
            else if (Before(text, i) is (byte)' ' or (byte)';' or (byte)',' && EndOfToken(text, i) is int token
                && After(text, token) == (byte)'=' && Vocabulary.IsParameter(text[i..token]))
            {
                i = token;
            }
            else
            {
                Word(text[i..end]);
                i = end;
            }
        }
    }

    /// <summary>Words of reason phrases stay.</summary>
    public void Phrase(Span<byte> text) => EachWord(text, Vocabulary.IsPhrase);

    /// <summary>One line of a session description (RFC 8866), after its type and the equals sign.</summary>
    public void SessionLine(Span<byte> text, bool hasProtocolNumbers) => EachWord(
        text, word => Vocabulary.IsSdp(word) || (hasProtocolNumbers && IsDigits(word, MaxPortDigits)));

    /// <summary>Replaces one word as it stands.</summary>
    public void Word(Span<byte> word)
    {
        if (!IsLearning && !Vocabulary.IsNobody(word))
        {
            words.Replace(word);
        }
    }

    private static byte Before(ReadOnlySpan<byte> text, int index) => index > 0 ? text[index - 1] : (byte)' ';

    private static byte After(ReadOnlySpan<byte> text, int end) => end < text.Length ? text[end] : (byte)' ';

    private static int EndOfWord(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && WordMask.IsWord(text[end]))
        {
            end++;
        }

        return end;
    }

    private static int EndOfToken(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && (WordMask.IsWord(text[end]) || text[end] == (byte)'-'))
        {
            end++;
        }

        return end;
    }

    private static bool IsDigits(ReadOnlySpan<byte> word, int most) =>
        word.Length <= most && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsNamePlace(ReadOnlySpan<byte> text, int index)
    {
        while (index > 0 && SipText.IsWhiteSpace(text[index - 1]))
        {
            index--;
        }

        return index > 0 && text[index - 1] is (byte)';' or (byte)'?' or (byte)'&';
    }

    /// <summary>Digits after the colon behind a host; behind a scheme they are a number, before an @ a password.</summary>
    private static bool IsPort(ReadOnlySpan<byte> text, int start, int end, int schemeEnd) =>
        Before(text, start) == (byte)':' && schemeEnd != start - 1 && start > 1
        && (WordMask.IsWord(text[start - 2]) || text[start - 2] == (byte)']')
        && After(text, end) != (byte)'@' && IsDigits(text[start..end], MaxPortDigits);

    private void EachWord(Span<byte> text, Predicate isKept)
    {
        for (int i = 0; i < text.Length;)
        {
            if (TakeCommon(text, ref i))
            {
                continue;
            }

            int end = EndOfWord(text, i);
            if (end > i && !isKept(text[i..end]))
            {
                Word(text[i..end]);
            }

            i = Math.Max(end, i + 1);
        }
    }

    /// <summary>The name of a parameter, and what its value will be.</summary>
    private int Name(Span<byte> text, int start, out ParameterKind parameter)
    {
        int end = EndOfToken(text, start);
        ReadOnlySpan<byte> name = text[start..end];
        int next = end;
        while (next < text.Length && SipText.IsWhiteSpace(text[next]))
        {
            next++;
        }

        bool hasValue = After(text, next) == (byte)'=';
        parameter = !hasValue ? ParameterKind.None
            : name.SequenceEqual("branch"u8) ? ParameterKind.Branch
            : Vocabulary.HasNumber(name) ? ParameterKind.Number
            : Vocabulary.HasToken(name) ? ParameterKind.Token
            : ParameterKind.Opaque;
        if (!Vocabulary.IsParameter(name))
        {
            Opaque(text[start..end]);
        }

        return end;
    }

    private void Value(Span<byte> word, ParameterKind parameter)
    {
        bool isKept = parameter switch
        {
            ParameterKind.Number => IsDigits(word, MaxPortDigits),
            ParameterKind.Token => Vocabulary.IsValue(word) || IsDigits(word, MaxCodeDigits - 1),
            _ => false,
        };
        if (parameter == ParameterKind.Branch && word.StartsWith(MagicCookie))
        {
            Word(word[MagicCookie.Length..]);
        }
        else if (!isKept)
        {
            Word(word);
        }
    }

    /// <summary>What is read alike everywhere: escapes (RFC 3986 §2.1) and addresses.</summary>
    private bool TakeCommon(Span<byte> text, ref int i)
    {
        if (text[i] == (byte)'%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
        {
            Escape(text.Slice(i, 3));
            i += 3;
            return true;
        }

        bool canBegin = char.IsAsciiHexDigit((char)text[i]) || text[i] == (byte)':';
        if (!canBegin || WordMask.IsWord(Before(text, i)) || Before(text, i) is (byte)'.' or (byte)'-'
            || AddressText.Find(text[i..], out UInt128 address) is not (int length and > 0))
        {
            return false;
        }

        if (IsLearning)
        {
            addresses.Learn(address);
        }
        else
        {
            AddressText.Write(text.Slice(i, length), address, addresses.Of(address));
        }

        i += length;
        return true;
    }

    private void Escape(Span<byte> escape)
    {
        byte value = Convert.ToByte(System.Text.Encoding.ASCII.GetString(escape[1..]), 16);
        if (!WordMask.IsWord(value))
        {
            return;
        }

        Span<byte> word = [value];
        Word(word);
        System.Text.Encoding.ASCII.GetBytes(word[0].ToString("X2", System.Globalization.CultureInfo.InvariantCulture), escape[1..]);
    }

    /// <summary>A telephone number or an extension, with the separators people write.</summary>
    private bool TakeNumber(Span<byte> text, ref int i, bool isQuoted)
    {
        if (Before(text, i) is (byte)'-' or (byte)'_' or (byte)'.')
        {
            return false;
        }

        Span<int> places = stackalloc int[MaxDigits];
        int count = 0;
        int end = i;
        for (int at = i; at < text.Length && at - end <= 3; at++)
        {
            if (char.IsAsciiDigit((char)text[at]))
            {
                if (count == MaxDigits)
                {
                    return false;
                }

                places[count++] = at;
                end = at + 1;
            }
            else if (text[at] is not ((byte)'-' or (byte)'.' or (byte)'(' or (byte)')') && !(isQuoted && text[at] == (byte)' '))
            {
                break;
            }
        }

        byte next = After(text, end);
        if (count == 0 || WordMask.IsWord(next) || next is (byte)'_' or (byte)'-' or (byte)'.')
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[count];
        for (int k = 0; k < count; k++)
        {
            digits[k] = (byte)(text[places[k]] - '0');
        }

        Digits(digits);
        for (int k = 0; k < count; k++)
        {
            text[places[k]] = (byte)(digits[k] + '0');
        }

        i = end;
        return true;
    }

    private void Digits(Span<byte> digits)
    {
        if (!IsLearning)
        {
            numbers.Replace(digits);
        }
        else if (NumberMap.IsLong(digits.Length))
        {
            numbers.Learn(digits);
        }
    }

    private delegate bool Predicate(ReadOnlySpan<byte> word);
}
