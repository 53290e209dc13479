using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace EdgeAgent.Store;

/// <summary>
/// What makes one state of the engine out of the one before: stretches to copy and bytes that are new, compressed. States five seconds
/// apart share most calls, shifted by those that ended, and a changed call differs in one place: a delta takes a thirtieth of the state.
/// Pure; the same input gives the same bytes.
/// </summary>
internal static class StateDelta
{
    private const int BlockBytes = 16;  // shortest stretch found anywhere
    private const int ResumeBytes = 8;  // shortest found where the last one would go on, behind a field that changed
    private const int NearBytes = 256;  // a stretch this far from there at most, or
    private const int FarBytes = 96;    // this long at least: to say where another begins takes as much as its bytes, compressed
    private const int Quality = 5;      // Brotli; past it the time doubles for a few per cent
    private const int WindowBits = 22;

    /// <summary>The difference, to be given to <see cref="Apply"/> with the same <paramref name="before"/>.</summary>
    public static byte[] Make(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        ArrayBufferWriter<byte> steps = new();
        ArrayBufferWriter<byte> fresh = new();
        int[] rented = ArrayPool<int>.Shared.Rent(SlotsOf(before)); // large ones would only be collected with the oldest garbage
        Span<int> blocks = rented.AsSpan(0, SlotsOf(before));
        Index(before, blocks);
        int literal = 0;  // start of bytes not copied yet
        int resume = 0;   // where the last stretch would go on in `before` if nothing but values had changed since `literal`
        int at = 0;
        while (at < after.Length)
        {
            int from = Find(before, after, blocks, at, resume + (at - literal));
            if (from < 0)
            {
                at++;
                continue;
            }

            int back = CommonEnd(before[..from], after[literal..at]);
            int length = back + before[from..].CommonPrefixLength(after[at..]);
            int jump = from - (resume + (at - literal));
            if (length < FarBytes && Math.Abs(jump) > NearBytes)
            {
                at++;
                continue;
            }

            at -= back;
            Put(steps, (ulong)(at - literal));
            fresh.Write(after[literal..at]);
            Put(steps, (ulong)(uint)((jump << 1) ^ (jump >> 31)));
            Put(steps, (ulong)length);
            at += length;
            literal = at;
            resume = from - back + length;
        }

        ArrayPool<int>.Shared.Return(rented);
        Put(steps, (ulong)(after.Length - literal));
        fresh.Write(after[literal..]);
        return Pack(steps.WrittenSpan, fresh.WrittenSpan);
    }

    /// <summary>The state after, of <paramref name="length"/> bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no delta of that state.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> before, ReadOnlySpan<byte> delta, int length)
    {
        int stepBytes = (int)Take(ref delta, int.MaxValue);
        byte[] unpacked = new byte[stepBytes + (int)Take(ref delta, int.MaxValue - stepBytes)];
        if (!BrotliDecoder.TryDecompress(delta, unpacked, out int written) || written != unpacked.Length)
        {
            throw new InvalidDataException("a saved state is damaged");
        }

        ReadOnlySpan<byte> steps = unpacked.AsSpan(0, stepBytes);
        ReadOnlySpan<byte> fresh = unpacked.AsSpan(stepBytes);
        byte[] after = new byte[length];
        int at = 0;
        int resume = 0;
        while (!steps.IsEmpty)
        {
            int literal = (int)Take(ref steps, Math.Min(fresh.Length, length - at));
            fresh[..literal].CopyTo(after.AsSpan(at));
            fresh = fresh[literal..];
            at += literal;
            if (steps.IsEmpty)
            {
                break;
            }

            long zigzag = (long)Take(ref steps, uint.MaxValue);
            long from = resume + literal + (long)((ulong)zigzag >> 1 ^ (ulong)-(zigzag & 1));
            int copied = (int)Take(ref steps, length - at);
            if (from < 0 || from + copied > before.Length)
            {
                throw new InvalidDataException("a saved state belongs to another one before it");
            }

            before.Slice((int)from, copied).CopyTo(after.AsSpan(at));
            at += copied;
            resume = (int)from + copied;
        }

        return at == length ? after : throw new InvalidDataException("a saved state is cut short");
    }

    /// <summary>Where a stretch of <paramref name="before"/> begins that goes on as <paramref name="after"/> does; -1 where none is known.</summary>
    private static int Find(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, ReadOnlySpan<int> blocks, int at, int resume)
    {
        bool resumes = resume <= before.Length - ResumeBytes && at <= after.Length - ResumeBytes
            && before.Slice(resume, ResumeBytes).SequenceEqual(after.Slice(at, ResumeBytes));
        if (resumes)
        {
            return resume;
        }

        if (blocks.Length == 0 || at > after.Length - BlockBytes)
        {
            return -1;
        }

        int from = blocks[SlotOf(after[at..], blocks.Length)] - 1;
        return from >= 0 && before.Slice(from, BlockBytes).SequenceEqual(after.Slice(at, BlockBytes)) ? from : -1;
    }

    private static int SlotsOf(ReadOnlySpan<byte> before) =>
        (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(before.Length / BlockBytes) * 2);

    /// <summary>Positions of aligned blocks plus one, by hash; of blocks that share a slot the last.</summary>
    private static void Index(ReadOnlySpan<byte> before, Span<int> blocks)
    {
        blocks.Clear();
        for (int at = 0; at + BlockBytes <= before.Length; at += BlockBytes)
        {
            blocks[SlotOf(before[at..], blocks.Length)] = at + 1;
        }
    }

    private static int SlotOf(ReadOnlySpan<byte> block, int slots)
    {
        ulong hash = (MemoryMarshal.Read<ulong>(block) * 0x9E3779B97F4A7C15) ^ (MemoryMarshal.Read<ulong>(block[8..]) * 0xC2B2AE3D27D4EB4F);
        return (int)((hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9 >> 33) & (slots - 1);
    }

    /// <summary>Bytes in which both end alike.</summary>
    private static int CommonEnd(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[^(length + 1)] == other[^(length + 1)])
        {
            length++;
        }

        return length;
    }

    private static byte[] Pack(ReadOnlySpan<byte> steps, ReadOnlySpan<byte> fresh)
    {
        byte[] plain = [.. steps, .. fresh];
        ArrayBufferWriter<byte> packed = new();
        Put(packed, (ulong)steps.Length);
        Put(packed, (ulong)fresh.Length);
        Span<byte> room = packed.GetSpan(BrotliEncoder.GetMaxCompressedLength(plain.Length));
        if (!BrotliEncoder.TryCompress(plain, room, out int written, Quality, WindowBits))
        {
            throw new InvalidOperationException("Brotli did not fit into its own bound");
        }

        packed.Advance(written);
        return packed.WrittenSpan.ToArray();
    }

    private static void Put(ArrayBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.Write([(byte)(value | 0x80)]);
        }

        output.Write([(byte)value]);
    }

    private static ulong Take(ref ReadOnlySpan<byte> input, long max)
    {
        ulong value = 0;
        for (int i = 0; i < input.Length && i < 5; i++)
        {
            value |= (ulong)(input[i] & 0x7F) << (7 * i);
            if (input[i] < 0x80)
            {
                input = input[(i + 1)..];
                return value <= (ulong)max ? value : throw new InvalidDataException("a saved state is damaged");
            }
        }

        throw new InvalidDataException("a saved state is cut short");
    }
}
