using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Configuration;

namespace EdgeAgent.Tests.Forward;

/// <summary>A directory with certificates made for one test.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-tls-").FullName;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Files <c>ca.crt</c>, <c>server.*</c> for the loopback address and <c>client.*</c>.</summary>
    public static Certificates ForLoopback()
    {
        Certificates made = new();
        using X509Certificate2 authority = made.MakeAuthority("ca");
        made.Make("server", authority, IPAddress.Loopback);
        made.Make("client", authority, null);
        return made;
    }

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>What an agent needs to be let in.</summary>
    public MqttTlsOptions ForAgent(bool hasCertificate = true) => new()
    {
        CaFile = PathOf("ca.crt"),
        ClientCertificateFile = hasCertificate ? PathOf("client.crt") : "",
        ClientKeyFile = hasCertificate ? PathOf("client.key") : "",
    };

    public Task<Mosquitto> StartBrokerAsync(params string[] more) => Mosquitto.StartAsync(
        [$"cafile {PathOf("ca.crt")}", $"certfile {PathOf("server.crt")}", $"keyfile {PathOf("server.key")}", .. more]);

    public X509Certificate2 MakeAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        X509Certificate2 certificate = request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        return certificate;
    }

    /// <summary>Writes <c>name.crt</c> and <c>name.key</c>.</summary>
    public void Make(string name, X509Certificate2 authority, IPAddress? address, DateTimeOffset? notAfter = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        if (address is not null)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using X509Certificate2 certificate = request.Create(
            authority, Now.AddDays(-5), notAfter ?? Now.AddDays(5), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
