using System.Buffers;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Call-IDs and tags in a saved state. They are random, most often as hexadecimal digits, which no compressor makes half as long as
/// they can be: runs of digits are written two to a byte, behind all else of the text, which texts of one PBX share. Text: bytes, then
/// pairs of a run of other bytes and the length of a run of digits until all are told, then the digits.
/// </summary>
internal static class StateText
{
    private const int ShortestRun = 4;  // shorter ones cost more than they save

    private const string Digits = "0123456789abcdef";

    private static readonly SearchValues<byte> AnyDigit = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Writes a text.</summary>
    public static void Write(BinaryWriter writer, ReadOnlySpan<byte> text)
    {
        writer.Write7BitEncodedInt(text.Length);
        ReadOnlySpan<byte> rest = text;
        while (!rest.IsEmpty)
        {
            int other = StartOfRun(rest);
            writer.Write7BitEncodedInt(other);
            writer.Write(rest[..other]);
            rest = rest[other..];
            int digits = RunAt(rest);
            writer.Write7BitEncodedInt(digits);
            rest = rest[digits..];
        }

        for (rest = text; !rest.IsEmpty;)
        {
            rest = rest[StartOfRun(rest)..];
            int digits = RunAt(rest);
            for (int i = 0; i < digits; i += 2)
            {
                writer.Write((byte)((ValueOf(rest[i]) << 4) | ValueOf(rest[i + 1])));
            }

            rest = rest[digits..];
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no text.</exception>
    public static byte[] Read(BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        long most = 2 * (reader.BaseStream.Length - reader.BaseStream.Position); // nothing is more than halved
        byte[] text = length >= 0 && length <= most ? new byte[length] : throw new InvalidDataException("a saved text is too long");
        List<(int Start, int Length)> runs = [];
        for (int at = 0; at < length;)
        {
            int other = Take(reader, length - at);
            reader.BaseStream.ReadExactly(text.AsSpan(at, other));
            at += other;
            int digits = Take(reader, length - at);
            if (digits % 2 != 0 || other + digits == 0)
            {
                throw new InvalidDataException("a saved text is damaged");
            }

            runs.Add((at, digits));
            at += digits;
        }

        foreach ((int start, int digits) in runs)
        {
            for (int i = 0; i < digits; i += 2)
            {
                byte pair = reader.ReadByte();
                text[start + i] = (byte)Digits[pair >> 4];
                text[start + i + 1] = (byte)Digits[pair & 0xF];
            }
        }

        return text;
    }

    /// <summary>Bytes before the first run of digits that is long enough; all of them where there is none.</summary>
    private static int StartOfRun(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length && RunAt(text[at..]) == 0)
        {
            at++;
        }

        return at;
    }

    /// <summary>Digits the text begins with, an even number; 0 when they are too few.</summary>
    private static int RunAt(ReadOnlySpan<byte> text)
    {
        int digits = text.IndexOfAnyExcept(AnyDigit);
        digits = (digits < 0 ? text.Length : digits) & ~1;
        return digits >= ShortestRun ? digits : 0;
    }

    private static int ValueOf(byte digit) => digit <= (byte)'9' ? digit - '0' : digit - 'a' + 10;

    private static int Take(BinaryReader reader, int most) =>
        reader.Read7BitEncodedInt() is var count && count >= 0 && count <= most ? count : throw new InvalidDataException("a saved text is damaged");
}
