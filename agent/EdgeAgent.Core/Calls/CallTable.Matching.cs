using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Which call, and which dialog of it, a message belongs to.</content>
public sealed partial class CallTable
{
    /// <summary>
    /// The call a message belongs to: same tags, same trunk and sense (or same pair of hosts where no trunk takes part). Of several the
    /// one whose INVITE or dialog the message is of, else the newest.
    /// </summary>
    private Call? Match(Call? head, in SipMessage message, in Hop hop)
    {
        Call? newest = null;
        for (Call? call = head; call is not null; call = call.NextSameCallId)
        {
            bool isFromCaller = IsFromCaller(call, message);
            if ((isFromCaller || message.ToTag.SequenceEqual(call.CallerTag))
                && call.Trunk == hop.Trunk
                && IsSameHop(call, isFromCaller == message.IsRequest, hop)
                && !IsOfOlderAttempt(call, message, isFromCaller))
            {
                newest ??= call;
                bool isOnly = newest == call && call.NextSameCallId is null;
                if (isOnly || IsOfItsInvite(call, message, isFromCaller) || FindDialog(call, message, isFromCaller) is not null)
                {
                    return call;
                }
            }
        }

        return newest;
    }

    private bool IsSameHop(Call call, bool isInSenseOfInvite, in Hop hop)
    {
        if (hop.Trunk >= 0)
        {
            return (call.Direction == CallDirection.Outbound) == (isInSenseOfInvite == hop.IsTowardTrunk);
        }

        return _trunks.IsEmpty
            || (call.Source == hop.Source.Address && call.Destination == hop.Destination.Address)
            || (call.Source == hop.Destination.Address && call.Destination == hop.Source.Address);
    }

    /// <summary>The INVITE that began or continued this attempt, or what belongs to it.</summary>
    private static bool IsOfItsInvite(Call call, in SipMessage message, bool isFromCaller) =>
        isFromCaller && message.Method is SipMethod.Invite or SipMethod.Ack or SipMethod.Cancel
        && message.CSeq >= call.FirstInviteCSeq && message.CSeq <= call.InviteCSeq;

    /// <summary>
    /// A late copy of an attempt that this one followed: other CSeq, or the same to the other host or person that had been tried before.
    /// </summary>
    private static bool IsOfOlderAttempt(Call call, in SipMessage message, bool isFromCaller) =>
        call.NextSameCallId is not null && isFromCaller
        && message.Method is SipMethod.Invite or SipMethod.Ack or SipMethod.Cancel
        && (message.CSeq < call.FirstInviteCSeq
            || (message.CSeq == call.InviteCSeq
                && !call.KnowsBranch(ByteHash.Of(message.ViaBranch))
                && IsBranchOfAnOlder(call, ByteHash.Of(message.ViaBranch))));

    private static bool IsBranchOfAnOlder(Call call, ulong branch)
    {
        Call? older = call.NextSameCallId;
        while (older is not null && !older.KnowsBranch(branch))
        {
            older = older.NextSameCallId;
        }

        return older is not null;
    }

    /// <summary>The message, or the request it answers, was sent by the caller.</summary>
    private static bool IsFromCaller(Call call, in SipMessage message) => message.FromTag.SequenceEqual(call.CallerTag);

    /// <summary>The dialog by the callee's tag; with a single dialog any tag will do, since peers get it wrong.</summary>
    private static Dialog? DialogOf(Call call, in SipMessage message)
    {
        if (call.Dialogs is null or { Next: null })
        {
            return call.Dialogs;
        }

        return FindDialog(call, message, IsFromCaller(call, message));
    }

    private static Dialog? FindDialog(Call call, in SipMessage message, bool isFromCaller)
    {
        ulong tag = ByteHash.Of(isFromCaller ? message.ToTag : message.FromTag);
        Dialog? dialog = call.Dialogs;
        while (dialog is not null && dialog.CalleeTag != tag)
        {
            dialog = dialog.Next;
        }

        return dialog;
    }

    /// <summary>Names a request and its responses alike: side, CSeq and method.</summary>
    private static ulong RequestHash(Call call, in SipMessage message) =>
        ByteHash.Join(message.CSeq, ((ulong)message.Method << 1) | (IsFromCaller(call, message) ? 1UL : 0UL));

    private void Touch(Call call, in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        if (_trace is not null)
        {
            _touched = call;
        }

        if (call.IsRepeat(Fingerprint(message, hop)))
        {
            Retransmissions++;
            _isRepeat = true;
        }

        if (at > call.LastSeen)
        {
            call.LastSeen = at;
        }

        call.IsAcrossBlind = false;
    }

    /// <summary>Equal for copies of one message on one hop.</summary>
    private static ulong Fingerprint(in SipMessage message, in Hop hop) => Fingerprint(message, hop.Source, hop.Destination);

    /// <summary>The same by addresses; ports do not count. It does not name the call.</summary>
    internal static ulong Fingerprint(in SipMessage message, IpEndpoint source, IpEndpoint destination)
    {
        ulong kind = ((ulong)message.CSeq << 20) | ((ulong)message.Method << 12) | (uint)message.StatusCode;
        ulong hosts = (ulong)source.Address ^ ulong.RotateLeft((ulong)destination.Address, 32);
        return ByteHash.Join(ByteHash.Join(ByteHash.Of(message.ViaBranch), kind), hosts ^ ByteHash.Of(message.ToTag));
    }
}
