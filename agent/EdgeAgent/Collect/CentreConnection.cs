using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Configuration;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeAgent.Collect;

/// <summary>Connect options of the centre's own clients. MQTT 5 only: replies and bounds need it.</summary>
internal static class CentreConnection
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;

    /// <summary>What both clients share: address, login, certificates, keep-alive.</summary>
    /// <exception cref="IOException">A certificate or the password cannot be read.</exception>
    public static MqttClientOptionsBuilder Begin(MqttOptions options, string clientId)
    {
        Uri url = new(options.Url);
        bool isTls = url.Scheme == "mqtts";
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(url.DnsSafeHost, url.Port > 0 ? url.Port : isTls ? TlsPort : PlainPort)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(clientId)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.AckTimeout);
        if (options.Username.Length > 0)
        {
            builder.WithCredentials(options.Username, options.PasswordFile.Length > 0 ? SecretFile.ReadFirstLine(options.PasswordFile) : []);
        }

        if (isTls)
        {
            builder.WithTlsOptions(tls => Configure(tls.UseTls(), options.Tls, url.DnsSafeHost));
        }

        return builder;
    }

    private static void Configure(MqttClientTlsOptionsBuilder tls, MqttTlsOptions options, string host)
    {
        tls.WithTargetHost(host).WithRevocationMode(X509RevocationMode.NoCheck); // private authorities publish no lists
        if (options.CaFile.Length > 0)
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(options.CaFile);
            tls.WithTrustChain(authorities);
        }

        if (options.ClientCertificateFile.Length > 0)
        {
            tls.WithClientCertificates([X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile)]);
        }
    }
}
