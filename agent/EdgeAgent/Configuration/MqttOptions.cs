namespace EdgeAgent.Configuration;

/// <summary>The central broker.</summary>
public sealed class MqttOptions
{
    /// <summary><c>mqtt://host[:1883]</c> or <c>mqtts://host[:8883]</c>. Default empty: nothing is sent, records stay in the store.</summary>
    public string Url { get; set; } = "";

    /// <summary>User name. Default none.</summary>
    public string Username { get; set; } = "";

    /// <summary>File whose first line is the password; a bare name is a systemd credential. Default none.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Certificates for <c>mqtts</c>.</summary>
    public MqttTlsOptions Tls { get; set; } = new();

    /// <summary>First levels of every topic. Default <c>edgeagent/v1</c>.</summary>
    public string TopicPrefix { get; set; } = "edgeagent/v1";

    /// <summary>Keep a record until at least one subscriber got it, not only the broker. Default false.</summary>
    public bool RequireSubscriber { get; set; }

    /// <summary>Ping when nothing else was sent for so long. Default 15 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for an acknowledgement before the connection is given up. Default 10 s.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Records sent and not yet acknowledged. Default 10.</summary>
    public int InFlight { get; set; } = 10;

    /// <summary>True when a broker is configured.</summary>
    internal bool IsEnabled => Url.Length > 0;
}

/// <summary>Certificates, PEM.</summary>
public sealed class MqttTlsOptions
{
    /// <summary>Authorities the broker's certificate must come from. Default: those of the host.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Certificate that identifies this agent. Default none.</summary>
    public string ClientCertificateFile { get; set; } = "";

    /// <summary>Its private key. Default none.</summary>
    public string ClientKeyFile { get; set; } = "";
}
