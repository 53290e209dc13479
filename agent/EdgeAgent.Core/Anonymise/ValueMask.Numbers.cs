using static EdgeAgent.Core.Anonymise.ValueScan;

namespace EdgeAgent.Core.Anonymise;

/// <content>Telephone numbers and extensions.</content>
internal sealed partial class ValueMask
{
    private const int MaxDigits = 20;
    private const int MaxSeparatorBytes = 9;

    /// <summary>A telephone number or an extension, with the separators and escapes people write.</summary>
    private bool TakeNumber(Span<byte> text, ref int i)
    {
        if (Before(text, i) is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'@')
        {
            return false;
        }

        Span<int> places = stackalloc int[MaxDigits];
        int count = 0;
        int end = i;
        for (int at = i; at < text.Length && at - end <= MaxSeparatorBytes;)
        {
            int width = CharacterAt(text, at, out byte character);
            if (char.IsAsciiDigit((char)character))
            {
                if (count == MaxDigits)
                {
                    return false;
                }

                places[count++] = at + width - 1; // of an escape the last digit, %30 to %39
                end = at + width;
            }
            else if (character is not ((byte)'-' or (byte)'.' or (byte)'(' or (byte)')' or (byte)' '))
            {
                break;
            }

            at += width;
        }

        _ = CharacterAt(text, end, out byte next);
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
}
