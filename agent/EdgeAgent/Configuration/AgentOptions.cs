using EdgeAgent.Guards;

namespace EdgeAgent.Configuration;

/// <summary>Everything the administrator may write: one YAML file, overridden by <c>EDGEAGENT__…</c> variables.</summary>
/// <remarks>Types, ranges and wording of each key stand once, in <see cref="AgentKeys"/>.</remarks>
public sealed class AgentOptions
{
    /// <summary>Name of this agent at the broker: <c>[a-z0-9-]{1,40}</c>. Default: the host's name in that alphabet.</summary>
    public string AgentId { get; set; } = "";

    /// <summary>Carriers. Default none: roles are then learnt and every dialog counts once.</summary>
    public IReadOnlyList<TrunkOptions> Trunks { get; set; } = [];

    /// <summary>Networks (CIDR) or addresses of this host's phones. Default none: registrations are watched.</summary>
    public IReadOnlyList<string> Phones { get; set; } = [];

    /// <summary>Where packets come from.</summary>
    public SourcesOptions Sources { get; set; } = new();

    /// <summary>How dialled digits become numbers.</summary>
    public NumbersOptions Numbers { get; set; } = new();

    /// <summary>Which header names the caller.</summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>The central broker.</summary>
    public MqttOptions Mqtt { get; set; } = new();

    /// <summary>What the centre may ask.</summary>
    public CommandsOptions Commands { get; set; } = new();

    /// <summary>The buffer on disk.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>Rules a call is judged by.</summary>
    public GuardsOptions Guards { get; set; } = new();

    /// <summary>Sizes and times past which something is refused, closed or forgotten.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>Unix socket the local commands ask. Default <c>/run/edge-agent/agent.sock</c>.</summary>
    public string ControlSocket { get; set; } = DefaultControlSocket;

    /// <summary>Default of <see cref="ControlSocket"/>; what the local commands ask when not told otherwise.</summary>
    public const string DefaultControlSocket = "/run/edge-agent/agent.sock";

    /// <summary>SHA-256 of the settings these options were read from, in lower-case hex; empty where nothing was read. Set by the loader.</summary>
    internal string Fingerprint { get; set; } = "";

    /// <summary>What the policy file says. Set by the loader; a field, since the binder would take a property for a key.</summary>
    internal PolicyResult Policy = PolicyLoader.Default;

    /// <summary>Puts the defaults in that the binder cannot: it adds to a list, it does not replace it.</summary>
    internal void FillEmpty()
    {
        AgentId = AgentId.Length > 0 ? AgentId : AgentIdFrom(Environment.MachineName);
        Sources.Ports = Sources.Ports.Count > 0 ? Sources.Ports : [5060];
        Identity.Order = Identity.Order.Count > 0 ? Identity.Order : IdentityOptions.DefaultOrder;
    }

    private static string AgentIdFrom(string hostName)
    {
        string id = string.Concat(hostName.ToLowerInvariant().Take(40).Select(c => AgentKeys.IsIdCharacter(c) ? c : '-'));
        return id.Length > 0 ? id : "edge-agent";
    }
}
