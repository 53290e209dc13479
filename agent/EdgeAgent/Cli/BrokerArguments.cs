using System.CommandLine;
using EdgeAgent.Configuration;

namespace EdgeAgent.Cli;

/// <summary>How the centre's commands reach a broker: the same options on each.</summary>
internal sealed class BrokerArguments
{
    private readonly Option<string?> _broker = new("--broker") { Description = "Broker: mqtt://host[:1883], mqtts://host[:8883], ws://host/path or wss://host/path", HelpName = "URL" };
    private readonly Option<string?> _user = new("--username") { Description = "User name at the broker", HelpName = "NAME" };
    private readonly Option<string?> _password = new("--password-file") { Description = "File whose first line is the password", HelpName = "FILE" };
    private readonly Option<string?> _authority = new("--ca-file") { Description = "Authorities the broker's certificate must come from, PEM", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--client-certificate") { Description = "Certificate to log in with, PEM", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--client-key") { Description = "Its private key, PEM", HelpName = "FILE" };
    private readonly Option<string> _prefix = new("--topic-prefix")
    {
        Description = "First levels of the agents' topics (mqtt.topicPrefix)", HelpName = "TOPIC", DefaultValueFactory = _ => new MqttOptions().TopicPrefix,
    };

    private readonly Option<string> _commandPrefix = new("--command-prefix")
    {
        Description = "First levels of the topics orders go by (commands.topicPrefix)", HelpName = "TOPIC", DefaultValueFactory = _ => new CommandsOptions().TopicPrefix,
    };

    /// <summary>Puts the options on a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="sends">It sends orders, and does not only listen.</param>
    public void AddTo(Command command, bool sends = true)
    {
        Option[] options = [_broker, _user, _password, _authority, _certificate, _certificateKey, _prefix];
        foreach (Option option in sends ? [.. options, _commandPrefix] : options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_broker) is string url
                && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? read) && read.Scheme is "mqtt" or "mqtts" or "ws" or "wss" && read.Host.Length > 0 && read.UserInfo.Length == 0))
            {
                result.AddError("--broker is no address such as mqtt://host:1883 or mqtts://host:8883 (user and password are given by options).");
            }
        });
    }

    /// <summary>True when a broker was named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_broker) is not null;

    /// <summary>True when a broker was named.</summary>
    public bool IsGiven(System.CommandLine.Parsing.SymbolResult result) => result.GetValue(_broker) is not null;

    /// <summary>First levels of command topics.</summary>
    public string CommandPrefix(ParseResult parse) => parse.GetRequiredValue(_commandPrefix);

    /// <summary>What was given, in the form of the configuration.</summary>
    /// <exception cref="CommandException">No broker was named.</exception>
    public MqttOptions Read(ParseResult parse) => new()
    {
        Url = parse.GetValue(_broker) ?? throw new CommandException(ExitCode.Usage, "--broker is missing"),
        Username = parse.GetValue(_user) ?? "",
        PasswordFile = parse.GetValue(_password) ?? "",
        TopicPrefix = parse.GetRequiredValue(_prefix),
        Tls = new MqttTlsOptions
        {
            CaFile = parse.GetValue(_authority) ?? "",
            ClientCertificateFile = parse.GetValue(_certificate) ?? "",
            ClientKeyFile = parse.GetValue(_certificateKey) ?? "",
        },
    };
}
