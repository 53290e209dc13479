namespace EdgeAgent.Core.Calls;

/// <content>Deadlines: what happens to a call of which nothing more is seen.</content>
public sealed partial class CallTable
{
    /// <summary>Nothing was seen until <paramref name="until"/>: calls that were up before may have ended; they get a grace, not a day.</summary>
    internal void OnBlind(DateTimeOffset until)
    {
        _blindEndedAt = until;
        foreach (Call call in _index.All)
        {
            call.IsAcrossBlind = true;
            call.Seat = call.Direction == CallDirection.Outbound ? 0 : call.Seat; // it may be free again
            ArmAnswered(call);
        }
    }

    private void ArmUnanswered(Call call)
    {
        if (call.State is CallState.Inviting or CallState.Ringing)
        {
            _wheel.Arm(call, UnansweredDeadline(call));
        }
    }

    private DateTimeOffset UnansweredDeadline(Call call) =>
        call.HasResponse ? call.LastSeen + _limits.Ringing : call.InviteAt + _limits.NoResponse;

    private void ArmAnswered(Call call)
    {
        if (call.State == CallState.Answered)
        {
            _wheel.Arm(call, AnsweredDeadline(call));
        }
    }

    private DateTimeOffset AnsweredDeadline(Call call)
    {
        DateTimeOffset idle = call.IsAcrossBlind ? _blindEndedAt + _limits.BlindGrace : call.LastSeen + _limits.IdleCall;
        if (call.SessionInterval == TimeSpan.Zero)
        {
            return idle;
        }

        // One transaction of grace: the refresh may be under way when the interval ends.
        DateTimeOffset session = call.SessionRefreshedAt + call.SessionInterval + _limits.Transaction;
        return session < idle ? session : idle;
    }

    private void OnDeadline(Call call)
    {
        switch (call.State)
        {
            case CallState.Inviting or CallState.Ringing:
                OnUnansweredDeadline(call);
                break;
            case CallState.Answered:
                OnAnsweredDeadline(call);
                break;
            case CallState.Challenged or CallState.Ending:
                EndWithoutMessage(call, CallSignal.Expired, EndEvidence.None, call.Deadline);
                break;
            default:
                Step(call, CallSignal.Expired, call.Deadline);
                break;
        }
    }

    private void OnUnansweredDeadline(Call call)
    {
        DateTimeOffset deadline = call.IsCancelled || call.LostRefusalAt != default
            ? call.Deadline
            : UnansweredDeadline(call);
        if (deadline > Now)
        {
            _wheel.Arm(call, deadline);
            return;
        }

        EndEvidence evidence = call.IsCancelled ? EndEvidence.Cancel
            : call.IsAcrossBlind ? EndEvidence.Blind
            : call.HasResponse ? EndEvidence.IdleLimit
            : EndEvidence.NoResponse;
        EndWithoutMessage(call, CallSignal.Expired, evidence, deadline);
    }

    private void OnAnsweredDeadline(Call call)
    {
        DateTimeOffset deadline = AnsweredDeadline(call);
        if (deadline > Now)
        {
            _wheel.Arm(call, deadline);
            return;
        }

        EndEvidence evidence = call.IsAcrossBlind ? EndEvidence.Blind
            : call.SessionInterval > TimeSpan.Zero ? EndEvidence.SessionExpired
            : EndEvidence.IdleLimit;
        EndWithoutMessage(call, CallSignal.Expired, evidence, deadline);
    }

    /// <summary>
    /// Ends a call for which no message did. What was seen still counts: a BYE that nothing contradicted, a challenge nobody answered,
    /// a refusal known from another hop or from its ACK.
    /// </summary>
    private void EndWithoutMessage(Call call, CallSignal signal, EndEvidence evidence, DateTimeOffset at)
    {
        switch (call.State)
        {
            case CallState.Ending:
                EndByBye(call, signal);
                break;
            case CallState.Challenged:
                call.EndEvidence = EndEvidence.FinalResponse;
                Step(call, signal, call.EndedAt);
                break;
            case CallState.Inviting or CallState.Ringing when call.ElsewhereAt != default || call.LostRefusalAt != default:
                call.Status = call.ElsewhereStatus;
                call.EndedAt = call.LostRefusalAt != default ? call.LostRefusalAt : call.ElsewhereAt;
                call.EndEvidence = call.IsCancelled ? EndEvidence.Cancel : EndEvidence.FinalResponse;
                Step(call, CallSignal.Refusal, call.EndedAt);
                break;
            default:
                call.EndEvidence = evidence;
                Step(call, signal, at);
                break;
        }
    }

    private void EndByBye(Call call, CallSignal signal)
    {
        call.EndedAt = call.LastDialogToEnd()!.ByeAt; // it is ending: there is a dialog with a BYE
        call.EndEvidence = EndEvidence.Bye;
        Step(call, signal, call.EndedAt);
    }
}
