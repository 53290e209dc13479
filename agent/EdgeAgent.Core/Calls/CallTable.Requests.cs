using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Requests: INVITE, CANCEL, ACK, BYE and what passes inside a dialog.</content>
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
                Orphans++;
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
            default:
                NoteRequestAfterBye(call, message);
                break;
        }
    }

    private void OnFirstInvite(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        Call? call = Match(_index.Find(message.CallId), message, hop);
        if (call is null || IsNewAttempt(call, message, hop))
        {
            Begin(message, hop, at);
            return;
        }

        Touch(call, message, hop, at);
        ulong branch = ByteHash.Of(message.ViaBranch);
        if (message.CSeq > call.InviteCSeq && call.State != CallState.Ended)
        {
            call.InviteCSeq = message.CSeq;
            call.InviteAt = at;
            call.BeginTransaction(branch);
            Note(call.State == CallState.Challenged ? CallNote.Continued : CallNote.HigherCSeq);
            Step(call, CallSignal.InviteAgain, at);
            ArmUnanswered(call);
        }
        else if (message.CSeq == call.InviteCSeq)
        {
            Note(call.TryAddBranch(branch) ? CallNote.FurtherBranch : CallNote.InviteCopy);
        }
        else
        {
            Note(CallNote.EarlierTransaction);
        }
    }

    /// <summary>After its end, a higher CSeq is a new attempt; so is the same INVITE sent on to another host of the trunk (a proxy failing over).</summary>
    private static bool IsNewAttempt(Call call, in SipMessage message, in Hop hop) =>
        call.State == CallState.Ended
        && (message.CSeq > call.InviteCSeq
            || (call.Trunk >= 0
                && message.CSeq == call.InviteCSeq
                && call.Disposition != Metrics.Disposition.Answered
                && hop.Destination.Address != call.Destination
                && !call.KnowsBranch(ByteHash.Of(message.ViaBranch))));

    private void Begin(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        MakeRoom();
        CallDirection direction = DirectionOf(hop, out bool isUndecided);
        Call? namesake = _index.Find(message.CallId);
        Call call = new(
            namesake?.CallIdBytes ?? message.CallId.ToArray(),
            namesake is not null && message.FromTag.SequenceEqual(namesake.CallerTag) ? namesake.CallerTag : message.FromTag.ToArray())
        {
            Direction = direction,
            Trunk = hop.Trunk,
            Source = hop.Source.Address,
            Destination = hop.Destination.Address,
            Start = at,
            LastSeen = at,
            InviteAt = at,
            FirstInviteCSeq = message.CSeq,
            InviteCSeq = message.CSeq,
            CallerCSeq = message.CSeq,
            Parties = _parties.Read(message, direction, hop.Trunk < 0 ? null : _trunks[hop.Trunk]),
        };
        call.BeginTransaction(ByteHash.Of(message.ViaBranch));
        call.IsRepeat(Fingerprint(message, hop));
        _index.Add(call);
        if (_trace is not null)
        {
            _touched = call;
        }

        Note(CallNote.NewAttempt);
        Step(call, CallSignal.Invite, at);
        ArmUnanswered(call);
        if (hop.Trunk >= 0)
        {
            _roles.OnTrunkCall(call);
        }

        if (isUndecided)
        {
            call.IsUndecided = true;
            _undecided.Enqueue(call);
        }
        else
        {
            _observer.OnAttempt(call);
        }
    }

    private CallDirection DirectionOf(in Hop hop, out bool isUndecided)
    {
        isUndecided = false;
        if (hop.Trunk >= 0)
        {
            return hop.IsTowardTrunk ? CallDirection.Outbound : CallDirection.Inbound;
        }

        if (_trunks.IsEmpty)
        {
            return _roles.LearntDirection(hop.Source.Address, hop.Destination.Address);
        }

        bool isInternal = _roles.IsInternal(hop.Source, hop.Destination);
        isUndecided = !isInternal;
        return isInternal ? CallDirection.Internal : CallDirection.Unknown;
    }

    private void MakeRoom()
    {
        if (_index.Count >= _limits.MaxCalls && _wheel.Nearest() is { } nearest)
        {
            Evictions += nearest.State == CallState.Ended ? 0 : 1;
            Abandon(nearest, EndEvidence.Evicted);
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
        if (call.Dialogs is not null && DialogOf(call, message) is { } dialog)
        {
            dialog.IsAcknowledged |= IsFromCaller(call, message);
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

        Note(byeAt == default ? CallNote.ByeNoted : CallNote.ByeAgain);
        NoteCSeq(call, message, IsFromCaller(call, message));
        if (byeAt == default)
        {
            bool isCopy = dialog.RevokedByeAt != default && dialog.ByeCSeq == message.CSeq
                && dialog.IsByeFromCaller == IsFromCaller(call, message);
            dialog.ByeAt = isCopy ? dialog.RevokedByeAt : at;
            dialog.ByeCSeq = message.CSeq;
            dialog.IsByeFromCaller = IsFromCaller(call, message);
        }

        StepWhenAllLeave(call, at);
    }

    private void StepWhenAllLeave(Call call, DateTimeOffset at)
    {
        if (AllDialogs(call, static each => each.ByeAt != default))
        {
            Step(call, CallSignal.Bye, at);
            _wheel.Arm(call, at + _limits.Transaction);
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
