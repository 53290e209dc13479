using EdgeAgent.Configuration;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Forward;

/// <summary>Makes the library's connect options. Called at each connect, so that renewed certificates and passwords are read again.</summary>
internal static class BrokerConnection
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;
    private const int PacketOverheadBytes = 64 * 1024; // topic and properties around a payload
    private const ushort ReceiveMaximum = 16; // commands the broker may send before we have acknowledged one
    private const string DefaultCredential = "mqtt-password";

    /// <summary>Host and port of <paramref name="options"/> for people: never user or password.</summary>
    public static string Describe(MqttOptions options)
    {
        if (!options.IsEnabled)
        {
            return "";
        }

        Uri url = new(options.Url);
        return $"{url.Scheme}://{url.Host}:{PortOf(url)}";
    }

    /// <summary>Options of one connect.</summary>
    /// <param name="options">The broker.</param>
    /// <param name="agentId">Client id, and user name unless one is configured.</param>
    /// <param name="keepAlive">Longest silence.</param>
    /// <param name="willTopic">Where the broker tells that we are gone.</param>
    /// <param name="will">What it then says.</param>
    /// <param name="maxReceivedBytes">Longest payload we take; the broker keeps longer messages from us. Null for any.</param>
    public static MqttClientOptions Create(
        MqttOptions options, string agentId, TimeSpan keepAlive, string willTopic, byte[] will, int? maxReceivedBytes)
    {
        Uri url = new(options.Url);
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(url.DnsSafeHost, PortOf(url))
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(agentId)
            .WithCleanStart(true) // we send again what is not acknowledged; a session at the broker would double it
            .WithKeepAlivePeriod(keepAlive)
            .WithTimeout(options.AckTimeout * 2) // ours comes first, and says what was waited for
            .WithMaximumPacketSize(maxReceivedBytes is int most ? (uint)(most + PacketOverheadBytes) : uint.MaxValue)
            .WithReceiveMaximum(ReceiveMaximum)
            .WithWillTopic(willTopic)
            .WithWillPayload(will)
            .WithWillContentType(Messages.ContentType)
            .WithWillRetain(true)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        byte[]? password = ReadPassword(options.PasswordFile);
        string user = options.Username.Length > 0 ? options.Username : password is null ? "" : agentId;
        if (user.Length > 0)
        {
            builder.WithCredentials(user, password ?? []);
        }

        if (url.Scheme == "mqtts")
        {
            builder.WithTlsOptions(tls => Configure(tls, options.Tls, url.DnsSafeHost));
        }

        return builder.Build();
    }

    private static void Configure(MqttClientTlsOptionsBuilder tls, MqttTlsOptions options, string host)
    {
        tls.UseTls().WithTargetHost(host).WithRevocationMode(X509RevocationMode.NoCheck); // private authorities publish no lists
        if (options.CaFile.Length > 0)
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(options.CaFile);
            tls.WithTrustChain(authorities);
        }

        if (options.ClientCertificateFile.Length > 0)
        {
            X509Certificate2 certificate =
                X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile);
            tls.WithClientCertificates([certificate]);
        }
    }

    private static int PortOf(Uri url) => url.Port > 0 ? url.Port : url.Scheme == "mqtts" ? TlsPort : PlainPort;

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
