using EdgeAgent.Core.Calls;

namespace EdgeAgent.Replay;

/// <summary>Names of values as every output writes them: camelCase, but evidence with hyphens.</summary>
internal static class Words
{
    /// <summary>Such as <c>noAnswer</c> or <c>unlistedTrunk</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        string name = Enum.GetName(value) ?? "";
        return name.Length == 0 ? "" : char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary><c>number</c> or <c>person</c>; null for nobody.</summary>
    public static string? Of(CallSide side) => side == CallSide.None ? null : Of<CallSide>(side);

    /// <summary>Such as <c>referredBy</c>; null for none.</summary>
    public static string? Of(TransferEvidence evidence) => evidence == TransferEvidence.None ? null : Of<TransferEvidence>(evidence);

    /// <summary>Such as <c>final-response</c>; null for none.</summary>
    public static string? Of(EndEvidence evidence) => evidence switch
    {
        EndEvidence.None => null,
        EndEvidence.Bye => "bye",
        EndEvidence.FinalResponse => "final-response",
        EndEvidence.Cancel => "cancel",
        EndEvidence.NoResponse => "no-response",
        EndEvidence.SessionExpired => "session-expired",
        EndEvidence.IdleLimit => "idle-limit",
        EndEvidence.CaptureEnd => "capture-end",
        EndEvidence.Blind => "blind",
        _ => "evicted",
    };
}
