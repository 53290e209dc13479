using System.IO.Compression;
using LiteDB;

namespace EdgeAgent.Store;

/// <summary>Payloads on disk. JSON of a busy minute shrinks to a tenth, which is a tenth of the wear; unpacking gives the same bytes.</summary>
internal static class PayloadPacking
{
    private const int SmallestWorthwhile = 1_024; // an event with its hashes and signature hardly shrinks

    private const int Quality = 5; // Brotli: a seventh less than 3, in a few milliseconds; past it the time doubles for a few per cent

    private const int WindowBits = 18; // 256 KiB: a whole record

    /// <summary>Puts <paramref name="payload"/> into <paramref name="document"/>; gives the bytes it takes there.</summary>
    public static int Put(BsonDocument document, byte[] payload)
    {
        byte[] packed = new byte[payload.Length];
        bool isSmaller = payload.Length >= SmallestWorthwhile
            & BrotliEncoder.TryCompress(payload, packed, out int written, Quality, WindowBits);
        document["n"] = payload.Length;
        document["z"] = isSmaller;
        document["p"] = isSmaller ? packed.AsSpan(0, written).ToArray() : payload;
        return isSmaller ? written : payload.Length;
    }

    /// <summary>Bytes the payload takes on disk.</summary>
    public static int StoredBytes(BsonDocument document) => document["p"].AsBinary.Length;

    /// <summary>The payload as it was put.</summary>
    /// <exception cref="InvalidDataException">The bytes on disk are damaged.</exception>
    public static byte[] Take(BsonDocument document)
    {
        byte[] stored = document["p"].AsBinary;
        if (!document["z"].AsBoolean)
        {
            return stored;
        }

        byte[] payload = new byte[document["n"].AsInt32];
        return BrotliDecoder.TryDecompress(stored, payload, out int written) && written == payload.Length
            ? payload
            : throw new InvalidDataException($"document {document["_id"]} is damaged");
    }
}
