using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Attempts: which INVITE begins one, which continues one, and how many are held.</content>
public sealed partial class CallTable
{
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
        if (call.State == CallState.Answered)
        {
            Note(message.CSeq > call.InviteCSeq ? CallNote.HigherCSeq : CallNote.InviteCopy);
            call.InviteCSeq = Math.Max(call.InviteCSeq, message.CSeq);
            call.TryAddBranch(branch);
        }
        else if (message.CSeq > call.InviteCSeq)
        {
            call.InviteCSeq = message.CSeq;
            call.CallerCSeq = Math.Max(call.CallerCSeq, message.CSeq);
            call.InviteAt = at;
            call.BeginTransaction(branch);
            Note(call.State == CallState.Challenged ? CallNote.Continued : CallNote.HigherCSeq);
            Step(call, CallSignal.InviteAgain, at);
            ArmUnanswered(call);
            ReplayEarly(call);
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

    /// <summary>
    /// After its final response, a higher CSeq is a new attempt, also while it is up: else one endless call could hide all that follow. So
    /// is the same INVITE sent on to another host after a refusal (a proxy failing over): of the trunk or, where no trunk is known, by the
    /// sender of the first, since other hops of a proxy are not attempts. An INVITE in the name of another number, or to another person, is
    /// one at any time: else a first INVITE for show, or one that rings on, would hide who is called and under what number.
    /// </summary>
    private bool IsNewAttempt(Call call, in SipMessage message, in Hop hop) =>
        (message.CSeq > call.InviteCSeq
            && ((call.State is CallState.Answered or CallState.Ending or CallState.Ended && !IsStillCalling(call))
                || IsBetweenOthers(call, message)))
        || (message.CSeq == call.InviteCSeq && call.Trunk >= 0
            && !call.KnowsBranch(ByteHash.Of(message.ViaBranch)) && IsBetweenOthers(call, message))
        || (call.State == CallState.Ended
            && (call.Trunk >= 0 || (_trunks.IsEmpty && hop.Source.Address == call.Source))
            && message.CSeq == call.InviteCSeq
            && call.Disposition != Metrics.Disposition.Answered
            && hop.Destination.Address != call.Destination
            && !call.KnowsBranch(ByteHash.Of(message.ViaBranch)));

    /// <summary>The caller does not know yet that it was answered: another INVITE of it is one more try at the same call.</summary>
    private bool IsStillCalling(Call call) =>
        call.State == CallState.Answered && call.LastAcknowledgedTag == 0 && Now - call.AnsweredAt < _limits.Transaction;

    /// <summary>
    /// Not the caller and the called of <paramref name="call"/>. Redirected (3xx), or asked for more digits (484), the caller calls another
    /// number on purpose.
    /// </summary>
    private bool IsBetweenOthers(Call call, in SipMessage message)
    {
        CallParties parties = _parties.Read(message, call.Direction, call.Trunk < 0 ? null : _trunks[call.Trunk]);
        bool isSameNumber = parties.Number == call.Parties.Number
            || (call.Parties.IsOnBehalf && NumberKey.For(parties.ForwardedBy) == call.Parties.Number);
        bool isSamePerson = call.IsPersonForgotten
            || (parties.Person == call.Parties.Person && parties.PersonText.AsSpan().SequenceEqual(call.Parties.PersonText));
        (bool isSameCaller, bool isSameCalled) = call.Direction == CallDirection.Inbound
            ? (isSamePerson, isSameNumber)
            : (isSameNumber, isSamePerson);
        return !isSameCaller || (!isSameCalled && !call.IsSentElsewhere);
    }

    private void Begin(in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        MakeRoom(message.CallId);
        CallDirection direction = DirectionOf(hop, out bool isUndecided);
        Call? namesake = _index.Find(message.CallId);
        Call call = new(
            namesake?.CallIdBytes ?? message.CallId.ToArray(),
            namesake is not null && message.FromTag.SequenceEqual(namesake.CallerTag) ? namesake.CallerTag : message.FromTag.ToArray())
        {
            Direction = direction,
            Trunk = hop.Trunk,
            IsCounted = hop.Trunk >= 0 || (_trunks.IsEmpty && direction != CallDirection.Internal),
            Source = hop.Source.Address,
            Destination = hop.Destination.Address,
            Start = at,
            LastSeen = at,
            InviteAt = at,
            FirstInviteCSeq = message.CSeq,
            InviteCSeq = message.CSeq,
            CallerCSeq = message.CSeq,
            Parties = PartiesOf(message, direction, hop, at),
        };
        LinkTransfer(call, message, hop);
        FindSeat(call, namesake, message);
        call.FollowsChallenge = FollowsChallenge(namesake, call);
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
            BoundUndecided();
        }
        else
        {
            _observer.OnAttempt(call);
        }

        ReplayEarly(call);
    }

    /// <summary>The same call, just challenged or redirected on another trunk: that attempt is known to have failed only much later.</summary>
    private static bool FollowsChallenge(Call? namesake, Call call)
    {
        while (namesake is not null
            && !(namesake.State == CallState.Challenged && namesake.Trunk >= 0 && namesake.Trunk != call.Trunk
                && namesake.Direction == call.Direction && namesake.CallerTag.AsSpan().SequenceEqual(call.CallerTag)
                && namesake.Parties.Number == call.Parties.Number && namesake.Parties.Person == call.Parties.Person
                && call.Start - namesake.EndedAt <= Metrics.FailoverMemory.Window
                && FinalResponse.DispositionOf(namesake.Status, rang: false, isNetworkBlock: false) == Metrics.Disposition.Failed))
        {
            namesake = namesake.NextSameCallId;
        }

        return namesake is not null;
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

    private void MakeRoom(ReadOnlySpan<byte> callId)
    {
        if (_index.Count >= _limits.MaxCalls && _wheel.Nearest() is { } nearest)
        {
            Evict(nearest);
        }

        int count = 0;
        Call? oldest = null;
        for (Call? call = _index.Find(callId); call is not null; call = call.NextSameCallId, count++)
        {
            oldest = call.State == CallState.Ended || oldest is not { State: CallState.Ended } ? call : oldest;
        }

        if (count >= _limits.MaxCallsPerCallId)
        {
            Evict(oldest!);
        }
    }

    private void Evict(Call call)
    {
        Evictions += call.State == CallState.Ended ? 0 : 1;
        Abandon(call, EndEvidence.Evicted);
    }
}
