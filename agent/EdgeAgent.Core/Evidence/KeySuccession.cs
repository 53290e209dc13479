using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Evidence;

/// <summary>
/// The former signing key's word that another key takes its place: ECDSA P-256 (IEEE P1363) over SHA-256 of
/// <c>edge-agent signing key</c>, agent id and the new SubjectPublicKeyInfo in base64, each followed by a line feed.
/// </summary>
/// <param name="Former">Fingerprint of the key that gives its word.</param>
/// <param name="Signature">Its signature in base64url without padding.</param>
public sealed record KeySuccession(string Former, string Signature)
{
    /// <summary>Gives the word.</summary>
    /// <param name="former">The former private key.</param>
    /// <param name="agent">Agent id.</param>
    /// <param name="successor">The new public key: SubjectPublicKeyInfo in base64.</param>
    public static KeySuccession Sign(ECDsa former, string agent, string successor)
    {
        ArgumentNullException.ThrowIfNull(former);
        byte[] signature = former.SignData(Words(agent, successor), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new KeySuccession(EvidenceKey.FingerprintOf(former.ExportSubjectPublicKeyInfo()), Base64Url.EncodeToString(signature));
    }

    /// <summary>True when it is <paramref name="former"/>'s word for that agent and that key. Never throws.</summary>
    public bool IsOf(EvidenceKey former, string agent, string successor)
    {
        ArgumentNullException.ThrowIfNull(former);
        Span<byte> signature = stackalloc byte[RecordSeal.SignatureBytes];
        return former.Fingerprint == Former
            && Base64Url.TryDecodeFromChars(Signature, signature, out int written) && written == RecordSeal.SignatureBytes
            && former.Fits(RecordHash.Of(Words(agent, successor)), signature);
    }

    private static byte[] Words(string agent, string successor) => Encoding.UTF8.GetBytes($"edge-agent signing key\n{agent}\n{successor}\n");
}
