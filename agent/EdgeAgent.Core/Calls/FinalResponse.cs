using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Core.Calls;

/// <summary>What a final status code means for an attempt (agent/DEFINITIONS.md, "Disposition").</summary>
public static class FinalResponse
{
    /// <summary>True where the caller may try again with a higher CSeq and the attempt goes on.</summary>
    public static bool IsChallenge(int status) =>
        status is (>= 300 and < 400) or 401 or 407 or 413 or 415 or 416 or 420 or 422 or 484 or 491 or 494;

    /// <summary>True where trying again means calling another number: redirected, or more digits wanted.</summary>
    public static bool AsksForAnotherNumber(int status) => status is (>= 300 and < 400) or 484;

    /// <summary>The disposition of an attempt.</summary>
    /// <param name="status">Final status code 200 to 699; 0 where none was seen.</param>
    /// <param name="rang">An 18x was seen before it.</param>
    /// <param name="isNetworkBlock">The response says an analytics engine refused the call (ATIS-1000099).</param>
    public static Disposition DispositionOf(int status, bool rang, bool isNetworkBlock) => status switch
    {
        >= 200 and < 300 => Disposition.Answered,
        486 or 600 => Disposition.Busy,
        480 => Disposition.NoAnswer,
        487 => rang ? Disposition.NoAnswer : Disposition.Cancelled,
        408 when rang => Disposition.NoAnswer,
        607 or 608 => Disposition.Unwanted,
        603 => isNetworkBlock ? Disposition.Unwanted : Disposition.Rejected,
        403 or 606 => Disposition.Rejected,
        404 or 410 or 484 or 604 => Disposition.InvalidNumber,
        _ => Disposition.Failed,
    };
}
