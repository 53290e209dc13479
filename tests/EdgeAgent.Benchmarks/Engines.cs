using System.Net;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Benchmarks;

/// <summary>Engines with both guards on and an output that keeps nothing.</summary>
internal static class Engines
{
    /// <summary>Makes an engine that has seen nothing.</summary>
    /// <param name="trunk">The carrier's network.</param>
    public static SignallingEngine Create(string trunk) => new(SettingsFor(trunk), new Ignore());

    /// <summary>French plans, one trunk, both guards.</summary>
    public static EngineSettings SettingsFor(string trunk) => new()
    {
        Trunks = new TrunkTable([new Trunk("carrier", [HostRange.From(IPNetwork.Parse(trunk))], PartyReader.DefaultOrder)]),
        Numbers = new NumberNormaliser(new NumberSettings()),
        Pseudonymiser = new PersonPseudonymiser(new byte[PersonPseudonymiser.KeyBytes], "benchmark"),
    };

    private sealed class Ignore : IEngineOutput
    {
        public void OnEvent(AgentEvent agentEvent)
        {
        }

        public void OnClosed(Call call)
        {
        }

        public void OnSealed(SealedMinute minute)
        {
        }
    }
}
