using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <summary>Which way an attempt went, seen from the company (agent/DEFINITIONS.md).</summary>
public enum CallDirection
{
    /// <summary>No trunk is configured or learnt for either end.</summary>
    Unknown = 0,
    /// <summary>INVITE toward a trunk.</summary>
    Outbound,
    /// <summary>INVITE from a trunk.</summary>
    Inbound,
    /// <summary>Both ends are phones of this host, or this host itself.</summary>
    Internal,
    /// <summary>To or from an E.164 number over a host that is neither phone nor listed trunk.</summary>
    UnlistedTrunk,
}

/// <summary>What showed that a call had ended.</summary>
public enum EndEvidence
{
    /// <summary>It has not ended.</summary>
    None = 0,
    /// <summary>A BYE, confirmed (agent/DEFINITIONS.md).</summary>
    Bye,
    /// <summary>A final response other than 2xx.</summary>
    FinalResponse,
    /// <summary>A CANCEL, with the final response that followed it or none.</summary>
    Cancel,
    /// <summary>No response at all within Timer B (RFC 3261 §17.1.1.2).</summary>
    NoResponse,
    /// <summary>The session timer ran out without refresh (RFC 4028).</summary>
    SessionExpired,
    /// <summary>Nothing was seen of it for longer than any call may last.</summary>
    IdleLimit,
    /// <summary>The capture ended first.</summary>
    CaptureEnd,
    /// <summary>It may have ended while the agent saw nothing.</summary>
    Blind,
    /// <summary>It was forgotten because the table was full.</summary>
    Evicted,
}

/// <summary>Whose BYE ended a call.</summary>
public enum CallSide
{
    /// <summary>No BYE did.</summary>
    None = 0,
    /// <summary>The company's side: the caller of an outbound call, the called of a call-back.</summary>
    Number,
    /// <summary>The far end.</summary>
    Person,
}

/// <summary>What showed that an attempt comes of a transfer.</summary>
public enum TransferEvidence
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A REFER asked for it (RFC 3515).</summary>
    Refer,
    /// <summary>It takes over another dialog (RFC 3891).</summary>
    Replaces,
    /// <summary>It says that it was referred (RFC 3892); by which call is not known.</summary>
    ReferredBy,
}

/// <summary>One attempt as it is shown to whoever asks for single calls. The person is in memory only; writers print its pseudonym.</summary>
public sealed record CallRecord
{
    /// <summary>Call-ID: for local output only, never for MQTT or logs.</summary>
    public required string CallId { get; init; }

    /// <summary>Time of the first INVITE.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Which way it went.</summary>
    public required CallDirection Direction { get; init; }

    /// <summary>It moved the figures of its number.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>The company's side.</summary>
    public required NumberKey Number { get; init; }

    /// <summary>Pseudonym of the far end, null where none was readable.</summary>
    public string? Person { get; init; }

    /// <summary>Name of the trunk, null when none took part.</summary>
    public string? Trunk { get; init; }

    /// <summary>Null while open.</summary>
    public Disposition? Disposition { get; init; }

    /// <summary>Final status code, null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Time of the first 2xx.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Time of the BYE or of the final response; null where the end was not seen.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What showed the end.</summary>
    public EndEvidence EndEvidence { get; init; }

    /// <summary>Who hung up; none where no BYE ended the call.</summary>
    public CallSide HungUpBy { get; init; }

    /// <summary>What showed that it comes of a transfer.</summary>
    public TransferEvidence Transfer { get; init; }

    /// <summary>Call-ID of the call it was transferred from, null where unknown. For local output only.</summary>
    public string? TransferredFrom { get; init; }

    /// <summary>Who forwarded the call: the company's own number, else a pseudonym; null when nobody did or it was not readable.</summary>
    public string? ForwardedBy { get; init; }

    /// <summary>First 18x to the final response, null without 18x.</summary>
    public TimeSpan? Ring { get; init; }

    /// <summary>First 2xx to the confirmed BYE, null without either.</summary>
    public TimeSpan? Talk { get; init; }
}
