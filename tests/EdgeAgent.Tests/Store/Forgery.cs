using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Evidence;
using Shouldly;

namespace EdgeAgent.Tests.Store;

/// <summary>What whoever holds a key can make of a record.</summary>
internal static class Forgery
{
    /// <summary>The record with further members, signed with another key.</summary>
    public static byte[] Sign(ReadOnlyMemory<byte> payload, ECDsa key, string members = "")
    {
        RecordSeal.TrySplit(payload.Span, out ReadOnlySpan<byte> content, stackalloc byte[RecordSeal.SignatureBytes]).ShouldBeTrue();
        string text = Encoding.UTF8.GetString(content);
        int at = text.LastIndexOf("\"prev\":", StringComparison.Ordinal);
        ArrayBufferWriter<byte> forged = new();
        forged.Write(Encoding.UTF8.GetBytes(text.Insert(at, members)));
        RecordSeal.Append(forged, key, RecordHash.Of(forged.WrittenSpan));
        return forged.WrittenSpan.ToArray();
    }

    /// <summary>The record as one that states another key on the word of <paramref name="former"/>.</summary>
    public static byte[] Succeed(ReadOnlyMemory<byte> payload, ECDsa former, ECDsa key, string agent)
    {
        string stated = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        KeySuccession word = KeySuccession.Sign(former, agent, stated);
        return Sign(payload, key, $$"""
            "publicKey":"{{stated}}","succeeds":{"key":"{{word.Former}}","sig":"{{word.Signature}}"},
            """);
    }
}
