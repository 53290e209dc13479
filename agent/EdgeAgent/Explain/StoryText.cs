using System.Globalization;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Sip;
using EdgeAgent.Replay;

namespace EdgeAgent.Explain;

/// <summary>Says in a sentence what a message changed and why. Words are those of agent/DEFINITIONS.md.</summary>
internal static class StoryText
{
    /// <summary>The sentence for one entry.</summary>
    public static string Of(StoryEntry entry, StoryReport report)
    {
        IEnumerable<string> effects = entry.Steps
            .Where(step => step.Report is not (CallReport.None or CallReport.Started or CallReport.Rang))
            .Select(step => EffectOf(step, entry.Attempt));
        return string.Join("; ", effects.Prepend(ReasonOf(entry, report)));
    }

    /// <summary><c>inviting → ringing</c> of the last change; null when nothing changed.</summary>
    public static string? ChangeOf(StoryEntry entry) => entry.Steps.Count == 0
        ? null
        : $"{Words.Of(entry.Steps[0].Before)} -> {Words.Of(entry.Steps[^1].After)}";

    /// <summary>Seconds with milliseconds.</summary>
    public static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static string ReasonOf(StoryEntry entry, StoryReport report)
    {
        if (entry.Message is null)
        {
            return SilenceOf(entry.Steps[0]);
        }

        return entry is { IsRepeat: true, Steps.Count: 0 }
            ? "retransmission: changes nothing"
            : entry.Note switch
            {
                CallNote.NewAttempt => NewAttempt(entry, report),
                CallNote.InsideDialog or CallNote.DialogAlive when entry.Message.Method == SipMethod.Cancel =>
                    "answers the CANCEL, not the INVITE: changes nothing",
                CallNote.DialogAlive when entry.Message.Method is not (SipMethod.Invite or SipMethod.Update) =>
                    "success of a request inside the dialog: the call is up",
                _ => ReasonOf(entry.Note),
            };
    }

    private static string ReasonOf(CallNote note) => note switch
    {
        CallNote.Registration => "a registration makes no call; its success shows who is a phone and who registers where",
        CallNote.NoCall => "belongs to no call that is known (its INVITE was not seen, or it makes none): changes nothing",
        CallNote.Continued => "higher CSeq after a challenge: the same attempt goes on",
        CallNote.HigherCSeq => "higher CSeq while undecided: the same attempt, its responses are now those to this INVITE",
        CallNote.FurtherBranch => "the same INVITE on another branch (a fork, or another host tried): the same attempt",
        CallNote.InviteCopy => "a copy of the INVITE: changes nothing",
        CallNote.EarlierTransaction => "belongs to an INVITE that a later one replaced: changes nothing",
        CallNote.CancelNoted => "CANCEL ends nothing by itself; the final response decides",
        CallNote.CancelTooLate => "CANCEL after the final response: changes nothing",
        CallNote.AnswerAcknowledged => "ACK to the 2xx: the answer did not need it; this dialog is the one the caller holds",
        CallNote.RefusalAcknowledged => "ACK to the refusal: changes nothing",
        CallNote.LostRefusalShown => "ACK to a refusal that was not captured: if no response comes, the attempt ends with it",
        CallNote.ByeBeforeAnswer => "BYE before any 2xx: ends an answered call only, kept until one is seen",
        CallNote.ByeNoted => "BYE: talk time ends here if a response confirms it, or 32 s without contradiction",
        CallNote.ByeAgain => "a further BYE of this dialog: the time of the first one stands",
        CallNote.ByeConfirmed => "confirms the BYE",
        CallNote.ByeAnsweredFirst => "answers a BYE that was not seen yet: confirms it if it comes within a second",
        CallNote.ByeNotConfirmed => "confirms no BYE (1xx, 401, 407 and 481 do not; or the BYE was not seen): changes nothing",
        CallNote.ByeRevoked => "a request later than the BYE succeeded: the dialog lives, the BYE is revoked",
        CallNote.RequestAfterBye => "a request after the BYE: if it succeeds, the BYE did not end the dialog",
        CallNote.TransferAsked => "asks the other side to call somebody else: the leg that comes of it is an attempt of its own, linked to this call",
        CallNote.InsideDialog => "inside the call: changes nothing",
        CallNote.DialogAlive => "success of a request inside the dialog: the call is up, its session timer starts anew",
        CallNote.Trying => "100: somebody works on it, nothing rings yet",
        CallNote.FirstRinging => "first 18x: post-dial delay ends, ringing begins",
        CallNote.FurtherRinging => "a further 18x: ringing goes on",
        CallNote.FirstSuccess => "first 2xx: answered, whatever comes of the ACK or of a CANCEL that crosses it",
        CallNote.FurtherDialog => "2xx with another To-tag: a further dialog of the same answered attempt",
        CallNote.SuccessCopy => "the 2xx again: changes nothing",
        CallNote.Challenged => "the caller is asked to do it again otherwise: a higher CSeq continues the attempt, silence ends it",
        CallNote.Refused => "the final response of the attempt",
        CallNote.OtherHop => "response of another hop: the caller's own is still to come",
        CallNote.AlreadyDecided => "a response to what was decided before: changes nothing",
        CallNote.CallIsOver => "the call is over, or this names no dialog of it: changes nothing",
        _ => "changes nothing",
    };

    private static string NewAttempt(StoryEntry entry, StoryReport report)
    {
        int number = entry.Attempt ?? 1;
        StoryAttempt attempt = report.Attempts[number - 1];
        if (!attempt.Record.IsCounted)
        {
            return "INVITE between hosts of which none is a listed trunk: a hop of the call, told but in no figure of a number";
        }

        string direction = Words.Of(attempt.Record.Direction);
        string way = attempt.Record.Trunk is { } trunk ? $"{direction} over {trunk}"
            : attempt.Record.Direction == CallDirection.Unknown ? "no trunks are known"
            : $"{direction}, as learnt from registrations";
        bool isFirst = !report.Attempts.Take(number - 1).Any(earlier => earlier.Record.IsCounted);
        bool isOtherTrunk = !report.Attempts.Take(number - 1).Any(earlier => earlier.Record.Trunk == attempt.Record.Trunk);
        string why = isFirst ? "the first INVITE"
            : isOtherTrunk ? "every trunk tried is an attempt of its own"
            : "no copy of the earlier attempt (other From-tag, higher CSeq after its end, or another host of the trunk)";
        string link = attempt.Record.Transfer == TransferEvidence.None ? "" : "; it comes of a transfer, which changes no count";
        return $"a new attempt ({way}): {why}{link}";
    }

    private static string SilenceOf(StoryStep step) => step.Signal switch
    {
        CallSignal.Abandoned when step.Evidence == EndEvidence.Evicted => "forgotten: the table of calls was full",
        CallSignal.Abandoned => "the capture ended",
        _ => step.Before switch
        {
            CallState.Ending => "32 s without contradiction confirm the BYE",
            CallState.Challenged => "nobody took up the challenge: it is the final response",
            CallState.Answered => "nothing more was seen of the answered call",
            _ => "no final response came",
        },
    };

    private static string EffectOf(StoryStep step, int? attempt)
    {
        string whose = step.Attempt == attempt ? "" : $"attempt {step.Attempt}: ";
        return whose + step.Report switch
        {
            CallReport.WasAnswered => "disposition answered, talk time begins",
            CallReport.WasRefused => $"disposition {Words.Of(step.Disposition ?? default)}",
            CallReport.EndedByBye => $"ended by bye, talk time {Seconds(step.Talk ?? TimeSpan.Zero)} counts",
            CallReport.EndedUnknown => $"ended without a confirmed BYE ({Words.Of(step.Evidence)}): unknownEnd, its talk time is in no sum",
            CallReport.LeftOpen => "left open: no disposition",
            _ => "",
        };
    }
}
