using EdgeAgent.Core.Calls;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces words by words of the same form: a digit becomes a digit, a letter a letter of the same case, a byte of UTF-8 one of its kind.
/// The same word becomes the same everywhere, in whatever case; two words never become one.
/// </summary>
internal sealed class WordMask(FormPreserving form)
{
    private const int MaxCached = 100_000;
    private readonly Dictionary<byte[], byte[]> _cache = new(new BytesComparer());

    /// <summary>Letters and digits of ASCII, and every byte above it.</summary>
    public static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value >= 0x80;

    /// <summary>Replaces in place.</summary>
    public void Replace(Span<byte> word)
    {
        if (_cache.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(word, out byte[]? known))
        {
            known.CopyTo(word);
            return;
        }

        byte[] original = word.ToArray();
        byte[] symbols = new byte[word.Length];
        byte[] sizes = new byte[word.Length];
        for (int i = 0; i < word.Length; i++)
        {
            (symbols[i], sizes[i]) = SymbolOf(word[i]);
        }

        form.Apply(Purpose.Word, 0, symbols, sizes);
        for (int i = 0; i < word.Length; i++)
        {
            word[i] = ByteOf(symbols[i], word[i]);
        }

        if (_cache.Count >= MaxCached)
        {
            _cache.Clear();
        }

        _cache.Add(original, word.ToArray());
    }

    private static (byte Symbol, byte Size) SymbolOf(byte value) => (char)value switch
    {
        >= '0' and <= '9' => ((byte)(value - '0'), 10),
        >= 'a' and <= 'z' => ((byte)(value - 'a'), 26),
        >= 'A' and <= 'Z' => ((byte)(value - 'A'), 26),
        >= '\u0080' and <= '\u00BF' => ((byte)(value - 0x80), 64), // continuation bytes: the text stays UTF-8
        _ => (0, 1),
    };

    private static byte ByteOf(byte symbol, byte original) => (char)original switch
    {
        >= '0' and <= '9' => (byte)(symbol + '0'),
        >= 'a' and <= 'z' => (byte)(symbol + 'a'),
        >= 'A' and <= 'Z' => (byte)(symbol + 'A'),
        >= '\u0080' and <= '\u00BF' => (byte)(symbol + 0x80),
        _ => original,
    };

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)ByteHash.Of(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
