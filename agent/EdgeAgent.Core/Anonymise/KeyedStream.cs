using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeAgent.Core.Anonymise;

/// <summary>Pseudorandom bytes from a key and a context (HMAC-SHA-256 in counter mode): the same every time, and unknown without the key.</summary>
internal sealed class KeyedStream
{
    private const int MaxContextBytes = 256;
    private readonly byte[] _key;

    /// <summary>Derives a key of its own, so that a key used for pseudonyms too tells nothing of them.</summary>
    public KeyedStream(ReadOnlySpan<byte> key) => _key = HMACSHA256.HashData(key, "EdgeAgent anonymise v1"u8);

    /// <summary>Fills <paramref name="output"/>.</summary>
    /// <param name="purpose">Keeps uses apart.</param>
    /// <param name="context">What the bytes depend on; a longer one is hashed first.</param>
    /// <param name="output">Takes the bytes.</param>
    public void Fill(byte purpose, scoped ReadOnlySpan<byte> context, scoped Span<byte> output)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (context.Length > MaxContextBytes)
        {
            SHA256.HashData(context, digest);
            context = digest;
        }

        Span<byte> message = stackalloc byte[MaxContextBytes + 5];
        message[0] = purpose;
        context.CopyTo(message[5..]);
        Span<byte> block = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (uint counter = 0; !output.IsEmpty; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(message[1..], counter);
            HMACSHA256.HashData(_key, message[..(context.Length + 5)], block);
            int taken = Math.Min(block.Length, output.Length);
            block[..taken].CopyTo(output);
            output = output[taken..];
        }
    }

    /// <summary>The numbers <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 in an order that only the key knows.</summary>
    public int[] Shuffle(byte purpose, ReadOnlySpan<byte> context, int first, int count)
    {
        int[] numbers = [.. Enumerable.Range(first, count)];
        byte[] random = new byte[count * sizeof(uint)];
        Fill(purpose, context, random);
        for (int i = count - 1; i > 0; i--)
        {
            uint draw = BinaryPrimitives.ReadUInt32LittleEndian(random.AsSpan(i * sizeof(uint)));
            int other = (int)(draw % (uint)(i + 1));
            (numbers[i], numbers[other]) = (numbers[other], numbers[i]);
        }

        return numbers;
    }
}
