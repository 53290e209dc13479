namespace EdgeAgent.Core.Calls;

/// <summary>Where an attempt stands.</summary>
public enum CallState
{
    /// <summary>No INVITE seen.</summary>
    Idle = 0,
    /// <summary>INVITE seen, no response but perhaps 100.</summary>
    Inviting,
    /// <summary>An 18x was seen.</summary>
    Ringing,
    /// <summary>Refused in a way the caller may mend: a higher CSeq continues the attempt, silence ends it.</summary>
    Challenged,
    /// <summary>A 2xx was seen.</summary>
    Answered,
    /// <summary>A BYE was seen for every dialog and is not confirmed yet.</summary>
    Ending,
    /// <summary>Over; remembered only so that late copies change nothing.</summary>
    Ended,
}

/// <summary>What happened to an attempt.</summary>
public enum CallSignal
{
    /// <summary>Its first INVITE, a copy of it, or a fork.</summary>
    Invite = 0,
    /// <summary>An INVITE with a higher CSeq and no To-tag.</summary>
    InviteAgain,
    /// <summary>101 to 199.</summary>
    Provisional,
    /// <summary>First or further 2xx to the INVITE.</summary>
    Success,
    /// <summary>A final response after which a higher CSeq continues the attempt (401, 407, 3xx, ...).</summary>
    Challenge,
    /// <summary>Any other final response; or one that was lost, shown by its ACK.</summary>
    Refusal,
    /// <summary>BYE for the last dialog still up.</summary>
    Bye,
    /// <summary>The BYE was answered, or nothing contradicted it in time.</summary>
    ByeConfirmed,
    /// <summary>A request later than the BYE succeeded: the dialog lives (a BYE refused with 481).</summary>
    ByeRevoked,
    /// <summary>Its deadline passed.</summary>
    Expired,
    /// <summary>Nothing more will be seen: end of the capture, or no room in the table.</summary>
    Abandoned,
}

/// <summary>What a step means for the figures.</summary>
public enum CallReport
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>An attempt begins.</summary>
    Started,
    /// <summary>First 18x.</summary>
    Rang,
    /// <summary>First 2xx: answered, disposition included.</summary>
    WasAnswered,
    /// <summary>The final disposition of an attempt that was not answered.</summary>
    WasRefused,
    /// <summary>An answered call ended with a confirmed BYE.</summary>
    EndedByBye,
    /// <summary>An answered call ended without one.</summary>
    EndedUnknown,
    /// <summary>An attempt is given up while open: it gets no disposition.</summary>
    LeftOpen,
    /// <summary>It may be forgotten.</summary>
    Forget,
}

/// <summary>The new state and what to report.</summary>
/// <param name="State">State after the signal.</param>
/// <param name="Report">What the figures must learn, once.</param>
public readonly record struct CallStep(CallState State, CallReport Report = CallReport.None);

/// <summary>The life of one attempt as one function. Pure: no clock, no I/O, no fields; the caller owns state and time.</summary>
public static class CallMachine
{
    /// <summary>Every arrow of the state machine; a pair not named here changes nothing, so copies and strays are harmless.</summary>
    public static CallStep Next(CallState state, CallSignal signal) => (state, signal) switch
    {
        (CallState.Idle, CallSignal.Invite) => new(CallState.Inviting, CallReport.Started),

        (CallState.Challenged, CallSignal.InviteAgain) => new(CallState.Inviting),

        (CallState.Inviting, CallSignal.Provisional) => new(CallState.Ringing, CallReport.Rang),

        // A 2xx wins over a CANCEL that crosses it, and over a challenge on another branch (RFC 3261 §9.1, §13.2.2.4).
        (CallState.Inviting or CallState.Ringing or CallState.Challenged, CallSignal.Success) =>
            new(CallState.Answered, CallReport.WasAnswered),

        (CallState.Inviting or CallState.Ringing, CallSignal.Challenge) => new(CallState.Challenged),
        (CallState.Inviting or CallState.Ringing or CallState.Challenged, CallSignal.Refusal) =>
            new(CallState.Ended, CallReport.WasRefused),
        (CallState.Inviting or CallState.Ringing or CallState.Challenged, CallSignal.Expired) =>
            new(CallState.Ended, CallReport.WasRefused),

        // A challenge nobody will answer any more is the attempt's final response; anything else stays open.
        (CallState.Challenged, CallSignal.Abandoned) => new(CallState.Ended, CallReport.WasRefused),
        (CallState.Inviting or CallState.Ringing, CallSignal.Abandoned) => new(CallState.Ended, CallReport.LeftOpen),

        (CallState.Answered, CallSignal.Bye) => new(CallState.Ending),
        (CallState.Answered, CallSignal.Expired or CallSignal.Abandoned) => new(CallState.Ended, CallReport.EndedUnknown),

        (CallState.Ending, CallSignal.ByeRevoked) => new(CallState.Answered),
        (CallState.Ending, CallSignal.ByeConfirmed or CallSignal.Expired or CallSignal.Abandoned) =>
            new(CallState.Ended, CallReport.EndedByBye),

        (CallState.Ended, CallSignal.Expired or CallSignal.Abandoned) => new(CallState.Ended, CallReport.Forget),

        _ => new(state),
    };
}
