using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Core;

/// <summary>Takes what the engine makes. Called on the signalling thread.</summary>
public interface IEngineOutput : ILedgerOutput
{
    /// <summary>A minute will not change any more. Minutes come in order.</summary>
    void OnSealed(SealedMinute minute);
}
