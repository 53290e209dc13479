using System.Buffers.Binary;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces a row of symbols by another of the same form: every symbol stays in its alphabet. A Feistel network, so it is one to one:
/// two different rows never get the same replacement, and nothing has to be remembered.
/// </summary>
internal sealed class FormPreserving(KeyedStream stream)
{
    private const int Rounds = 8; // NIST SP 800-38G uses 8 for FF3
    private const int MaxSymbols = 512;

    /// <summary>Replaces in place.</summary>
    /// <param name="purpose">Keeps uses apart.</param>
    /// <param name="tweak">Rows in other surroundings are replaced otherwise.</param>
    /// <param name="symbols">Each below its size. Longer rows than 512 are replaced piece by piece.</param>
    /// <param name="sizes">Size of each symbol's alphabet, at least 1.</param>
    public void Apply(byte purpose, uint tweak, Span<byte> symbols, ReadOnlySpan<byte> sizes)
    {
        while (symbols.Length > MaxSymbols)
        {
            ApplyPiece(purpose, tweak, symbols[..MaxSymbols], sizes);
            symbols = symbols[MaxSymbols..];
            sizes = sizes[MaxSymbols..];
            tweak++;
        }

        ApplyPiece(purpose, tweak, symbols, sizes);
    }

    private void ApplyPiece(byte purpose, uint tweak, Span<byte> symbols, ReadOnlySpan<byte> sizes)
    {
        int half = symbols.Length / 2;
        for (int round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0)
            {
                Shift(purpose, tweak, round, symbols[..half], symbols[half..], sizes[half..]);
            }
            else
            {
                Shift(purpose, tweak, round, symbols[half..], symbols[..half], sizes[..half]);
            }
        }
    }

    /// <summary>Adds to one half what the key makes of the other.</summary>
    private void Shift(byte purpose, uint tweak, int round, ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> sizes)
    {
        if (to.IsEmpty)
        {
            return;
        }

        Span<byte> context = stackalloc byte[MaxSymbols + 8];
        BinaryPrimitives.WriteUInt32BigEndian(context, tweak);
        context[4] = (byte)round;
        BinaryPrimitives.WriteUInt16BigEndian(context[5..], (ushort)to.Length);
        from.CopyTo(context[7..]);
        Span<byte> random = stackalloc byte[MaxSymbols * sizeof(ushort)];
        random = random[..(to.Length * sizeof(ushort))];
        stream.Fill(purpose, context[..(from.Length + 7)], random);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (byte)((to[i] + BinaryPrimitives.ReadUInt16LittleEndian(random[(i * sizeof(ushort))..])) % sizes[i]);
        }
    }
}
