using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Agent lines: which phone dialled what goes out.</content>
public sealed partial class CallTable
{
    private readonly AgentLines _lines;

    /// <summary>Lines that are busy with a call on a trunk; one entry for each call.</summary>
    internal IEnumerable<ulong> BusySeats =>
        _index.All.Where(call => call is { Direction: CallDirection.Outbound, Seat: not 0 }).Select(call => call.Seat);

    /// <summary>
    /// Finds the line of a new attempt. Toward a trunk it is the line of the phone's own leg, which a proxy sends on under its Call-ID and
    /// a back-to-back user agent under another one. A leg without any behind it was not dialled on a phone, or that phone is out of sight.
    /// </summary>
    private void FindSeat(Call call, Call? namesake, in SipMessage invite)
    {
        if (call.Direction == CallDirection.Outbound)
        {
            while (namesake is not null && (namesake.Direction == CallDirection.Outbound || namesake.Seat == 0))
            {
                namesake = namesake.NextSameCallId;
            }

            if ((namesake ?? _lines.Find(call.Parties.Person, call.Start)) is { } leg)
            {
                (call.Seat, call.Former, leg.Dialled) = (leg.Seat, leg.Dialled, call);
            }
        }
        else if (call.Trunk < 0 && _roles.IsPhone(call.Source))
        {
            call.Seat = LineOf(call, invite);
            if (call.Seat != 0)
            {
                _lines.Note(call);
            }
        }
    }

    /// <summary>
    /// A phone's line: its host and the user it calls under, which tells the phones behind one address apart. None where that user is a
    /// number, since many phones may show the same, or where it is hidden.
    /// </summary>
    private ulong LineOf(Call call, in SipMessage invite) =>
        !call.Parties.Number.Number.IsNumber && !call.Parties.IsNumberHidden && !BucketNames.IsAnonymous(invite.From)
        && NameAddr.TryParse(invite.From, out NameAddr from) && SipUri.TryParse(from.Uri, out SipUri uri) && !uri.UserNumber.IsEmpty
            ? _parties.LineKey(uri.UserNumber, call.Source)
            : 0;
}
