using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;

namespace EdgeAgent.Collect;

/// <summary>The centre's private key, with which orders are signed: ECDSA P-256, PKCS#8 in PEM.</summary>
internal static class OrderKey
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Makes one in a new file of mode 0600; gives the public half.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static EvidenceKey Create(string path)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), overwrite: false);
        return PublicOf(key);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="CommandException">The file is missing or holds no such key.</exception>
    public static ECDsa Load(string path)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            FileInfo file = new(path);
            key.ImportFromPem(file.Length <= MaxBytes ? File.ReadAllText(path) : "");
            if (EvidenceKey.IsP256(key))
            {
                return key;
            }
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CommandException(ExitCode.Unavailable, $"{path} cannot be used as a key: {fault.Message} (make one with: edge-agent keys new {path})", fault);
        }

        key.Dispose();
        throw new CommandException(ExitCode.Unavailable, $"{path} holds a key of another kind than ECDSA P-256 (make one with: edge-agent keys new FILE)");
    }

    /// <summary>The public half.</summary>
    public static EvidenceKey PublicOf(ECDsa key) =>
        EvidenceKey.TryRead(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), out EvidenceKey? read)
            ? read!
            : throw new CryptographicException("the key is no P-256 key");
}
