using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeAgent.Core.Evidence;

/// <summary>SHA-256 of a record's signed part: what its successor names as <c>prev</c>. Written as 64 lower-case hex digits.</summary>
public readonly record struct RecordHash
{
    /// <summary>Size in bytes.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>Takes over 32 bytes.</summary>
    public RecordHash(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Bytes);
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>First half: 128 bits, no second content to which can be found, in half the memory.</summary>
    internal UInt128 Head => new(_first, _second);

    /// <summary>Hash of the exact bytes.</summary>
    public static RecordHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(content, hash);
        return new RecordHash(hash);
    }

    /// <summary>Reads 64 lower-case hex digits.</summary>
    public static bool TryParse(string? text, out RecordHash hash)
    {
        hash = default;
        if (text is not { Length: 2 * Bytes } || text.AsSpan().ContainsAnyExcept(Digits))
        {
            return false;
        }

        hash = new RecordHash(Convert.FromHexString(text));
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _first);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _fourth);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
