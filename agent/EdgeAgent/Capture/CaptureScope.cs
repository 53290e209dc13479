using EdgeAgent.Configuration;

namespace EdgeAgent.Capture;

/// <summary>What the kernel passes on.</summary>
/// <param name="Ports">SIP ports, 1 to 65,535.</param>
/// <param name="IsAnyPort">UDP and TCP of every port.</param>
/// <param name="Tunnels">Tunnels whose packets are passed on whole.</param>
public sealed record CaptureScope(IReadOnlyList<int> Ports, bool IsAnyPort, IReadOnlyList<TunnelKind> Tunnels);
