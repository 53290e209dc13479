using EdgeAgent.Core.Calls;

namespace EdgeAgent.Core.Metrics;

/// <summary>Hears of what the ledger makes of calls. Called on the signalling thread.</summary>
public interface ILedgerOutput
{
    /// <summary>Something the centre must hear of.</summary>
    void OnEvent(AgentEvent agentEvent);

    /// <summary>A call will not change any more.</summary>
    void OnClosed(Call call);
}
