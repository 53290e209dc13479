using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeAgent.Configuration;

namespace EdgeAgent.Forward;

/// <summary>
/// Password and certificates of a broker as they stood in their files at one moment. Read at each connect; while connected, looked at
/// again, so that whoever renews them need not restart the agent.
/// </summary>
internal sealed class BrokerFiles : IDisposable
{
    private const string DefaultCredential = "mqtt-password";
    private const int MaxBytes = 1_048_576;

    private readonly BrokerOptions _options;
    private readonly byte[] _fingerprint;

    private BrokerFiles(BrokerOptions options)
    {
        _options = options;
        using IncrementalHash all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Password = ReadPassword(options.PasswordFile);
        all.AppendData(SHA256.HashData(Password ?? []));
        string authorities = Read(options.Tls.CaFile, all);
        string certificate = Read(options.Tls.ClientCertificateFile, all);
        string key = Read(options.Tls.ClientKeyFile, all);
        _fingerprint = all.GetHashAndReset();
        if (authorities.Length > 0)
        {
            Authorities = [];
            Load("tls.caFile", options.Tls.CaFile, () => Authorities.ImportFromPem(authorities));
            if (Authorities.Count == 0)
            {
                throw new InvalidDataException($"tls.caFile {options.Tls.CaFile} holds no certificate (PEM)");
            }
        }

        if (certificate.Length > 0)
        {
            Load(
                "tls.clientCertificateFile and tls.clientKeyFile",
                options.Tls.ClientCertificateFile,
                () => ClientCertificate = X509Certificate2.CreateFromPem(certificate, key));
        }
    }

    /// <summary>First line of the password file; null when there is none.</summary>
    public byte[]? Password { get; }

    /// <summary>Authorities to trust instead of the host's; null when none are named.</summary>
    public X509Certificate2Collection? Authorities { get; }

    /// <summary>What identifies this agent; null when nothing is named.</summary>
    public X509Certificate2? ClientCertificate { get; private set; }

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file does not hold what it should; the message names it.</exception>
    public static BrokerFiles Read(BrokerOptions options) => new(options);

    /// <summary>True when the files hold something else now, and it is whole: half of a renewal is none.</summary>
    /// <param name="fault">Why they could not be read; null when they could.</param>
    public bool HaveChanged(out string? fault)
    {
        fault = null;
        try
        {
            using BrokerFiles now = Read(_options);
            return !now._fingerprint.AsSpan().SequenceEqual(_fingerprint);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            fault = unreadable.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClientCertificate?.Dispose();
        foreach (X509Certificate2 authority in Authorities ?? [])
        {
            authority.Dispose();
        }
    }

    private static string Read(string path, IncrementalHash all)
    {
        if (path.Length == 0)
        {
            return "";
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new InvalidDataException($"{path} is larger than {MaxBytes} bytes");
        }

        byte[] content = File.ReadAllBytes(path);
        all.AppendData(SHA256.HashData(content));
        return Encoding.UTF8.GetString(content);
    }

    private static void Load(string key, string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{key} ({path}): {fault.Message}");
        }
    }

    /// <summary>First line of the password file. A bare name is a systemd credential, and so is the default, which may be absent.</summary>
    private static byte[]? ReadPassword(string file)
    {
        string? credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"); // systemd.exec(5), LoadCredential=
        bool isCredential = credentials is not null && !file.Contains('/', StringComparison.Ordinal);
        string path = isCredential ? Path.Combine(credentials!, file.Length > 0 ? file : DefaultCredential) : file;
        if (file.Length == 0 && (!isCredential || !File.Exists(path)))
        {
            return null;
        }

        return SecretFile.ReadFirstLine(path);
    }
}
