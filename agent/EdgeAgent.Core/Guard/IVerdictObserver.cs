namespace EdgeAgent.Core.Guard;

/// <summary>Is told every verdict on an outbound attempt that passes. Called on the signalling thread.</summary>
public interface IVerdictObserver
{
    /// <summary>An attempt was judged; the decision holds until this returns.</summary>
    void OnVerdict(in GuardFacts facts, GuardDecision decision);
}
