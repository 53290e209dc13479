namespace EdgeAgent.Forward;

/// <summary>A still picture of the forwarder; safe to read from any thread.</summary>
/// <param name="IsEnabled">A broker is configured.</param>
/// <param name="IsConnected">The broker has accepted us.</param>
/// <param name="Broker">Scheme, host and port; never credentials.</param>
/// <param name="Since">Since when it is connected or not; null before the first attempt.</param>
/// <param name="LastError">Why the last connection or record failed; null while all is well.</param>
/// <param name="InFlight">Messages sent and not acknowledged.</param>
/// <param name="Acknowledged">Sequenced records acknowledged since start, repeated ones included.</param>
/// <param name="Parked">Why nothing is sent although the broker can be reached (refused login or topic, no subscriber); null when it is.</param>
/// <param name="Standby">Why the standby broker is used and not the first; null while the first is.</param>
/// <param name="IsListening">The broker lets commands through to us.</param>
public sealed record ForwardStatus(
    bool IsEnabled,
    bool IsConnected,
    string Broker,
    DateTimeOffset? Since,
    string? LastError,
    int InFlight,
    long Acknowledged,
    string? Parked,
    string? Standby,
    bool IsListening = false);
