namespace EdgeAgent.Forward;

/// <summary>Why a connection ended, which decides when the next one begins.</summary>
internal enum SessionEndKind
{
    /// <summary>The agent stops.</summary>
    Stopped = 0,

    /// <summary>It broke, or the broker did not answer: try again with growing pauses.</summary>
    Lost,

    /// <summary>The broker refused our login, topic or size: somebody has to act; try again slowly.</summary>
    Refused,

    /// <summary>Begin again at once: other settings, or a new journal.</summary>
    Renew,
}

/// <summary>End of a connection.</summary>
/// <param name="Kind">What to do next.</param>
/// <param name="Reason">For people.</param>
internal readonly record struct SessionEnd(SessionEndKind Kind, string Reason);
