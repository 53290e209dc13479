namespace EdgeAgent.Core.Hep;

/// <summary>How HEP is read.</summary>
public sealed record HepSettings
{
    /// <summary>Key every packet must show; empty when none is asked for.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>
    /// HEP among captured packets is read too: on for files. Off live, where any host could forge packets that nobody listens for; there only
    /// the listener is believed.
    /// </summary>
    public bool ReadsCaptured { get; init; }

    /// <summary>A sender's clock that is set while it runs is corrected anew; off for files, whose HEP may have been sent in one go.</summary>
    public bool FollowsClockSteps { get; init; } = true;
}
