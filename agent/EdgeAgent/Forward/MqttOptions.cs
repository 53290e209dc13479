using System.ComponentModel.DataAnnotations;
using EdgeAgent.Store;
using Microsoft.Extensions.Options;

namespace EdgeAgent.Forward;

/// <summary>The central broker; section <c>mqtt</c> of the configuration.</summary>
public sealed class MqttOptions
{
    /// <summary><c>mqtt://host[:1883]</c> or <c>mqtts://host[:8883]</c>. Empty: nothing is sent, records wait on disk.</summary>
    public string Url { get; set; } = "";

    /// <summary>User name at the broker. Default: the agent id, when there is a password.</summary>
    public string Username { get; set; } = "";

    /// <summary>File that holds the password. Default: the systemd credential <c>mqtt-password</c>, when the unit passes one.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Certificates, for <c>mqtts</c>.</summary>
    public MqttTlsOptions Tls { get; set; } = new();

    /// <summary>First topic levels of everything sent; the agent id follows. Default <c>edgeagent/v1</c>.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")]
    public string TopicPrefix { get; set; } = "edgeagent/v1";

    /// <summary>Longest silence toward the broker; a smaller wish of the broker wins. 1 s to 10 minutes, default 15 s.</summary>
    [TimeSpanRange(1, 600)]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the broker may take to answer before the connection is given up. 1 s to 2 minutes, default 10 s.</summary>
    [TimeSpanRange(1, 120)]
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages sent and not yet acknowledged; a smaller wish of the broker wins. 1 to 100, default 10.</summary>
    [Range(1, 100)]
    public int InFlight { get; set; } = 10;

    /// <summary>Keep records until somebody subscribes: without a subscriber a broker acknowledges and forgets. Default false.</summary>
    public bool RequireSubscriber { get; set; }

    /// <summary>True when a broker is configured.</summary>
    public bool IsEnabled => Url.Length > 0;
}

/// <summary>Certificates toward the broker. Files are read again at each connect, so that they can be renewed in place.</summary>
public sealed class MqttTlsOptions
{
    /// <summary>PEM file of the authorities to trust, instead of the host's own.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of the certificate to show the broker; needs <see cref="ClientKeyFile"/>.</summary>
    public string ClientCertificateFile { get; set; } = "";

    /// <summary>PEM file of its private key.</summary>
    public string ClientKeyFile { get; set; } = "";
}

/// <summary>Checks ranges of <see cref="MqttOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class MqttOptionsValidator : IValidateOptions<MqttOptions>;

/// <summary>Checks what depends on more than one key.</summary>
internal sealed class MqttConsistencyValidator : IValidateOptions<MqttOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttOptions options)
    {
        ValidateOptionsResultBuilder faults = new();
        if (options.IsEnabled)
        {
            CheckUrl(options.Url, faults);
        }

        if ((options.Tls.ClientCertificateFile.Length == 0) != (options.Tls.ClientKeyFile.Length == 0))
        {
            faults.AddError("clientCertificateFile and clientKeyFile go together", "mqtt.tls");
        }

        return faults.Build();
    }

    private static void CheckUrl(string text, ValidateOptionsResultBuilder faults)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("mqtt" or "mqtts") || url.Host.Length == 0)
        {
            faults.AddError("must be mqtt://host[:port] or mqtts://host[:port]", "mqtt.url");
        }
        else if (url.UserInfo.Length > 0)
        {
            faults.AddError("must hold no user or password: use username and passwordFile", "mqtt.url");
        }
    }
}
