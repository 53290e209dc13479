using System.Buffers.Binary;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces the last four digits of telephone numbers. What stands before them decides class, zone and dial prefix (ZABPQ in France), so it
/// stays; the five digits before the last four are the surroundings, so that 06…, +336… and 00336… of one number stay one number.
/// </summary>
internal sealed class NumberMap(KeyedStream stream, FormPreserving form)
{
    private const int Hidden = 4;
    private const int Surroundings = 5;
    private const int Block = 10_000;
    private readonly Dictionary<uint, HashSet<int>> _originals = [];
    private readonly Dictionary<uint, Dictionary<int, int>> _assigned = [];

    /// <summary>Distinct numbers learnt; spellings of one count once.</summary>
    public long Count => _originals.Values.Sum(block => (long)block.Count);

    /// <summary>Shorter ones are extensions and short codes.</summary>
    public static bool IsLong(int digits) => digits > Hidden;

    /// <summary>Notes a number, before any is replaced.</summary>
    /// <param name="digits">Digits as values 0 to 9, more than four.</param>
    public void Learn(ReadOnlySpan<byte> digits)
    {
        uint block = BlockOf(digits);
        if (!_originals.TryGetValue(block, out HashSet<int>? originals))
        {
            originals = [];
            _originals.Add(block, originals);
        }

        originals.Add((int)ValueOf(digits[^Hidden..]));
    }

    /// <summary>Replaces a learnt number, or keeps the beginning of a short code and replaces the rest.</summary>
    /// <param name="digits">Digits as values 0 to 9.</param>
    public void Replace(Span<byte> digits)
    {
        if (!IsLong(digits.Length))
        {
            ReplaceShort(digits);
            return;
        }

        uint block = BlockOf(digits);
        if (!_assigned.TryGetValue(block, out Dictionary<int, int>? assigned))
        {
            Span<byte> context = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(context, block);
            assigned = KeyedAssignment.Of(
                stream.Shuffle(Purpose.Number, context, 0, Block), _originals.GetValueOrDefault(block) ?? []);
            _assigned.Add(block, assigned);
        }

        int value = assigned[(int)ValueOf(digits[^Hidden..])];
        for (int i = 1; i <= Hidden; i++, value /= 10)
        {
            digits[^i] = (byte)(value % 10);
        }
    }

    /// <summary>Emergency numbers stay; 3BPQ and 10XY keep what makes them that; an extension stays clear of both.</summary>
    private void ReplaceShort(Span<byte> digits)
    {
        if (IsPublic(digits))
        {
            return;
        }

        int kept = digits.Length == Hidden ? (digits is [1, 0, ..] ? 2 : 1) : 0;
        Span<byte> hidden = digits[kept..];
        Span<byte> sizes = stackalloc byte[Hidden];
        sizes.Fill(10);
        do
        {
            form.Apply(Purpose.Extension, (uint)ValueOf(digits[..kept]), hidden, sizes[..hidden.Length]);
        }
        while (IsPublic(digits) || (kept == 1 && digits is [1, 0, ..])); // walks on inside its own kind, one to one
    }

    private static bool IsPublic(ReadOnlySpan<byte> digits) => digits is
        [1, 5] or [1, 7] or [1, 8]
        or [1, 1, 2] or [1, 1, 4] or [1, 1, 5] or [1, 1, 9] or [1, 9, 1] or [1, 9, 6] or [1, 9, 7];

    private static uint BlockOf(ReadOnlySpan<byte> digits)
    {
        ReadOnlySpan<byte> before = digits[Math.Max(0, digits.Length - Hidden - Surroundings)..^Hidden];
        return ((uint)before.Length * 100_000) + (uint)ValueOf(before);
    }

    private static long ValueOf(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 10) + digit;
        }

        return value;
    }
}
