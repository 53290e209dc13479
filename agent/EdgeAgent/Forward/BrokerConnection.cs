using EdgeAgent.Configuration;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>Makes the library's connect options.</summary>
internal static class BrokerConnection
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;
    private const int PacketOverheadBytes = 64 * 1024; // topic and properties around a payload
    private const ushort ReceiveMaximum = 16; // commands the broker may send before we have acknowledged one

    /// <summary>Where a broker is, for people: never user or password.</summary>
    public static string Describe(BrokerOptions broker)
    {
        if (broker.Url.Length == 0)
        {
            return "";
        }

        Uri url = new(broker.Url);
        return $"{url.Scheme}://{url.Host}:{PortOf(url)}{(url.AbsolutePath == "/" ? "" : url.AbsolutePath)}";
    }

    /// <summary>Options of one connect.</summary>
    /// <param name="context">The broker and this agent.</param>
    /// <param name="version">Version of the protocol.</param>
    /// <param name="keepAlive">Longest silence.</param>
    /// <param name="will">What the broker tells of us when we are gone.</param>
    /// <param name="files">Password and client certificate.</param>
    /// <param name="certificate">Judges what the broker shows.</param>
    public static MqttClientOptions Create(
        SessionContext context,
        MqttProtocolVersion version,
        TimeSpan keepAlive,
        byte[] will,
        BrokerFiles files,
        BrokerCertificate certificate)
    {
        MqttOptions options = context.Options;
        bool isFive = version == MqttProtocolVersion.V500;
        bool keepsSession = isFive && options.SessionExpiry > TimeSpan.Zero; // of 3.1.1 it would never expire
        MqttClientOptionsBuilder builder = Begin(context.Broker, version, context.Info.AgentId, files, certificate)
            .WithCleanStart(!keepsSession)
            .WithKeepAlivePeriod(keepAlive)
            .WithTimeout(options.AckTimeout * 2) // ours comes first, and says what was waited for
            .WithWillTopic(context.Topics.Status)
            .WithWillPayload(will)
            .WithWillRetain(true)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (isFive)
        {
            builder.WithWillContentType(Messages.ContentType)
                .WithWillUserProperty("schema", System.Text.Encoding.UTF8.GetBytes(Messages.Schema))
                .WithWillUserProperty("agent", System.Text.Encoding.UTF8.GetBytes(context.Info.AgentId))
                .WithSessionExpiryInterval((uint)options.SessionExpiry.TotalSeconds)
                .WithReceiveMaximum(ReceiveMaximum)
                .WithMaximumPacketSize(context.Commands is { } commands ? (uint)(commands.Limits.MaxListBytes + PacketOverheadBytes) : uint.MaxValue);
        }

        return builder.Build();
    }

    /// <summary>What every client shares: address, transport, login, certificates.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="version">Version of the protocol.</param>
    /// <param name="clientId">Client id, and user name where there is a password and no other name.</param>
    /// <param name="files">Password and client certificate; to outlive the connection.</param>
    /// <param name="certificate">Judges what the broker shows.</param>
    public static MqttClientOptionsBuilder Begin(
        BrokerOptions broker, MqttProtocolVersion version, string clientId, BrokerFiles files, BrokerCertificate certificate)
    {
        Uri url = new(broker.Url);
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder().WithProtocolVersion(version).WithClientId(clientId);
        string user = broker.Username.Length > 0 ? broker.Username : files.Password is null ? "" : clientId;
        if (user.Length > 0)
        {
            builder.WithCredentials(user, files.Password ?? []);
        }

        if (url.Scheme is "ws" or "wss")
        {
            builder.WithWebSocketServer(server => server.WithUri(url.AbsoluteUri));
        }
        else
        {
            builder.WithTcpServer(url.DnsSafeHost, PortOf(url));
        }

        if (broker.IsEncrypted)
        {
            builder.WithTlsOptions(tls => Configure(tls.UseTls(), url.DnsSafeHost, files, certificate));
        }

        return builder;
    }

    private static void Configure(
        MqttClientTlsOptionsBuilder tls, string host, BrokerFiles files, BrokerCertificate certificate)
    {
        tls.WithTargetHost(host)
            .WithRevocationMode(System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck)
            .WithCertificateValidationHandler(certificate.IsTrusted);
        if (files.ClientCertificate is not null)
        {
            tls.WithClientCertificates([files.ClientCertificate]);
        }
    }

    private static int PortOf(Uri url) => url.Port > 0 ? url.Port : url.Scheme == "mqtts" ? TlsPort : PlainPort;
}
