using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>Takes what guards have to tell beside verdicts. Called on the signalling thread.</summary>
public interface IGuardOutput
{
    /// <summary>An alert was raised, updated or cleared.</summary>
    void OnAlert(in AlertEvent alert);

    /// <summary>The standing of a number changed.</summary>
    void OnStanding(NumberKey number, in StandingStep step);
}

/// <summary>How an outbound attempt ended, as far as it was not answered.</summary>
/// <param name="Trunk">Trunk it went over; null where it is not known.</param>
/// <param name="IsReached">The person's end was reached: busy, no answer, refused there.</param>
/// <param name="IsRefused">403 or 603.</param>
/// <param name="IsBlocked">607, 608 or a network block.</param>
public readonly record struct GuardRefusal(string? Trunk, bool IsReached, bool IsRefused, bool IsBlocked);
