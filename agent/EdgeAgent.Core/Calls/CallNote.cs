namespace EdgeAgent.Core.Calls;

/// <summary>Why a message did what it did to a call, or nothing.</summary>
public enum CallNote
{
    /// <summary>Nothing to say.</summary>
    None = 0,
    /// <summary>REGISTER and its responses make no call; a success shows who is a phone.</summary>
    Registration,
    /// <summary>It belongs to no call that is known.</summary>
    NoCall,
    /// <summary>An INVITE that begins an attempt.</summary>
    NewAttempt,
    /// <summary>An INVITE with a higher CSeq after a challenge: the attempt goes on.</summary>
    Continued,
    /// <summary>An INVITE with a higher CSeq while the attempt was undecided, or its answer not acknowledged yet.</summary>
    HigherCSeq,
    /// <summary>The same INVITE with another Via branch: a fork, or a further host of a proxy.</summary>
    FurtherBranch,
    /// <summary>The same INVITE again.</summary>
    InviteCopy,
    /// <summary>It belongs to an INVITE that a later one has replaced.</summary>
    EarlierTransaction,
    /// <summary>A CANCEL; the final response decides.</summary>
    CancelNoted,
    /// <summary>A CANCEL for what was decided already.</summary>
    CancelTooLate,
    /// <summary>ACK to a 2xx.</summary>
    AnswerAcknowledged,
    /// <summary>ACK to a refusal that is known.</summary>
    RefusalAcknowledged,
    /// <summary>ACK to a refusal that was not captured.</summary>
    LostRefusalShown,
    /// <summary>A BYE seen before any 2xx.</summary>
    ByeBeforeAnswer,
    /// <summary>The first BYE of a dialog.</summary>
    ByeNoted,
    /// <summary>A further BYE of a dialog: the first one's time stands.</summary>
    ByeAgain,
    /// <summary>A final response that confirms the BYE.</summary>
    ByeConfirmed,
    /// <summary>A response to a BYE that confirms nothing: 1xx, 401, 407, 481, or of a BYE not seen.</summary>
    ByeNotConfirmed,
    /// <summary>An answer to a BYE that is still to come: it confirms it when it does.</summary>
    ByeAnsweredFirst,
    /// <summary>A later request of the dialog succeeded: the BYE did not end it.</summary>
    ByeRevoked,
    /// <summary>A request later than the BYE: if it succeeds, the BYE did not end the dialog.</summary>
    RequestAfterBye,
    /// <summary>A REFER: the other side is asked to call somebody.</summary>
    TransferAsked,
    /// <summary>Another request of the dialog, or an unsuccessful answer to one.</summary>
    InsideDialog,
    /// <summary>A 2xx to another request of the dialog: the call is up.</summary>
    DialogAlive,
    /// <summary>100: nothing rings yet.</summary>
    Trying,
    /// <summary>First 18x.</summary>
    FirstRinging,
    /// <summary>A further 18x.</summary>
    FurtherRinging,
    /// <summary>First 2xx: answered.</summary>
    FirstSuccess,
    /// <summary>A 2xx with another To-tag: a further dialog of a forked call.</summary>
    FurtherDialog,
    /// <summary>The 2xx again.</summary>
    SuccessCopy,
    /// <summary>Refused in a way the caller may mend.</summary>
    Challenged,
    /// <summary>The final response of an attempt.</summary>
    Refused,
    /// <summary>A refusal on another hop or branch than the caller's own.</summary>
    OtherHop,
    /// <summary>A response to an INVITE that was decided before.</summary>
    AlreadyDecided,
    /// <summary>The call, or the dialog named, is over.</summary>
    CallIsOver,
}
