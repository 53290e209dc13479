namespace EdgeAgent.Configuration;

/// <summary>Rules a call is judged by.</summary>
public sealed class GuardsOptions
{
    /// <summary>Absolute path of the policy. Default: <c>policy.yaml</c> beside the configuration, and the defaults of every rule where there is none.</summary>
    public string PolicyFile { get; set; } = "";
}
