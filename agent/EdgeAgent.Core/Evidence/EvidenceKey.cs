using System.Security.Cryptography;

namespace EdgeAgent.Core.Evidence;

/// <summary>A public key under which records are checked.</summary>
public sealed class EvidenceKey : IDisposable
{
    private readonly ECDsa _key;

    private EvidenceKey(ECDsa key, byte[] spki)
    {
        _key = key;
        Text = Convert.ToBase64String(spki);
        Fingerprint = FingerprintOf(spki);
    }

    /// <summary>SubjectPublicKeyInfo (RFC 5480) in base64, as <c>info</c> and <c>status</c> show it.</summary>
    public string Text { get; }

    /// <summary>First 16 hex digits of SHA-256 over the SubjectPublicKeyInfo: for people to compare, and to tell keys apart in records.</summary>
    public string Fingerprint { get; }

    /// <summary>Short name of a key.</summary>
    public static string FingerprintOf(ReadOnlySpan<byte> subjectPublicKeyInfo) => RecordHash.Of(subjectPublicKeyInfo).ToString()[..16];

    /// <summary>True for a key of the one curve records are signed with.</summary>
    public static bool IsP256(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
    }

    /// <summary>Reads a P-256 public key: PEM (<c>BEGIN PUBLIC KEY</c>) or the base64 between its lines.</summary>
    /// <returns>False when it is none. Never throws.</returns>
    public static bool TryRead(string? text, out EvidenceKey? key)
    {
        key = null;
        ECDsa read = ECDsa.Create();
        try
        {
            string trimmed = text?.Trim() ?? "";
            if (trimmed.StartsWith("-----", StringComparison.Ordinal))
            {
                read.ImportFromPem(trimmed);
            }
            else
            {
                read.ImportSubjectPublicKeyInfo(Convert.FromBase64String(trimmed), out _);
            }

            if (IsP256(read))
            {
                key = new EvidenceKey(read, read.ExportSubjectPublicKeyInfo());
            }
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FormatException)
        {
            return false;
        }
        finally
        {
            if (key is null)
            {
                read.Dispose();
            }
        }

        return key is not null;
    }

    /// <summary>True when <paramref name="signature"/> is this key's over content of that hash.</summary>
    public bool Fits(in RecordHash hash, ReadOnlySpan<byte> signature)
    {
        Span<byte> digest = stackalloc byte[RecordHash.Bytes];
        hash.CopyTo(digest);
        return _key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
