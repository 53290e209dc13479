using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace EdgeAgent.Core.Evidence;

/// <summary>
/// The end of every record: <c>,"sig":"…"}</c> with the ECDSA P-256 signature (r and s of 32 bytes each, IEEE P1363) in base64url over the
/// exact bytes before it. Nothing is parsed or put into another form before it is checked.
/// </summary>
public static class RecordSeal
{
    /// <summary>Size of a signature.</summary>
    public const int SignatureBytes = 64;

    private const int TextLength = 86; // 64 bytes in base64url without padding

    private static ReadOnlySpan<byte> Opening => ",\"sig\":\""u8;

    private static ReadOnlySpan<byte> Closing => "\"}"u8;

    /// <summary>Size of the end.</summary>
    public static int Length => Opening.Length + TextLength + Closing.Length;

    /// <summary>Signs <paramref name="hash"/> and appends the end to a record.</summary>
    public static void Append(IBufferWriter<byte> output, ECDsa key, in RecordHash hash)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> digest = stackalloc byte[RecordHash.Bytes];
        Span<byte> signature = stackalloc byte[SignatureBytes];
        hash.CopyTo(digest);
        if (!key.TrySignHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written) || written != SignatureBytes)
        {
            throw new CryptographicException("the signing key is no P-256 key");
        }

        output.Write(Opening);
        output.Advance(Base64Url.EncodeToUtf8(signature, output.GetSpan(TextLength)));
        output.Write(Closing);
    }

    /// <summary>Cuts a record into what is signed and the signature.</summary>
    /// <param name="record">The exact bytes of a record.</param>
    /// <param name="content">What is signed: a slice of it.</param>
    /// <param name="signature">Filled with <see cref="SignatureBytes"/> bytes.</param>
    /// <returns>False when the record does not end in a signature in its one canonical spelling.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> content, Span<byte> signature)
    {
        content = default;
        if (record.Length <= Length)
        {
            return false;
        }

        ReadOnlySpan<byte> end = record[^Length..];
        ReadOnlySpan<byte> text = end.Slice(Opening.Length, TextLength);
        if (!end.StartsWith(Opening) || !end.EndsWith(Closing)
            || Base64Url.DecodeFromUtf8(text, signature, out _, out int written) != OperationStatus.Done || written != SignatureBytes)
        {
            return false;
        }

        Span<byte> again = stackalloc byte[TextLength]; // the last digit has bits to spare: only one spelling counts
        Base64Url.EncodeToUtf8(signature[..SignatureBytes], again);
        content = record[..^Length];
        return again.SequenceEqual(text);
    }
}
