using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Requests: CANCEL, ACK and what passes inside a dialog other than BYE.</content>
public sealed partial class CallTable
{
    private void OnRequest(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        if (message.Method == SipMethod.Invite && message.ToTag.IsEmpty)
        {
            OnFirstInvite(message, hop, at);
            return;
        }

        Call? call = Match(_index.Find(message.CallId), message, hop);
        if (call is null)
        {
            Note(CallNote.NoCall);
            if (message.Method == SipMethod.Bye)
            {
                OrphanByes++;
            }

            return;
        }

        Touch(call, message, hop, at);
        switch (message.Method)
        {
            case SipMethod.Cancel:
                OnCancel(call, message, at);
                break;
            case SipMethod.Ack:
                OnAck(call, message, at);
                break;
            case SipMethod.Bye:
                OnBye(call, message, at);
                break;
            case SipMethod.Refer:
                OnRefer(call, message, hop, at);
                break;
            default:
                NoteRequestAfterBye(call, message);
                break;
        }
    }

    private void OnCancel(Call call, in SipMessage message, DateTimeOffset at)
    {
        // CANCEL ends nothing by itself: the final response decides (RFC 3261 §9.1).
        Note(call.State is CallState.Inviting or CallState.Ringing ? CallNote.CancelNoted : CallNote.CancelTooLate);
        if (call.State is CallState.Inviting or CallState.Ringing && message.CSeq == call.InviteCSeq && !call.IsCancelled)
        {
            call.IsCancelled = true;
            _wheel.Arm(call, at + _limits.Transaction);
        }
    }

    private void OnAck(Call call, in SipMessage message, DateTimeOffset at)
    {
        if (call.Dialogs is not null || !call.KnowsBranch(ByteHash.Of(message.ViaBranch)))
        {
            NoteAcknowledged(call, message);
            Note(CallNote.AnswerAcknowledged);
            return;
        }

        Note(CallNote.RefusalAcknowledged);

        // The ACK to a refusal carries the INVITE's branch (RFC 3261 §17.1.1.3): it shows a final response that was not captured.
        if (call.State is CallState.Inviting or CallState.Ringing && message.CSeq == call.InviteCSeq
            && !message.ViaBranch.IsEmpty && call.KnowsBranch(ByteHash.Of(message.ViaBranch))
            && call.LostRefusalAt == default && IsCallersOwn(call, ByteHash.Of(message.ViaBranch)))
        {
            call.LostRefusalAt = at;
            Note(CallNote.LostRefusalShown);
            _wheel.Arm(call, at + _limits.Transaction);
        }
    }

    private static void NoteAcknowledged(Call call, in SipMessage message)
    {
        ulong tag = ByteHash.Of(message.ToTag);
        call.LastAcknowledgedTag = tag; // its 2xx may be seen after it
        for (Dialog? dialog = call.Dialogs; dialog is not null; dialog = dialog.Next)
        {
            dialog.IsAcknowledged |= dialog.CalleeTag == tag && IsFromCaller(call, message);
        }
    }

    /// <summary>A request never seen before the BYE: if it succeeds, the dialog lives.</summary>
    private void NoteRequestAfterBye(Call call, in SipMessage message)
    {
        Note(CallNote.InsideDialog);
        bool isFromCaller = IsFromCaller(call, message);
        if (message.CSeq <= (isFromCaller ? call.CallerCSeq : call.CalleeCSeq))
        {
            return;
        }

        if (DialogOf(call, message) is { IsEnded: false } dialog && dialog.ByeAt != default)
        {
            dialog.RequestAfterBye = RequestHash(call, message);
            Note(CallNote.RequestAfterBye);
        }

        NoteCSeq(call, message, isFromCaller);
    }

    private static void NoteCSeq(Call call, in SipMessage message, bool isFromCaller)
    {
        if (isFromCaller)
        {
            call.CallerCSeq = Math.Max(call.CallerCSeq, message.CSeq);
        }
        else
        {
            call.CalleeCSeq = Math.Max(call.CalleeCSeq, message.CSeq);
        }
    }
}
