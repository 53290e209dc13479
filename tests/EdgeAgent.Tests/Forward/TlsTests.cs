using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>TLS with a private authority, certificates on both sides.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-tls-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Run_PrivateAuthorityAndClientCertificate_Delivers()
    {
        using X509Certificate2 authority = MakeAuthority("ca");
        MakeCertificate("server", authority, IPAddress.Loopback);
        MakeCertificate("client", authority, null);
        await using Mosquitto broker = await StartBrokerAsync("require_certificate true");
        await using ForwarderFixture agent = new(Secure(broker));
        agent.Options.Tls.CaFile = PathOf("ca.crt");
        agent.Options.Tls.ClientCertificateFile = PathOf("client.crt");
        agent.Options.Tls.ClientKeyFile = PathOf("client.key");
        await agent.SubmitAsync(5);

        await agent.StartAsync();
        await agent.WaitUntilSentAsync();

        agent.Status.Acknowledged.ShouldBe(10);
        agent.Status.Broker.ShouldBe(Secure(broker));
    }

    [Fact]
    public async Task Run_OtherAuthority_IsRefused()
    {
        using X509Certificate2 authority = MakeAuthority("ca");
        using X509Certificate2 other = MakeAuthority("other");
        MakeCertificate("server", authority, IPAddress.Loopback);
        await using Mosquitto broker = await StartBrokerAsync();
        await using ForwarderFixture agent = new(Secure(broker));
        agent.Options.Tls.CaFile = PathOf("other.crt");

        await AssertNeverConnectsAsync(agent);
    }

    [Fact]
    public async Task Run_CertificateForAnotherHost_IsRefused()
    {
        using X509Certificate2 authority = MakeAuthority("ca");
        MakeCertificate("server", authority, IPAddress.Parse("192.0.2.1"));
        await using Mosquitto broker = await StartBrokerAsync();
        await using ForwarderFixture agent = new(Secure(broker));
        agent.Options.Tls.CaFile = PathOf("ca.crt");

        await AssertNeverConnectsAsync(agent);
    }

    [Fact]
    public async Task Run_CertificateFileMissing_SaysWhich()
    {
        await using ForwarderFixture agent = new("mqtts://127.0.0.1:1");
        agent.Options.Tls.CaFile = PathOf("missing.crt");

        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the reason");

        agent.Status.LastError.ShouldNotBeNull().ShouldContain("missing.crt");
    }

    private static async Task AssertNeverConnectsAsync(ForwarderFixture agent)
    {
        await agent.SubmitAsync(1);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the reason");
        agent.Status.IsConnected.ShouldBeFalse();
        agent.Status.LastError.ShouldNotBeNull().ShouldContain("certificate", Case.Insensitive);
        agent.Store.Status.Depth.ShouldBe(2);
    }

    private static string Secure(Mosquitto broker) => broker.Url.Replace("mqtt://", "mqtts://", StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_directory, name);

    private Task<Mosquitto> StartBrokerAsync(params string[] more) => Mosquitto.StartAsync(
        [$"cafile {PathOf("ca.crt")}", $"certfile {PathOf("server.crt")}", $"keyfile {PathOf("server.key")}", .. more]);

    private X509Certificate2 MakeAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        X509Certificate2 certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(10));
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        return certificate;
    }

    private void MakeCertificate(string name, X509Certificate2 authority, IPAddress? address)
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
            authority, Now.AddHours(-1), Now.AddDays(5), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
