using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAgent.Core.Sip;

/// <summary>What <see cref="SipHeaderScanner.ReadNext"/> found.</summary>
internal enum HeaderStep
{
    /// <summary>A header; name and value are set.</summary>
    Header = 0,

    /// <summary>A line without a name: no colon, or a colon first. The walk can go on behind it.</summary>
    Malformed,

    /// <summary>The empty line that ends the head.</summary>
    End,

    /// <summary>The bytes end before the head does; a line without its LF is cut and never given out.</summary>
    Cut,
}

/// <summary>
/// Walks header lines without copying. CRLF and bare LF both end a line; a line that begins with SP or HTAB continues the
/// one before (RFC 3261 §7.3.1).
/// </summary>
/// <param name="bytes">Bytes that begin with the first header line; what follows the head is never looked at.</param>
internal ref struct SipHeaderScanner(ReadOnlySpan<byte> bytes)
{
    private const int BlockBytes = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Index of the first byte not walked over; after <see cref="HeaderStep.End"/> the first byte of the body.</summary>
    public int Position { get; private set; }

    /// <summary>Lines from <paramref name="start"/>, an earlier <see cref="Position"/>, to where the walk is now.</summary>
    public readonly ReadOnlySpan<byte> WalkedFrom(int start) => _bytes[start..Position];

    /// <summary>Reads one header, its folded lines included.</summary>
    /// <param name="name">Name without the white space and folding before the colon.</param>
    /// <param name="value">Whole value, white space and folding included: trim it if the header is wanted at all.</param>
    public HeaderStep ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        ReadOnlySpan<byte> rest = _bytes[Position..];
        FindColonAndEnd(rest, out int colon, out int end);
        if (end < 0)
        {
            return HeaderStep.Cut;
        }

        if (end == 0 || (end == 1 && rest[0] == (byte)'\r'))
        {
            Position += end + 1;
            return HeaderStep.End;
        }

        if (end + 1 < rest.Length && rest[end + 1] is (byte)' ' or (byte)'\t')
        {
            end = EndOfFolded(rest, end);
            if (end < 0)
            {
                return HeaderStep.Cut;
            }

            colon = rest[..end].IndexOf((byte)':');
        }

        Position += end + 1;
        if (colon <= 0 || SipText.IsWhiteSpace(rest[0]))
        {
            return HeaderStep.Malformed;
        }

        int nameEnd = colon;
        while (SipText.IsWhiteSpace(rest[nameEnd - 1])) // folding too, which the grammar has behind the colon only
        {
            nameEnd--;
        }

        name = rest[..nameEnd];
        value = rest[(colon + 1)..end];
        return HeaderStep.Header;
    }

    /// <summary>
    /// Finds both marks of a line in one sweep of 64-byte blocks. Most lines end within their first block, so the walk has no
    /// branch that depends on line lengths; a library search per mark and line costs twice as much as the whole parser.
    /// </summary>
    /// <param name="rest">Bytes from the beginning of the line.</param>
    /// <param name="colon">Index of the first colon of the line, -1 without one.</param>
    /// <param name="end">Index of the LF, -1 without one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FindColonAndEnd(ReadOnlySpan<byte> rest, out int colon, out int end)
    {
        colon = -1;
        int position = 0;
        ref byte start = ref MemoryMarshal.GetReference(rest);
        for (; position <= rest.Length - BlockBytes; position += BlockBytes)
        {
            ulong ends = MatchBlock(ref start, position, (byte)'\n');
            ulong colons = MatchBlock(ref start, position, (byte)':');
            colons &= ~ends & (ends - 1); // those before the first LF; all of them when there is none
            if (colon < 0 && colons != 0)
            {
                colon = position + BitOperations.TrailingZeroCount(colons);
            }

            if (ends != 0)
            {
                end = position + BitOperations.TrailingZeroCount(ends);
                return;
            }
        }

        FindInTail(rest, position, ref colon, out end);
    }

    /// <summary>One bit per byte of a block, the lowest for its first byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MatchBlock(ref byte start, int position, byte wanted)
    {
        Vector128<byte> pattern = Vector128.Create(wanted);
        ref byte block = ref Unsafe.Add(ref start, position);
        ulong first = Vector128.Equals(Vector128.LoadUnsafe(ref block), pattern).ExtractMostSignificantBits();
        ulong second = Vector128.Equals(Vector128.LoadUnsafe(ref block, 16), pattern).ExtractMostSignificantBits();
        ulong third = Vector128.Equals(Vector128.LoadUnsafe(ref block, 32), pattern).ExtractMostSignificantBits();
        ulong fourth = Vector128.Equals(Vector128.LoadUnsafe(ref block, 48), pattern).ExtractMostSignificantBits();
        return first | (second << 16) | (third << 32) | (fourth << 48);
    }

    /// <summary>The last bytes of all, fewer than a block.</summary>
    private static void FindInTail(ReadOnlySpan<byte> rest, int position, ref int colon, out int end)
    {
        ReadOnlySpan<byte> tail = rest[position..];
        int found = tail.IndexOf((byte)'\n');
        end = found < 0 ? -1 : position + found;
        if (colon < 0)
        {
            found = (found < 0 ? tail : tail[..found]).IndexOf((byte)':');
            colon = found < 0 ? -1 : position + found;
        }
    }

    /// <summary>Index of the LF that ends a folded header, or -1 when the bytes end before it.</summary>
    private static int EndOfFolded(ReadOnlySpan<byte> rest, int end)
    {
        while (end + 1 < rest.Length && rest[end + 1] is (byte)' ' or (byte)'\t')
        {
            int next = rest[(end + 1)..].IndexOf((byte)'\n');
            if (next < 0)
            {
                return -1;
            }

            end += next + 1;
        }

        return end;
    }
}
