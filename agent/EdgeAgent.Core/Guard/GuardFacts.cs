using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Guard;

/// <summary>
/// What rules may look at of one outbound attempt, at its first INVITE or when a PBX asks before it dials. No person's number is kept from it:
/// state holds pseudonyms only.
/// </summary>
public readonly record struct GuardFacts
{
    /// <summary>Time of the INVITE, or of the question.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller ID shown; a bucket where none is.</summary>
    public required NumberKey Number { get; init; }

    /// <summary>The callee; not a number where it could not be read as E.164.</summary>
    public E164Number Person { get; init; }

    /// <summary>Class of a callee that is dialled as it stands and is no E.164 number; unknown for others.</summary>
    public NumberClass ShortClass { get; init; }

    /// <summary>First 64 bits of the callee's pseudonym; 0 where there is none.</summary>
    public ulong PersonKey { get; init; }

    /// <summary>The same under the pseudonym key before the present one, while that lives; else 0.</summary>
    public ulong FormerPersonKey { get; init; }

    /// <summary>Name of the trunk; null where it is not known.</summary>
    public string? Trunk { get; init; }

    /// <summary>Campaign the PBX named; null leaves it to number and trunk.</summary>
    public string? Campaign { get; init; }

    /// <summary>Hash of the account the call is made under; 0 where it is not known.</summary>
    public ulong Account { get; init; }

    /// <summary>Hash of the agent line; 0 where it is not known.</summary>
    public ulong Seat { get; init; }

    /// <summary>Hash that is the same for every copy of one attempt; 0 where copies cannot come.</summary>
    public ulong Attempt { get; init; }

    /// <summary>Privacy was asked for: the person sees no number.</summary>
    public bool IsWithheld { get; init; }

    /// <summary><see cref="Number"/> stands for a number that the agent itself keeps hidden, since it may be a person's: nothing can be said about it.</summary>
    public bool IsNumberHidden { get; init; }

    /// <summary>Goes on for an attempt that failed just before: for the person it is the same one.</summary>
    public bool IsFailover { get; init; }

    /// <summary>A call-back on its way to somebody else: nobody is solicited, the caller called.</summary>
    public bool IsSentOn { get; init; }

    /// <summary>Part of the capture is missing: counts are lower bounds, and no alert may be raised from them.</summary>
    public bool IsBlind { get; init; }
}
