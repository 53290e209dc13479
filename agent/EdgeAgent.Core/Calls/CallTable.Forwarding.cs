using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Calls that come in and are sent on: what is shown of the outgoing leg is a person's number.</content>
public sealed partial class CallTable
{
    /// <summary>As long as the caller may be kept ringing before a call is sent on.</summary>
    private static readonly TimeSpan ForwardingWindow = TimeSpan.FromMinutes(3);

    private readonly RecentTimes<(E164Number Number, E164Number Person)> _cameIn;

    /// <summary>Both sides of a new attempt. One that shows who called the number that forwards it counts under that number.</summary>
    private CallParties PartiesOf(in SipMessage invite, CallDirection direction, in Hop hop, DateTimeOffset at)
    {
        CallParties parties = _parties.Read(invite, direction, hop.Trunk < 0 ? null : _trunks[hop.Trunk]);
        if (direction == CallDirection.Inbound)
        {
            _cameIn.Note((parties.Number.Number, parties.Person), at);
            return parties;
        }

        return direction == CallDirection.Outbound && parties is { ForwardedBy.IsNumber: true, IsOnBehalf: false, Number.Number.IsNumber: true }
            && parties.ForwardedBy != parties.Number.Number && _cameIn.IsNear((parties.ForwardedBy, parties.Number.Number), at)
                ? parties.OnBehalf()
                : parties;
    }
}
