using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Telemetry;

/// <summary>
/// Answer to <c>GET /v1/status</c>, also printed by <c>edge-agent status --json</c>. Stable: names are never changed, only added.
/// camelCase, times ISO 8601 UTC, what does not exist is null.
/// </summary>
/// <param name="State"><c>healthy</c> or <c>degraded</c>.</param>
/// <param name="Reasons">Why it is degraded, one sentence each; empty when healthy.</param>
/// <param name="Version">Version of the running agent.</param>
/// <param name="AgentId">Name at the broker.</param>
/// <param name="ProcessId">Process id.</param>
/// <param name="StartedAt">Start of the process.</param>
/// <param name="UptimeSeconds">Whole seconds since then, by the monotonic clock.</param>
/// <param name="Configuration">Which configuration is in force.</param>
/// <param name="Sources">Packet sources; counters since start.</param>
/// <param name="Signalling">Signalling loop; null before its first second.</param>
/// <param name="Today">Sums over all numbers for the civil day; null before the first second.</param>
/// <param name="Store">Buffer on disk; null before it is open.</param>
/// <param name="Broker">Connection to the broker; null when forwarding is not part of this run.</param>
/// <param name="Loops">Watched loops.</param>
public sealed record StatusDocument(
    string State,
    IReadOnlyList<string> Reasons,
    string Version,
    string AgentId,
    int ProcessId,
    DateTimeOffset StartedAt,
    long UptimeSeconds,
    ConfigurationDocument Configuration,
    IReadOnlyList<SourceDocument> Sources,
    SignallingDocument? Signalling,
    TodayDocument? Today,
    StoreDocument? Store,
    BrokerDocument? Broker,
    IReadOnlyList<LoopDocument> Loops)
{
    /// <summary>Coverage of today's legal calling time so far; null before the first minute.</summary>
    public CoverageDocument? Coverage { get; init; }

    /// <summary>The same of the last day that is over; null when none is known.</summary>
    public CoverageDocument? CoverageBefore { get; init; }

    /// <summary><see cref="State"/> when nothing is wrong.</summary>
    public const string Healthy = "healthy";

    /// <summary><see cref="State"/> when <see cref="Reasons"/> says something.</summary>
    public const string Degraded = "degraded";
}

/// <summary>Which configuration is in force.</summary>
/// <param name="File">Path it was read from.</param>
/// <param name="Sha256">Fingerprint of the settings in force.</param>
/// <param name="TrunksSha256">Fingerprint of the trunk list.</param>
/// <param name="LoadedAt">When it came into force.</param>
/// <param name="RefusedAt">When a later reload was refused; null when none was since.</param>
/// <param name="RefusedFaults">Why.</param>
public sealed record ConfigurationDocument(
    string File, string Sha256, string TrunksSha256, DateTimeOffset LoadedAt, DateTimeOffset? RefusedAt, IReadOnlyList<string> RefusedFaults);

/// <summary>One packet source.</summary>
public sealed record SourceDocument(
    string Name, bool Up, long Packets, long KernelDrops, long InterfaceDrops, long QueueDrops, long Refused, string? Fault);

/// <summary>Signalling loop.</summary>
/// <param name="At">When this picture was made.</param>
/// <param name="SipMessages">Messages parsed since start.</param>
/// <param name="Rejected">Refused messages since start, per cause.</param>
/// <param name="ActiveCalls">Attempts neither refused nor ended.</param>
/// <param name="Confidence"><c>full</c>, <c>degraded</c> or <c>blind</c>.</param>
/// <param name="Cause">What lowers it.</param>
/// <param name="HepSenders">Hosts that hand SIP over by HEP.</param>
/// <param name="Quality">Losses since start.</param>
public sealed record SignallingDocument(
    DateTimeOffset At,
    long SipMessages,
    IReadOnlyDictionary<string, long> Rejected,
    long ActiveCalls,
    string Confidence,
    string? Cause,
    IReadOnlyList<HepSenderDocument> HepSenders,
    QualityDocument Quality)
{
    /// <summary>What is not observed now, blind first.</summary>
    public IReadOnlyList<UnobservedDocument> Unobserved { get; init; } = [];
}

/// <summary>Something that is not observed, or only in part.</summary>
/// <param name="Source">Interface, place where HEP is taken, trunk, or <c>agent</c>.</param>
/// <param name="Cause">Such as <c>interfaceDown</c>.</param>
/// <param name="Blind">Nothing that counts can be seen; else a part is missing.</param>
/// <param name="From">Since when.</param>
public sealed record UnobservedDocument(string Source, string Cause, bool Blind, DateTimeOffset From);

/// <summary>How much of a civil day's legal calling time was observed.</summary>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="LegalSeconds">Legal calling time of the whole day.</param>
/// <param name="ElapsedSeconds">Of it, what has passed: observed and lost.</param>
/// <param name="ObservedSeconds">Of it, what was observed.</param>
/// <param name="Ratio">Observed ÷ elapsed; null while nothing has passed.</param>
/// <param name="LostSeconds">Seconds lost per cause, without zeros.</param>
public sealed record CoverageDocument(
    DateOnly Day,
    double LegalSeconds,
    double ElapsedSeconds,
    double ObservedSeconds,
    double? Ratio,
    IReadOnlyDictionary<string, double> LostSeconds)
{
    /// <summary>Makes it of what was measured; null of nothing.</summary>
    internal static CoverageDocument? From(DayCoverage? coverage) => coverage is null ? null : new CoverageDocument(
        coverage.Day,
        coverage.Legal.TotalSeconds,
        coverage.Elapsed.TotalSeconds,
        coverage.Observed.TotalSeconds,
        coverage.Ratio is double ratio ? Math.Round(ratio, 6) : null,
        new SortedDictionary<string, double>(
            coverage.Lost.ToDictionary(each => ObservationCauses.NameOf(each.Key), each => each.Value.TotalSeconds), StringComparer.Ordinal));
}

/// <summary>A host that hands SIP over by HEP.</summary>
/// <param name="Name">Its address, and the number it has given itself.</param>
/// <param name="Packets">Packets with SIP in them since start.</param>
/// <param name="OffsetSeconds">The agent's clock minus its clock at its last packet, in seconds.</param>
public sealed record HepSenderDocument(string Name, long Packets, double OffsetSeconds);

/// <summary>Losses since start.</summary>
public sealed record QualityDocument(
    long KernelDrops,
    long QueueDrops,
    long Undecodable,
    long ReassemblyGaps,
    long Fragments,
    long OrphanResponses,
    long OrphanByes,
    long Evictions,
    long Forgotten,
    double BlindSeconds)
{
    /// <summary>Time in which a part was missing.</summary>
    public double DegradedSeconds { get; init; }
}

/// <summary>Sums over all numbers of the civil day in Europe/Paris.</summary>
/// <param name="Day">Civil day in Europe/Paris.</param>
/// <param name="Numbers">Numbers with counters.</param>
/// <param name="Attempts">Outbound attempts.</param>
/// <param name="Answered">Of them answered.</param>
/// <param name="Guards">Attempts that broke a rule, and under the rule's name with <c>Alerts</c> those it warns of; zeros left out.</param>
/// <param name="Ratios">Ratios of the whole box.</param>
public sealed record TodayDocument(
    DateOnly Day, int Numbers, long Attempts, long Answered, IReadOnlyDictionary<string, long> Guards, RatiosDocument Ratios);

/// <summary>Ratios of the whole box, 0 to 1, null without denominator; formulas in agent/DEFINITIONS.md §6.</summary>
/// <param name="Asr">Answer-seizure ratio.</param>
/// <param name="AcdSeconds">Average call duration.</param>
/// <param name="Ner">Network effectiveness ratio.</param>
/// <param name="Ser">Session establishment ratio.</param>
/// <param name="Seer">Session establishment effectiveness ratio.</param>
/// <param name="Isa">Ineffective session attempts.</param>
public sealed record RatiosDocument(double? Asr, double? AcdSeconds, double? Ner, double? Ser, double? Seer, double? Isa)
{
    /// <summary>The ratios of <paramref name="totals"/>, six digits behind the point.</summary>
    public static RatiosDocument From(NumberCounters totals) => new(
        Round(totals.AnswerRate()),
        Round(totals.AcdSeconds()),
        Round(totals.NetworkEffectiveness()),
        Round(totals.SessionEstablishment()),
        Round(totals.SessionEstablishmentEffectiveness()),
        Round(totals.IneffectiveAttempts()));

    private static double? Round(double? ratio) => ratio is double value ? Math.Round(value, 6) : null;
}

/// <summary>Buffer on disk.</summary>
/// <param name="UnsentRecords">Records the broker has not acknowledged.</param>
/// <param name="OldestUnsentAt">When the oldest of them was stored.</param>
/// <param name="OldestUnsentAgeSeconds">Its age.</param>
/// <param name="Bytes">Size on disk.</param>
/// <param name="Epoch">Epoch of the sequence numbers.</param>
/// <param name="NextSequence">Number of the next record.</param>
/// <param name="Fault">Why nothing can be written.</param>
/// <param name="OldestSequence">Oldest record that can still be read or sent again.</param>
/// <param name="RetentionReachedDays">Days of records the quota holds, at most the configured retention; null while too early to judge.</param>
/// <param name="PublicKey">Key records are signed with: SubjectPublicKeyInfo in base64.</param>
/// <param name="KeyFingerprint">First 16 hex digits of its SHA-256.</param>
public sealed record StoreDocument(
    long UnsentRecords,
    DateTimeOffset? OldestUnsentAt,
    long? OldestUnsentAgeSeconds,
    long Bytes,
    string Epoch,
    long NextSequence,
    string? Fault,
    long OldestSequence,
    int? RetentionReachedDays,
    string? PublicKey,
    string? KeyFingerprint);

/// <summary>Connection to the broker.</summary>
public sealed record BrokerDocument(
    string? Address, bool Connected, DateTimeOffset? Since, int InFlight, bool Parked, string? LastError, string? Standby);

/// <summary>A watched loop.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Beats">Rounds since start.</param>
/// <param name="Lagging">It did not advance when last looked at.</param>
public sealed record LoopDocument(string Name, long Beats, bool Lagging);
