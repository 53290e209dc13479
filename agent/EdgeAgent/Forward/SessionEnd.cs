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

    /// <summary>Another client seems to use our id: said in an event; try again slowly.</summary>
    Duplicate,

    /// <summary>Begin again at once: other settings or files, another broker, a new journal.</summary>
    Renew,
}

/// <summary>End of a connection.</summary>
/// <param name="Kind">What to do next.</param>
/// <param name="Reason">For people.</param>
internal readonly record struct SessionEnd(SessionEndKind Kind, string Reason)
{
    /// <summary>Nothing goes out until somebody has acted.</summary>
    public bool IsParked => Kind is SessionEndKind.Refused or SessionEndKind.Duplicate;
}
