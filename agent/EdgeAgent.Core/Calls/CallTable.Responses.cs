using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Responses: to the INVITE, and to what passes inside a dialog other than BYE.</content>
public sealed partial class CallTable
{
    private void OnResponse(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        Call? call = Match(_index.Find(message.CallId), message, hop);
        if (call is null)
        {
            Note(CallNote.NoCall);
            if (message.Method == SipMethod.Bye)
            {
                OrphanResponses++;
            }
            else if (message.Method == SipMethod.Invite)
            {
                OrphanResponses += _isReplaying ? 1 : _early.Add(message, hop, at);
            }

            return;
        }

        if (IsAheadOfItsInvite(call, message))
        {
            OrphanResponses += _early.Add(message, hop, at);
            return;
        }

        Touch(call, message, hop, at);
        if (message.Method == SipMethod.Bye)
        {
            OnByeResponse(call, message, at);
        }
        else if (message.Method == SipMethod.Invite && IsFromCaller(call, message) && message.CSeq <= call.InviteCSeq)
        {
            OnInviteResponse(call, message, at);
        }
        else if (IsSuccess(message))
        {
            OnDialogAlive(call, message, at);
        }
        else
        {
            Note(CallNote.InsideDialog);
            if (message.Method == SipMethod.Refer && message.StatusCode >= 300)
            {
                _transfers.Forget(call);
            }
        }
    }

    /// <summary>The INVITE is not seen yet that continues the attempt or begins another; of a call that is up it is a re-INVITE.</summary>
    private static bool IsAheadOfItsInvite(Call call, in SipMessage message) =>
        message.Method == SipMethod.Invite && message.CSeq > call.InviteCSeq && IsFromCaller(call, message)
        && (call.State is CallState.Inviting or CallState.Ringing or CallState.Challenged
            || (call.State == CallState.Ended && call.Disposition != Metrics.Disposition.Answered));

    /// <summary>The INVITE that began or continued <paramref name="call"/> came after responses to it.</summary>
    private void ReplayEarly(Call call)
    {
        _isReplaying = true;
        while (_early.TryTake(call, isAnyHop: call.Trunk >= 0 || _trunks.IsEmpty, out SipMessage message, out Hop hop, out DateTimeOffset at))
        {
            OnResponse(message, hop, at > call.InviteAt ? at : call.InviteAt);
        }

        _isReplaying = false;
    }

    private void OnInviteResponse(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (message.StatusCode < 200)
        {
            OnProvisional(call, message, at);
        }
        else if (IsSuccess(message))
        {
            OnSuccess(call, message, at);
        }
        else if (message.CSeq == call.InviteCSeq)
        {
            OnRefusal(call, message, at);
        }
        else
        {
            Note(CallNote.EarlierTransaction);
        }
    }

    private void OnProvisional(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (call.State is not (CallState.Inviting or CallState.Ringing) || message.CSeq != call.InviteCSeq)
        {
            Note(CallNote.AlreadyDecided);
            return;
        }

        call.HasResponse = true;
        Note(CallNote.Trying);
        if (message.StatusCode >= 180)
        {
            Note(call.RangAt == default ? CallNote.FirstRinging : CallNote.FurtherRinging);
            NoteRinging(call, message.StatusCode, at);
        }

        ArmUnanswered(call);
    }

    private void NoteRinging(Call call, int status, DateTimeOffset at)
    {
        bool isFirst = call.RangAt == default;
        bool isFirst180 = status == 180 && call.Ringing180At == default;
        bool isFirst183 = status == 183 && call.Progress183At == default;
        if (isFirst180)
        {
            call.Ringing180At = at;
        }
        else if (isFirst183)
        {
            call.Progress183At = at;
        }

        Step(call, CallSignal.Provisional, at);
        if (isFirst || isFirst180 || isFirst183)
        {
            _observer.OnRinging(call, at, isFirst, status);
        }
    }

    private void OnSuccess(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (call.State == CallState.Ended)
        {
            Note(CallNote.CallIsOver);
            return;
        }

        call.Status = message.StatusCode;
        call.EndedAt = default;
        bool isNewDialog = TryAddDialog(call, message);
        Note(call.State is not (CallState.Answered or CallState.Ending) ? CallNote.FirstSuccess
            : isNewDialog ? CallNote.FurtherDialog
            : CallNote.SuccessCopy);
        NoteSessionTimer(call, message, at);
        Step(call, CallSignal.Success, at);
        ArmAnswered(call);
        ApplyEarlyBye(call, at);
    }

    private void OnRefusal(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (call.State is not (CallState.Inviting or CallState.Ringing))
        {
            Note(CallNote.AlreadyDecided);
            return;
        }

        ulong branch = ByteHash.Of(message.ViaBranch);
        if (!IsCallersOwn(call, branch))
        {
            // Another hop or fork was refused; what the caller gets is still to come.
            Note(CallNote.OtherHop);
            call.ElsewhereStatus = message.StatusCode;
            call.ElsewhereAt = at;
            return;
        }

        call.Status = message.StatusCode;
        call.IsNetworkBlock = message.StatusCode == 603 && ReasonHeader.HasNetworkBlock(message.Reason);
        call.EndedAt = at;
        if (FinalResponse.IsChallenge(message.StatusCode))
        {
            call.IsSentElsewhere |= FinalResponse.AsksForAnotherNumber(message.StatusCode);
            Note(CallNote.Challenged);
            Step(call, CallSignal.Challenge, at);
            _wheel.Arm(call, at + _limits.Challenge);
            return;
        }

        Note(CallNote.Refused);
        call.EndEvidence = call.IsCancelled ? EndEvidence.Cancel : EndEvidence.FinalResponse;
        Step(call, CallSignal.Refusal, at);
    }

    /// <summary>A 2xx to a request other than BYE, inside the dialog: refreshes the session timer, and revokes an earlier unconfirmed BYE.</summary>
    private void OnDialogAlive(Call call, in SipMessage message, DateTimeOffset at)
    {
        Note(CallNote.InsideDialog);
        if (call.State is not (CallState.Answered or CallState.Ending))
        {
            return;
        }

        Note(CallNote.DialogAlive);
        if (message.Method is SipMethod.Invite or SipMethod.Update)
        {
            NoteSessionTimer(call, message, at);
        }

        if (DialogOf(call, message) is { IsEnded: false } dialog && dialog.ByeAt != default && IsToRequestAfterBye(call, dialog, message))
        {
            dialog.RevokedByeAt = dialog.ByeAt;
            dialog.ByeAt = default;
            dialog.RequestAfterBye = 0;
            NoteCSeq(call, message, IsFromCaller(call, message));
            Note(CallNote.ByeRevoked);
            Step(call, CallSignal.ByeRevoked, at);
        }

        ArmAnswered(call);
    }

    /// <summary>The request was seen after the BYE, or is not known yet: its response was seen first.</summary>
    private static bool IsToRequestAfterBye(Call call, Dialog dialog, in SipMessage message) =>
        dialog.RequestAfterBye == RequestHash(call, message)
        || message.CSeq > (IsFromCaller(call, message) ? call.CallerCSeq : call.CalleeCSeq);

    /// <summary>What the caller itself gets: its own hop where no trunk takes part, else the last branch still open on the trunk.</summary>
    private static bool IsCallersOwn(Call call, ulong branch) =>
        call.Trunk < 0 ? call.IsOwnBranch(branch) : call.IsLastBranch(branch);

    private static bool IsSuccess(in SipMessage message) => message.StatusCode is >= 200 and < 300;

    private static void NoteSessionTimer(Call call, in SipMessage message, DateTimeOffset at)
    {
        // No Session-Expires in a 2xx means that no session timer runs any more (RFC 4028 §7.2).
        bool hasTimer = SessionExpiresHeader.TryParse(message.SessionExpires, out SessionExpiresHeader timer);
        call.SessionInterval = hasTimer ? timer.Interval : TimeSpan.Zero;
        call.SessionRefreshedAt = at;
    }

    private bool TryAddDialog(Call call, in SipMessage message)
    {
        ulong tag = ByteHash.Of(message.ToTag);
        int count = 0;
        for (Dialog? dialog = call.Dialogs; dialog is not null; dialog = dialog.Next, count++)
        {
            if (dialog.CalleeTag == tag)
            {
                return false;
            }
        }

        if (count >= _limits.MaxDialogs)
        {
            return false;
        }

        call.Dialogs = new Dialog { CalleeTag = tag, IsAcknowledged = tag == call.LastAcknowledgedTag, Next = call.Dialogs };
        return true;
    }

    /// <summary>
    /// Looks at the dialogs that can still be up. One that the caller never acknowledged while it did another is none: a fork whose 2xx
    /// did not reach it (its sender gives up by itself, RFC 3261 §13.3.1.4), or a tag that a B2BUA on the way replaced.
    /// </summary>
    private static bool AllDialogs(Call call, Func<Dialog, bool> holds)
    {
        bool isAnyAcknowledged = false;
        for (Dialog? dialog = call.Dialogs; dialog is not null; dialog = dialog.Next)
        {
            isAnyAcknowledged |= dialog.IsAcknowledged;
        }

        for (Dialog? dialog = call.Dialogs; dialog is not null; dialog = dialog.Next)
        {
            if (!holds(dialog) && (dialog.IsAcknowledged || !isAnyAcknowledged))
            {
                return false;
            }
        }

        return true;
    }
}
