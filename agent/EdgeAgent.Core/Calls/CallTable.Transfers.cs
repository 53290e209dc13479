using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>
/// Transfers: the leg that comes of one is an attempt of its own, linked to the call it comes from. A link moves neither attempts nor
/// answers.
/// </content>
public sealed partial class CallTable
{
    private const int MaxReferToBytes = 1_024;
    private readonly TransferMemory _transfers;

    private void OnRefer(Call call, in SipMessage message, in Hop hop, DateTimeOffset at)
    {
        NoteRequestAfterBye(call, message);
        if (message.ReferTo.Length <= MaxReferToBytes && NameAddr.TryParse(message.ReferTo, out NameAddr target))
        {
            Note(CallNote.TransferAsked);
            Span<byte> buffer = stackalloc byte[MaxReferToBytes];
            ReadOnlySpan<byte> replaced = ReplacesHeader.CallIdIn(target.Uri, buffer);
            _transfers.Note(
                call,
                hop.Destination.Address,
                _parties.CalledBy(target.Uri),
                replaced.IsEmpty ? 0 : ByteHash.Of(replaced),
                at);
        }
    }

    /// <summary>Says where a new call comes from, as far as the INVITE or a REFER before it tells.</summary>
    private void LinkTransfer(Call call, in SipMessage invite, in Hop hop)
    {
        ReadOnlySpan<byte> replaced = ReplacesHeader.CallIdOf(invite.Replaces);
        if (!replaced.IsEmpty)
        {
            call.Transfer = TransferEvidence.Replaces;
            call.TakesOver = IsTakenOver(_index.Find(replaced), call);
        }
        else if (!invite.ReferredBy.IsEmpty)
        {
            call.Transfer = TransferEvidence.ReferredBy;
        }

        if (FindAsker(invite, hop, replaced, call.Start) is { } asker && asker.CallIdBytes != call.CallIdBytes)
        {
            call.Transfer = TransferEvidence.Refer;
            call.TransferredFromBytes = asker.CallIdBytes;
        }
        else if (!replaced.IsEmpty)
        {
            call.TransferredFromBytes = _index.Find(replaced)?.CallIdBytes ?? replaced.ToArray();
        }
    }

    private Call? FindAsker(in SipMessage invite, in Hop hop, ReadOnlySpan<byte> replaced, DateTimeOffset at)
    {
        return _transfers.IsInUse(at)
            ? _transfers.Find(
                _roles,
                hop.Source.Address,
                _parties.CalledBy(invite.RequestUri),
                replaced.IsEmpty ? 0 : ByteHash.Of(replaced),
                at)
            : null;
    }

    /// <summary>A call to the same person in the name of the same number goes on under another Call-ID: nobody's phone rings again.</summary>
    private static bool IsTakenOver(Call? replaced, Call by)
    {
        while (replaced is not null
            && (replaced.State == CallState.Ended || replaced.Direction != by.Direction || replaced.Trunk != by.Trunk
                || replaced.Parties.Number != by.Parties.Number || replaced.Parties.Person != by.Parties.Person))
        {
            replaced = replaced.NextSameCallId;
        }

        return replaced is not null && by.Parties.Person.IsNumber;
    }
}
