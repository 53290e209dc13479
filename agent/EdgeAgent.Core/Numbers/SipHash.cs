using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAgent.Core.Numbers;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, 2012): a 64-bit hash that tells nothing of its input to whoever lacks the key, at the price of a
/// table lookup.
/// </summary>
public readonly struct SipHash
{
    /// <summary>Key length in bytes.</summary>
    public const int KeyBytes = 16;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <summary>Takes a key of <see cref="KeyBytes"/> bytes.</summary>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]);
    }

    /// <summary>The hash of <paramref name="bytes"/>.</summary>
    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        State state = new(_key0, _key1);
        ulong last = (ulong)bytes.Length << 56;
        while (bytes.Length >= sizeof(ulong))
        {
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            last |= (ulong)bytes[i] << (8 * i);
        }

        state.Take(last);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _a = key0 ^ 0x736F_6D65_7073_6575;
        private ulong _b = key1 ^ 0x646F_7261_6E64_6F6D;
        private ulong _c = key0 ^ 0x6C79_6765_6E65_7261;
        private ulong _d = key1 ^ 0x7465_6462_7974_6573;

        public void Take(ulong word)
        {
            _d ^= word;
            Round();
            Round();
            _a ^= word;
        }

        public ulong Finish()
        {
            _c ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _a ^ _b ^ _c ^ _d;
        }

        private void Round()
        {
            _a += _b;
            _c += _d;
            _b = BitOperations.RotateLeft(_b, 13) ^ _a;
            _d = BitOperations.RotateLeft(_d, 16) ^ _c;
            _a = BitOperations.RotateLeft(_a, 32);
            _c += _b;
            _a += _d;
            _b = BitOperations.RotateLeft(_b, 17) ^ _c;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            _c = BitOperations.RotateLeft(_c, 32);
        }
    }
}
