namespace EdgeAgent.Tests.EndToEnd;

/// <summary>The one place where end-to-end tests write the agent's YAML.</summary>
internal static class AgentConfiguration
{
    /// <summary>Agent id, a level of every topic.</summary>
    public const string AgentId = "gateway-1";

    /// <summary>Where the second agent of the rig takes HEP.</summary>
    public const string RigHepAddress = "10.20.0.1:9060";

    /// <summary>Configuration for a second agent on the same gateway that hears of its traffic by HEP only.</summary>
    public static string ForHepOfRig(string directory) => $"""
        agentId: {AgentId}-hep
        trunks:
          - name: carrier-a
            hosts: [10.20.0.2]
          - name: carrier-b
            hosts: [10.20.0.3]
        phones: [10.10.0.0/24]
        sources:
          hep:
            listen: [{RigHepAddress}]
            allow: [10.20.0.1]
        store:
          directory: {directory}/hep-store
        controlSocket: {directory}/hep.sock
        """;

    /// <summary>Configuration for the traffic rig's gateway: two trunks, a broker on the same host.</summary>
    /// <param name="directory">Directory of the run.</param>
    /// <param name="interfaces">Where it listens.</param>
    public static string ForRig(string directory, params IEnumerable<string> interfaces) => $"""
        agentId: {AgentId}
        trunks:
          - name: carrier-a
            hosts: [10.20.0.2]
          - name: carrier-b
            hosts: [10.20.0.3]
        phones: [10.10.0.0/24]
        sources:
          live: [{string.Join(", ", interfaces.Select(name => $"{{ interface: {name}, promiscuous: {(name == "trunk0" ? "false" : "true")} }}"))}]
          ports: [5060]
        mqtt:
          url: mqtt://127.0.0.1:1883
        store:
          directory: {directory}/store
        limits:
          challenge: 30 s # whoever crosses a blind period challenged is given up before the rig is taken down
          ringingLimit: 1 h # one of which only the ringing was seen is still open at the end, in the agent and in the replay alike
        controlSocket: {directory}/agent.sock
        """;
}
