using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>BYEs and their answers, in whatever order they were captured.</content>
public sealed partial class CallTable
{
    /// <summary>Packets of one capture are no further out of order than this; further back the clock was set.</summary>
    private static readonly TimeSpan ReorderTolerance = TimeSpan.FromSeconds(1);

    private void OnBye(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (call.State is CallState.Inviting or CallState.Ringing or CallState.Challenged)
        {
            Note(CallNote.ByeBeforeAnswer);
            call.EarlyBye ??= new Dialog
            {
                CalleeTag = ByteHash.Of(IsFromCaller(call, message) ? message.ToTag : message.FromTag),
                ByeAt = at,
                ByeCSeq = message.CSeq,
                IsByeFromCaller = IsFromCaller(call, message),
            };
            return;
        }

        if (call.State is not (CallState.Answered or CallState.Ending) || DialogOf(call, message) is not { ByeAt: var byeAt } dialog)
        {
            Note(CallNote.CallIsOver);
            return;
        }

        bool isFromCaller = IsFromCaller(call, message);
        Note(byeAt == default ? CallNote.ByeNoted : CallNote.ByeAgain);
        NoteCSeq(call, message, isFromCaller);
        if (byeAt == default)
        {
            bool isCopy = dialog.RevokedByeAt != default && IsSeenBye(call, dialog, message);
            if (isCopy && dialog.IsByeRefused)
            {
                return;
            }

            // Sent again after a request had crossed it: its sender has left all the same.
            dialog.ByeAt = isCopy ? dialog.RevokedByeAt : at;
            dialog.IsByeFromCaller = isFromCaller;
            dialog.ByeCSeq = message.CSeq;
        }
        else
        {
            if (dialog.IsByeFromCaller == isFromCaller)
            {
                dialog.ByeCSeq = Math.Max(dialog.ByeCSeq, message.CSeq); // the same hang-up, tried again
            }
            else if (at < byeAt && byeAt - at <= ReorderTolerance)
            {
                // Both hung up, and the one who did first was captured second.
                dialog.IsByeFromCaller = isFromCaller;
                dialog.ByeCSeq = message.CSeq;
            }

            dialog.ByeAt = at < byeAt && byeAt - at <= ReorderTolerance ? at : byeAt;
        }

        StepWhenAllLeave(call, at);
        if (dialog.EarlyAnswer == RequestHash(call, message) && (at - dialog.EarlyAnswerAt).Duration() <= ReorderTolerance)
        {
            Confirm(call, dialog);
        }
    }

    private void StepWhenAllLeave(Call call, DateTimeOffset at)
    {
        if (AllDialogs(call, static each => each.ByeAt != default))
        {
            Step(call, CallSignal.Bye, at);
            _wheel.Arm(call, at + _limits.Transaction);
        }
    }

    /// <summary>The BYE that was seen too early ends the dialog it names, unless it was sent before the answer (RFC 3261 §15).</summary>
    private void ApplyEarlyBye(Call call, DateTimeOffset answeredAt)
    {
        if (call.EarlyBye is not { } early || call.Dialogs is not { } dialog || dialog.CalleeTag != early.CalleeTag)
        {
            return;
        }

        call.EarlyBye = null;
        if (early.ByeAt >= answeredAt)
        {
            dialog.ByeAt = early.ByeAt;
            dialog.ByeCSeq = early.ByeCSeq;
            dialog.IsByeFromCaller = early.IsByeFromCaller;
            StepWhenAllLeave(call, early.ByeAt);
            if (early.IsEnded)
            {
                Confirm(call, dialog);
            }
        }
    }

    private void OnByeResponse(Call call, in SipMessage message, DateTimeOffset at)
    {
        // Of a call whose answer was not seen yet, the BYE that was may be the one meant.
        if ((DialogOf(call, message) ?? EarlyByeOf(call, message)) is not { } dialog)
        {
            Note(CallNote.ByeNotConfirmed);
            return;
        }

        // A BYE refused with 481 alone neither confirms nor revokes; a challenged one will be sent again.
        dialog.IsByeRefused |= message.StatusCode == 481;
        if (message.StatusCode is < 200 or 401 or 407 or 481)
        {
            Note(CallNote.ByeNotConfirmed);
            return;
        }

        if (dialog.ByeAt == default && dialog.RevokedByeAt != default && IsSuccess(message) && IsSeenBye(call, dialog, message))
        {
            dialog.ByeAt = dialog.RevokedByeAt;
            Step(call, CallSignal.Bye, dialog.ByeAt);
        }

        if (dialog.ByeAt == default)
        {
            // Two interfaces, or two hosts that hand over by HEP, may show the answer first.
            Note(CallNote.ByeAnsweredFirst);
            dialog.EarlyAnswer = RequestHash(call, message);
            dialog.EarlyAnswerAt = at;
            return;
        }

        Note(dialog.IsEnded ? CallNote.CallIsOver : CallNote.ByeConfirmed);
        Confirm(call, dialog);
    }

    private static Dialog? EarlyByeOf(Call call, in SipMessage message) =>
        call.EarlyBye is { } early && IsSeenBye(call, early, message) ? early : null;

    private void Confirm(Call call, Dialog dialog)
    {
        dialog.IsEnded = true;
        if (call.State == CallState.Ending && AllDialogs(call, static each => each.IsEnded))
        {
            EndByBye(call, CallSignal.ByeConfirmed);
        }
    }

    /// <summary>The message is a BYE that was seen, or its response.</summary>
    private static bool IsSeenBye(Call call, Dialog dialog, in SipMessage message) =>
        message.CSeq <= dialog.ByeCSeq && dialog.IsByeFromCaller == IsFromCaller(call, message);
}
