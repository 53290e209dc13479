using System.Runtime.InteropServices;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// A quick 64-bit hash of short byte strings (tags, branches, Call-IDs). Not for secrets. With seed 0 it is the same in every process,
/// which stored state relies on; a table that strangers fill takes a random seed, so that they cannot choose clashes.
/// </summary>
internal static class ByteHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Never 0, so that 0 can mean none.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong hash = (seed ^ (ulong)bytes.Length) + Multiplier;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        ulong tail = 0;
        foreach (byte value in bytes)
        {
            tail = (tail << 8) | value;
        }

        hash = Mix(hash ^ tail);
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Joins two hashes, order mattering.</summary>
    public static ulong Join(ulong first, ulong second)
    {
        ulong hash = Mix(first ^ ulong.RotateLeft(second, 23));
        return hash == 0 ? 1 : hash;
    }

    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 32);
    }
}
