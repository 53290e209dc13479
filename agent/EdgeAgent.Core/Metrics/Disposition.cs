namespace EdgeAgent.Core.Metrics;

/// <summary>How an attempt ended; one per attempt, given when its final response is seen (agent/DEFINITIONS.md).</summary>
public enum Disposition
{
    /// <summary>First 2xx to the INVITE.</summary>
    Answered = 0,
    /// <summary>486, 600.</summary>
    Busy,
    /// <summary>487 or 408 after ringing, or 480.</summary>
    NoAnswer,
    /// <summary>487 before any ringing.</summary>
    Cancelled,
    /// <summary>403, 603, 606.</summary>
    Rejected,
    /// <summary>607, 608, 603 with a network-block Reason.</summary>
    Unwanted,
    /// <summary>404, 410, 484, 604.</summary>
    InvalidNumber,
    /// <summary>Every other final response, or none.</summary>
    Failed,
}
