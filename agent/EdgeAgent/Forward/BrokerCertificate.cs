using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;

namespace EdgeAgent.Forward;

/// <summary>
/// Judges the certificate a broker shows, the same for TCP and WebSocket, and keeps why it was refused: the library says only that it was.
/// </summary>
/// <param name="host">Host of the broker's address.</param>
/// <param name="authorities">Authorities to trust; null for those of the host.</param>
/// <param name="now">Time at which it has to be valid.</param>
internal sealed class BrokerCertificate(string host, X509Certificate2Collection? authorities, DateTimeOffset now)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280 §4.2.1.12

    /// <summary>Why it was refused; null when it was not, or none was shown yet.</summary>
    public string? Fault { get; private set; }

    /// <summary>It was shown and is trusted.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>True when the certificate is the broker's and comes from an authority that is trusted.</summary>
    public bool IsTrusted(MqttClientCertificateValidationEventArgs shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        Fault = shown.Certificate is null ? "the broker shows no certificate" : Judge(shown);
        IsAccepted = Fault is null;
        return IsAccepted;
    }

    private string? Judge(MqttClientCertificateValidationEventArgs shown)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(shown.Certificate.GetRawCertData());
        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // private authorities publish no lists
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        foreach (X509ChainElement element in shown.Chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate); // intermediates the broker sent
        }

        if (authorities is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        bool isTrusted = chain.Build(certificate);
        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            return $"the broker's certificate expired on {Instant.Seconds(certificate.NotAfter)}";
        }

        if (certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
        {
            return $"the broker's certificate is valid only from {Instant.Seconds(certificate.NotBefore)}: is this host's clock right?";
        }

        if (!isTrusted)
        {
            string from = authorities is null ? "no authority this host trusts (tls.caFile names others)" : "no authority of tls.caFile";
            return $"the broker's certificate comes from {from}: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";
        }

        return shown.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the broker's certificate is not for {host}, but for {NamesOf(certificate)}"
            : null;
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        string[] names =
        [
            .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(
                extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))),
        ];
        return names.Length == 0 ? certificate.Subject : string.Join(", ", names.Take(5));
    }
}
