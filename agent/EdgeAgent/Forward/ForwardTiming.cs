namespace EdgeAgent.Forward;

/// <summary>Times of the forwarder that nobody needs to configure; tests shorten them.</summary>
internal sealed record ForwardTiming
{
    /// <summary>Shortest pause before reconnecting.</summary>
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause before reconnecting.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that lasted so long was stable.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause after the broker refused us, or another client took our session.</summary>
    public TimeSpan ParkedPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause before asking again whether somebody subscribes.</summary>
    public TimeSpan HeldPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often <c>health</c> is sent.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often password and certificate files are looked at while connected.</summary>
    public TimeSpan FileLook { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried whether the first broker answers again while the second is in use.</summary>
    public TimeSpan FirstBrokerLook { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shortest time between two events about a duplicate client id.</summary>
    public TimeSpan DuplicateEventInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a stop may go on sending before it says offline.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections within a minute past which another client is thought to use our id.</summary>
    public int ConnectsPerMinute { get; init; } = 5;
}
