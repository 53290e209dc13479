using EdgeAgent.Capture;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Pipeline;

/// <summary>A still picture of the signalling loop, made by it once a second; safe to read from any thread.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Sources">Packet sources.</param>
/// <param name="SipMessages">SIP messages parsed since start.</param>
/// <param name="Rejected">Refused messages since start, per cause.</param>
/// <param name="ActiveCalls">Attempts neither refused nor ended.</param>
/// <param name="Today">Counters of the civil day in Europe/Paris per number, the running minute included.</param>
/// <param name="HepSenders">Hosts that hand SIP over by HEP.</param>
/// <param name="Quality">Sum of the capture quality since start.</param>
/// <param name="Confidence">Confidence of the last sealed minute and the running one, the worse of the two.</param>
/// <param name="Cause">What lowers confidence, null when nothing does.</param>
public sealed record SignallingStatus(
    DateTimeOffset At,
    IReadOnlyList<SourceStatus> Sources,
    long SipMessages,
    IReadOnlyDictionary<string, long> Rejected,
    long ActiveCalls,
    IReadOnlyList<KeyValuePair<Core.Numbers.NumberKey, NumberCounters>> Today,
    IReadOnlyList<HepSender> HepSenders,
    CaptureQuality Quality,
    Confidence Confidence,
    string? Cause)
{
    /// <summary>What is not observed now.</summary>
    public IReadOnlyList<UnobservedPeriod> Unobserved { get; init; } = [];

    /// <summary>How much of today's legal calling time was observed; null before the first minute.</summary>
    public DayCoverage? Coverage { get; init; }

    /// <summary>The same of the last day that is over; null when none is known.</summary>
    public DayCoverage? CoverageBefore { get; init; }
}

/// <summary>Something that is not observed, or only in part.</summary>
/// <param name="Source">Interface, place where HEP is taken, trunk, or <c>agent</c>.</param>
/// <param name="Cause">Why.</param>
/// <param name="IsBlind">Nothing that counts can be seen.</param>
/// <param name="From">Since when.</param>
public sealed record UnobservedPeriod(string Source, ObservationCause Cause, bool IsBlind, DateTimeOffset From);
