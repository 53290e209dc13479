using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>TLS with a private authority, certificates on both sides, over TCP and over WebSocket.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = Certificates.ForLoopback();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Run_PrivateAuthorityAndClientCertificate_Delivers()
    {
        await using Mosquitto broker = await _certificates.StartBrokerAsync("require_certificate true");
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));
        agent.Options.Tls = _certificates.ForAgent();

        await AssertDeliversAsync(agent);
    }

    [Fact]
    public async Task Run_WebSocketWithPrivateAuthorityAndClientCertificate_Delivers()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using WebSocketGateway gateway = await StartGatewayAsync(broker);
        await using ForwarderFixture agent = new(gateway.Url);
        agent.Options.Tls = _certificates.ForAgent();

        await AssertDeliversAsync(agent);
    }

    [Fact]
    public async Task Run_OtherAuthority_IsRefused()
    {
        using X509Certificate2 other = _certificates.MakeAuthority("other");
        await using Mosquitto broker = await _certificates.StartBrokerAsync();
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));
        agent.Options.Tls.CaFile = _certificates.PathOf("other.crt");

        (await ReasonAsync(agent)).ShouldStartWith("the broker's certificate comes from no authority of tls.caFile");
    }

    [Fact]
    public async Task Run_WebSocketWithOtherAuthority_IsRefused()
    {
        using X509Certificate2 other = _certificates.MakeAuthority("other");
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using WebSocketGateway gateway = await StartGatewayAsync(broker);
        await using ForwarderFixture agent = new(gateway.Url);
        agent.Options.Tls.CaFile = _certificates.PathOf("other.crt");

        (await ReasonAsync(agent)).ShouldStartWith("the broker's certificate comes from no authority of tls.caFile");
    }

    [Fact]
    public async Task Run_PrivateAuthorityNobodyNamed_IsRefused()
    {
        await using Mosquitto broker = await _certificates.StartBrokerAsync();
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));

        (await ReasonAsync(agent)).ShouldStartWith("the broker's certificate comes from no authority this host trusts");
    }

    [Fact]
    public async Task Run_CertificateForAnotherHost_IsRefused()
    {
        MakeServerCertificateForAnotherHost();
        await using Mosquitto broker = await _certificates.StartBrokerAsync();
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));
        agent.Options.Tls = _certificates.ForAgent(hasCertificate: false);

        (await ReasonAsync(agent)).ShouldBe("the broker's certificate is not for 127.0.0.1, but for 192.0.2.1");
    }

    [Fact]
    public async Task Run_WebSocketWithCertificateForAnotherHost_IsRefused()
    {
        MakeServerCertificateForAnotherHost();
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using WebSocketGateway gateway = await StartGatewayAsync(broker);
        await using ForwarderFixture agent = new(gateway.Url);
        agent.Options.Tls = _certificates.ForAgent();

        (await ReasonAsync(agent)).ShouldBe("the broker's certificate is not for 127.0.0.1, but for 192.0.2.1");
    }

    [Fact]
    public async Task Run_CertificateExpired_IsRefused()
    {
        using X509Certificate2 authority = _certificates.MakeAuthority("ca");
        _certificates.Make("server", authority, IPAddress.Loopback, notAfter: Certificates.Now.AddDays(-1));
        await using Mosquitto broker = await _certificates.StartBrokerAsync();
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));
        agent.Options.Tls = _certificates.ForAgent(hasCertificate: false);

        (await ReasonAsync(agent)).ShouldStartWith("the broker's certificate expired on ");
    }

    [Fact]
    public async Task Run_BrokerWantsACertificateAndThereIsNone_SaysSo()
    {
        await using Mosquitto broker = await _certificates.StartBrokerAsync("require_certificate true");
        await using ForwarderFixture agent = new(broker.UrlWith("mqtts"));
        agent.Options.Tls = _certificates.ForAgent(hasCertificate: false);

        (await ReasonAsync(agent)).ShouldContain("tls.clientCertificateFile");
    }

    [Theory]
    [InlineData("missing.crt", null, "missing.crt")]
    [InlineData("empty.crt", "", "holds no certificate")]
    [InlineData("torn.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "tls.caFile (")]
    public async Task Run_CertificateFileOfNoUse_SaysWhich(string file, string? content, string reason)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(_certificates.PathOf(file), content + "\n", TestContext.Current.CancellationToken);
        }

        await using ForwarderFixture agent = new("mqtts://127.0.0.1:1");
        agent.Options.Tls.CaFile = _certificates.PathOf(file);

        (await ReasonAsync(agent)).ShouldContain(reason);
    }

    private Task<WebSocketGateway> StartGatewayAsync(Mosquitto broker) =>
        WebSocketGateway.StartAsync(broker.Port, _certificates, TestContext.Current.CancellationToken);

    private void MakeServerCertificateForAnotherHost()
    {
        using X509Certificate2 authority = _certificates.MakeAuthority("ca");
        _certificates.Make("server", authority, IPAddress.Parse("192.0.2.1"));
    }

    private static async Task AssertDeliversAsync(ForwarderFixture agent)
    {
        await agent.SubmitAsync(5);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync();
        agent.Status.Acknowledged.ShouldBe(10);
        agent.Status.Broker.ShouldBe(agent.Options.Url);
    }

    private static async Task<string> ReasonAsync(ForwarderFixture agent)
    {
        await agent.SubmitAsync(1);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.Status.LastError is not null, "the reason");
        agent.Status.IsConnected.ShouldBeFalse();
        agent.Store.Status.Depth.ShouldBe(2);
        return agent.Status.LastError.ShouldNotBeNull();
    }
}
