namespace EdgeAgent.Configuration;

/// <summary>The central broker, and what holds for whichever broker is in use.</summary>
public sealed record MqttOptions : BrokerOptions
{
    /// <summary>A second broker. Default none.</summary>
    public StandbyBrokerOptions Standby { get; set; } = new();

    /// <summary>First levels of every topic. Default <c>edgeagent/v1</c>.</summary>
    public string TopicPrefix { get; set; } = "edgeagent/v1";

    /// <summary>Ping when nothing else was sent for so long. Default 15 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for an acknowledgement before the connection is given up. Default 10 s.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Records sent and not yet acknowledged. Default 10.</summary>
    public int InFlight { get; set; } = 10;

    /// <summary>How long the broker keeps our session, and with it commands for us, after the connection is lost. Default 1 h.</summary>
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the broker keeps a minute or an event for a subscriber that is away; zero: as long as it can. Default zero.</summary>
    public TimeSpan MessageExpiry { get; set; }

    /// <summary>True when a broker is configured.</summary>
    internal bool IsEnabled => Url.Length > 0;
}

/// <summary>How one broker is reached.</summary>
public record BrokerOptions
{
    /// <summary>
    /// <c>mqtt://host[:1883]</c>, <c>mqtts://host[:8883]</c>, <c>ws://host[:80]/path</c> or <c>wss://host[:443]/path</c>. Default empty.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>User name. Default: the agent id when there is a password, otherwise none.</summary>
    public string Username { get; set; } = "";

    /// <summary>File whose first line is the password; a bare name is a systemd credential. Default none.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Certificates for <c>mqtts</c> and <c>wss</c>.</summary>
    public MqttTlsOptions Tls { get; set; } = new();

    /// <summary><c>5</c>, <c>3.1.1</c>, or <c>auto</c>: 3.1.1 only where the broker says that it does not speak 5. Default <c>auto</c>.</summary>
    public string Protocol { get; set; } = "auto";

    /// <summary>Keep a record until at least one subscriber got it, not only the broker. Needs MQTT 5. Default false.</summary>
    public bool RequireSubscriber { get; set; }

    /// <summary>The url names a connection over TLS.</summary>
    internal bool IsEncrypted =>
        Url.StartsWith("mqtts:", StringComparison.OrdinalIgnoreCase) || Url.StartsWith("wss:", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The second broker: used while the first cannot take records.</summary>
public sealed record StandbyBrokerOptions : BrokerOptions
{
    /// <summary>How long the first broker has to be of no use before this one is taken. Default 60 s.</summary>
    public TimeSpan After { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>True when a second broker is configured.</summary>
    internal bool IsEnabled => Url.Length > 0;
}

/// <summary>Certificates, PEM. Read at each connect and looked at while connected: a change makes a new connection.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>Authorities the broker's certificate must come from. Default: those of the host.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Certificate that identifies this agent. Default none.</summary>
    public string ClientCertificateFile { get; set; } = "";

    /// <summary>Its private key. Default none.</summary>
    public string ClientKeyFile { get; set; } = "";

    /// <summary>A file is named.</summary>
    internal bool IsGiven => CaFile.Length > 0 || ClientCertificateFile.Length > 0 || ClientKeyFile.Length > 0;
}
