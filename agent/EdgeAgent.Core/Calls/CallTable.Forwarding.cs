using System.Globalization;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>
/// Calls that come in and are sent on: what is shown of the outgoing leg is a person's number. Persons are remembered by the beginning of
/// their pseudonym, so that it may outlive a restart.
/// </content>
public sealed partial class CallTable
{
    /// <summary>As long as the caller may be kept ringing before a call is sent on.</summary>
    private static readonly TimeSpan ForwardingWindow = TimeSpan.FromMinutes(3);

    private const int MaxSentOn = 8; // attempts for one call-back: failover of a few trunks, or the phones of a group

    private readonly RecentTimes<(E164Number Number, ulong Person)> _cameIn;

    /// <summary>Both sides of a new attempt. One that shows who called the number that forwards it counts under that number.</summary>
    private CallParties PartiesOf(in SipMessage invite, CallDirection direction, in Hop hop, DateTimeOffset at)
    {
        CallParties parties = _parties.Read(invite, direction, hop.Trunk < 0 ? null : _trunks[hop.Trunk]);
        if (direction == CallDirection.Inbound)
        {
            if (parties is { Person.IsNumber: true, Number.Number.IsNumber: true })
            {
                _cameIn.Note((parties.Number.Number, _parties.PersonKey(parties.Person)), at);
            }

            return parties;
        }

        E164Number shown = parties.IsOnBehalf ? parties.ShownCaller : parties.Number.Number;
        if (direction != CallDirection.Outbound || !parties.ForwardedBy.IsNumber || !shown.IsNumber || parties.ForwardedBy == shown)
        {
            return parties;
        }

        ulong person = _parties.PersonKey(shown);
        return _cameIn.IsNear((parties.ForwardedBy, person), at)
            ? (parties.IsOnBehalf ? parties : parties.OnBehalf()) with { IsSentOn = CarriesOn(parties.ForwardedBy, shown, person) }
            : parties;
    }

    /// <summary>
    /// Whether an attempt carries on a call-back that is up: answered by this side in some way, not over, and carried on by no more attempts
    /// than a ring group makes. One call-back must not make up for any number of calls, nor one of the company's own numbers for a person's.
    /// </summary>
    /// <param name="called">The number that was called.</param>
    /// <param name="caller">Who called it.</param>
    /// <param name="person">The caller as memories name persons.</param>
    private bool CarriesOn(E164Number called, E164Number caller, ulong person)
    {
        if (_parties.IsOwn(caller))
        {
            return false;
        }

        foreach (Call call in _index.All)
        {
            if (call is { Direction: CallDirection.Inbound, HasResponse: true, State: not CallState.Ended } && call.Parties.Number.Number == called
                && (call.Parties.Person == caller || IsKnownOnlyAs(person, call)))
            {
                call.SentOn++;
                return call.SentOn <= MaxSentOn;
            }
        }

        return false;
    }

    /// <summary>Of a call restored after a restart the person is known by the beginning of the pseudonym only.</summary>
    private static bool IsKnownOnlyAs(ulong person, Call call) => call.IsPersonForgotten
        && call.PersonPseudonym!.StartsWith(person.ToString("x16", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private void SaveForwarding(BinaryWriter writer)
    {
        ((E164Number Number, ulong Person) Key, DateTimeOffset At)[] notes = [.. _cameIn.Notes];
        writer.Write(notes.Length);
        foreach (((E164Number number, ulong person), DateTimeOffset at) in notes)
        {
            writer.Write(number.Digits);
            writer.Write(person);
            writer.Write(at.UtcTicks);
        }
    }

    private void LoadForwarding(BinaryReader reader)
    {
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            _cameIn.Note((new E164Number(reader.ReadUInt64()), reader.ReadUInt64()), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
        }
    }
}
