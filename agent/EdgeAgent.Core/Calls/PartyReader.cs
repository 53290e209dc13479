using System.Text;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Reads caller and called number of a first INVITE (agent/DEFINITIONS.md, "Caller ID"). Allocates only for what is no number.
/// Not thread-safe: one signalling thread.
/// </summary>
public sealed class PartyReader : IPartyReader
{
    /// <summary>Order of headers where nothing else is configured.</summary>
    public static IReadOnlyList<IdentitySource> DefaultOrder { get; } =
    [
        IdentitySource.PAssertedIdentity, IdentitySource.RemotePartyId, IdentitySource.PPreferredIdentity, IdentitySource.From,
    ];

    private const int MaxTextBytes = 64;
    private readonly NumberNormaliser _numbers;
    private readonly BucketNames _buckets;
    private readonly IReadOnlyList<IdentitySource> _order;

    /// <summary>Joins number plan, bucket names and the general order of headers.</summary>
    public PartyReader(NumberNormaliser numbers, BucketNames buckets, IReadOnlyList<IdentitySource> order)
    {
        _numbers = numbers;
        _buckets = buckets;
        _order = order;
    }

    /// <summary>Given where figures leave the screen: names the shown side by pseudonym when no trunk tells whose it is; else null.</summary>
    public PersonPseudonymiser? UnknownSides { get; init; }

    /// <inheritdoc/>
    public CallParties Read(in SipMessage invite, CallDirection direction, Trunk? trunk)
    {
        CallerId caller = ReadCaller(invite, trunk?.IdentityOrder ?? _order);
        ReadOnlySpan<byte> called = CalledUser(invite, out E164Number calledNumber);
        bool isWithheld = caller.Number.IsNumber && AsksForPrivacy(invite);
        if (direction == CallDirection.Inbound)
        {
            NumberKey ours = calledNumber.IsNumber ? NumberKey.For(calledNumber) : _buckets.For(called);
            return new CallParties(
                ours, caller.Number, TextOf(caller.Number, caller.User), caller.Source, isWithheld, caller.HasConflict);
        }

        if (trunk is null && UnknownSides is { } pseudonymiser && caller.Number.IsNumber)
        {
            NumberKey hidden = new(default, pseudonymiser.Of(caller.Number));
            return new CallParties(hidden, calledNumber, TextOf(calledNumber, called), caller.Source, isWithheld, caller.HasConflict);
        }

        NumberKey shown = caller.Number.IsNumber ? NumberKey.For(caller.Number) : _buckets.ForCaller(caller.User, invite.From);
        return new CallParties(shown, calledNumber, TextOf(calledNumber, called), caller.Source, isWithheld, caller.HasConflict)
        {
            Attestation = Passport.Attestation(invite.Identity),
        };
    }

    private CallerId ReadCaller(in SipMessage invite, IReadOnlyList<IdentitySource> order)
    {
        CallerId caller = default;
        for (int i = 0; i < order.Count; i++)
        {
            E164Number number = NumberIn(invite, order[i], out ReadOnlySpan<byte> user);
            if (caller.Number.IsNumber)
            {
                caller.HasConflict |= number.IsNumber && number != caller.Number;
            }
            else if (number.IsNumber || caller.User.IsEmpty)
            {
                caller = new CallerId
                {
                    Number = number,
                    User = user,
                    Source = number.IsNumber || !user.IsEmpty ? order[i] : IdentitySource.None,
                };
            }
        }

        return caller;
    }

    private E164Number NumberIn(scoped in SipMessage invite, IdentitySource source, out ReadOnlySpan<byte> user)
    {
        E164Number number = NumberIn(ValueOf(invite, source), source, out user);
        return number.IsNumber || source != IdentitySource.PAssertedIdentity || invite.PAssertedIdentity2.IsEmpty
            ? number
            : NumberIn(invite.PAssertedIdentity2, source, out user);
    }

    private E164Number NumberIn(ReadOnlySpan<byte> value, IdentitySource source, out ReadOnlySpan<byte> user)
    {
        user = default;
        if (value.IsEmpty)
        {
            return default;
        }

        foreach (NameAddr address in new IdentityHeader(value))
        {
            if ((source == IdentitySource.RemotePartyId && !IsCallingParty(address)) || !SipUri.TryParse(address.Uri, out SipUri uri))
            {
                continue;
            }

            user = user.IsEmpty ? uri.UserNumber : user;
            if (_numbers.TryCaller(uri.UserNumber, out E164Number number))
            {
                return number;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> ValueOf(scoped in SipMessage invite, IdentitySource source) => source switch
    {
        IdentitySource.PAssertedIdentity => invite.PAssertedIdentity,
        IdentitySource.RemotePartyId => invite.RemotePartyId,
        IdentitySource.PPreferredIdentity => invite.PPreferredIdentity,
        IdentitySource.From => invite.From,
        _ => default,
    };

    private static bool IsCallingParty(NameAddr address) =>
        !address.TryGetParameter("party"u8, out ReadOnlySpan<byte> party) || Ascii.EqualsIgnoreCase(party, "calling"u8);

    private static bool AsksForPrivacy(in SipMessage invite) =>
        (PrivacyHeader.TryParse(invite.Privacy, out PrivacyHeader privacy) && privacy.IsWithheld)
        || BucketNames.IsAnonymous(invite.From)
        || (!invite.RemotePartyId.IsEmpty
            && new IdentityHeader(invite.RemotePartyId).TryGetFirst(out NameAddr party)
            && party.TryGetParameter("privacy"u8, out ReadOnlySpan<byte> level)
            && !Ascii.EqualsIgnoreCase(level, "off"u8));

    /// <summary>Request-URI first: To is what the caller dialled, the Request-URI where the call goes.</summary>
    private ReadOnlySpan<byte> CalledUser(scoped in SipMessage invite, out E164Number number)
    {
        ReadOnlySpan<byte> user = SipUri.TryParse(invite.RequestUri, out SipUri target) ? target.UserNumber : default;
        if (_numbers.TryCalled(user, out number))
        {
            return user;
        }

        if (NameAddr.TryParse(invite.To, out NameAddr to) && SipUri.TryParse(to.Uri, out SipUri uri))
        {
            _numbers.TryCalled(uri.UserNumber, out number);
            user = user.IsEmpty ? uri.UserNumber : user;
        }

        return user;
    }

    private static byte[]? TextOf(E164Number number, ReadOnlySpan<byte> user) =>
        number.IsNumber || user.IsEmpty ? null : user[..Math.Min(user.Length, MaxTextBytes)].ToArray();

    private ref struct CallerId
    {
        public E164Number Number;
        public ReadOnlySpan<byte> User;
        public IdentitySource Source;
        public bool HasConflict;
    }
}
