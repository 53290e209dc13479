using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Store;

/// <summary>
/// The key records are signed with: ECDSA P-256, PKCS#8 in PEM. Made on first start in the store directory (mode 0600), unless the
/// configuration names one, which must exist. It never leaves the host; its public half stands in <c>info</c> and <c>status</c>.
/// </summary>
internal sealed class SigningKey : IDisposable
{
    /// <summary>Name of the key inside the store directory.</summary>
    public const string FileName = "signing.key";

    private const int MaxBytes = 4_096;

    private SigningKey(ECDsa key)
    {
        Key = key;
        byte[] spki = key.ExportSubjectPublicKeyInfo();
        PublicKey = Convert.ToBase64String(spki);
        Fingerprint = EvidenceKey.FingerprintOf(spki);
    }

    /// <summary>The private key. One thread at a time.</summary>
    public ECDsa Key { get; }

    /// <summary>SubjectPublicKeyInfo in base64.</summary>
    public string PublicKey { get; }

    /// <summary>Short name of the public key.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads the key, or makes it where none is configured and none was made before.</summary>
    /// <exception cref="InvalidDataException">The file holds no such key.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static SigningKey LoadOrCreate(StoreOptions options)
    {
        if (options.SigningKeyFile.Length > 0)
        {
            return Load(options.SigningKeyFile);
        }

        string path = Path.Combine(options.Directory, FileName);
        return File.Exists(path) ? Load(path) : Create(path);
    }

    /// <summary>The word of the key before this one; null when there is no other.</summary>
    /// <exception cref="InvalidDataException">The file holds no such key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public KeySuccession? Succession(StoreOptions options, string agent)
    {
        string made = Path.Combine(options.Directory, FileName);
        string path = options.FormerSigningKeyFile.Length > 0 ? options.FormerSigningKeyFile : made;
        if (path == made && !File.Exists(made))
        {
            return null;
        }

        using SigningKey former = Load(path);
        return former.Fingerprint == Fingerprint ? null : KeySuccession.Sign(former.Key, agent, PublicKey);
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    private static SigningKey Create(string path)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DurableFile.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), overwrite: false);
        return new SigningKey(key);
    }

    private static SigningKey Load(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] content = new byte[Math.Min(stream.Length, MaxBytes)];
        stream.ReadExactly(content);
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(content));
            if (EvidenceKey.IsP256(key))
            {
                return new SigningKey(key);
            }
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new InvalidDataException($"{path} holds no private key of ECDSA P-256 in PEM ({fault.Message})", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }

        key.Dispose();
        throw new InvalidDataException($"{path} holds a private key of another curve than P-256");
    }
}
