using System.Buffers;
using System.Buffers.Text;
using EdgeAgent.Core.Sip;
using static EdgeAgent.Core.Anonymise.ValueScan;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces what is private in a header value, in place: addresses, numbers and every word the protocol does not know. Decides by bytes
/// that are never replaced (separators) and by what it has read before, so that learning and replacing see the same.
/// </summary>
/// <param name="words">Replaces words.</param>
/// <param name="numbers">Replaces telephone numbers.</param>
/// <param name="addresses">Replaces IP addresses.</param>
internal sealed partial class ValueMask(WordMask words, NumberMap numbers, AddressMap addresses)
{
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
            bool isEscapedDigit = parameter == ParameterKind.None
                && CharacterAt(text, i, out byte character) > 1 && char.IsAsciiDigit((char)character);
            if ((isEscapedDigit && TakeNumber(text, ref i)) || TakeCommon(text, ref i))
            {
                continue;
            }

            if (!WordMask.IsWord(text[i]))
            {
                if (isQuoted && text[i] == (byte)'\\')
                {
                    i += WordMask.IsWord(After(text, i + 1)) ? 1 : 2; // a quoted pair (RFC 3261 §25.1)
                    continue;
                }

                isQuoted ^= text[i] == (byte)'"';
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
            else if (TakeNumber(text, ref i))
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
                && !TakeNumber(text, ref i))
            {
                Word(text[i..end]);
            }

            i = Math.Max(i, Math.Max(end, i + 1));
        }
    }

    /// <summary>Numbers of the protocol and methods stay.</summary>
    public void Counts(Span<byte> text) => EachWord(text, word => IsDigits(word, MaxDigits) || Vocabulary.IsFeature(word));

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
        if (CharacterAt(text, i, out byte character) > 1)
        {
            Escape(text.Slice(i, 3), character);
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

    private void Escape(Span<byte> escape, byte character)
    {
        if (!WordMask.IsWord(character))
        {
            return;
        }

        Span<byte> word = [character];
        Word(word);
        _ = Utf8Formatter.TryFormat(word[0], escape[1..], out _, new StandardFormat('X', 2));
    }

    private delegate bool Predicate(ReadOnlySpan<byte> word);
}
