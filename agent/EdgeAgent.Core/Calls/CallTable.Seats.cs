using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Agent lines: which phone dialled what goes out.</content>
public sealed partial class CallTable
{
    private readonly AgentLines _lines;

    /// <summary>
    /// The line of a new attempt. Toward a trunk it is the line of the phone's own leg, which a proxy sends on under its Call-ID and a
    /// back-to-back user agent under another one. A leg without any behind it was not dialled on a phone, or that phone is out of sight.
    /// </summary>
    private ulong SeatOf(Call call, Call? namesake, in SipMessage invite)
    {
        if (call.Direction == CallDirection.Outbound)
        {
            while (namesake is not null && (namesake.Direction == CallDirection.Outbound || namesake.Seat == 0))
            {
                namesake = namesake.NextSameCallId;
            }

            return namesake?.Seat ?? _lines.Find(call.Parties.Person, call.Start);
        }

        ulong seat = call.Trunk < 0 && _roles.IsPhone(call.Source) ? LineOf(call, invite) : 0;
        if (seat != 0)
        {
            _lines.Note(seat, call.Parties, call.Start);
        }

        return seat;
    }

    /// <summary>
    /// A phone's line: its host and the user it calls under, which tells the phones behind one address apart. None where that user is a
    /// number, since many phones may show the same, or where it is hidden.
    /// </summary>
    private static ulong LineOf(Call call, in SipMessage invite) =>
        !call.Parties.Number.Number.IsNumber && !call.Parties.IsNumberHidden && !BucketNames.IsAnonymous(invite.From)
        && NameAddr.TryParse(invite.From, out NameAddr from) && SipUri.TryParse(from.Uri, out SipUri uri) && !uri.UserNumber.IsEmpty
            ? ByteHash.Join(ByteHash.Join(ByteHash.Of(uri.UserNumber), (ulong)(call.Source >> 64)), (ulong)call.Source)
            : 0;
}
