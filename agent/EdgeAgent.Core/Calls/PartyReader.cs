using System.Collections.Frozen;
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
    private const int MaxOriginBytes = 64;
    private readonly NumberNormaliser _numbers;
    private readonly BucketNames _buckets;
    private readonly IReadOnlyList<IdentitySource> _order;

    private readonly PersonPseudonymiser _pseudonymiser;

    /// <summary>Joins number plan, bucket names, pseudonyms and the general order of headers.</summary>
    public PartyReader(
        NumberNormaliser numbers, BucketNames buckets, PersonPseudonymiser pseudonymiser, IReadOnlyList<IdentitySource> order)
    {
        _pseudonymiser = pseudonymiser;
        _numbers = numbers;
        _buckets = buckets;
        _order = order;
    }

    /// <summary>
    /// On where figures leave the screen: names the number's side by pseudonym when no trunk tells whose it is, be it learnt or not: who
    /// registers to whom shows it only in part.
    /// </summary>
    public bool HidesUnknownSides { get; init; }

    /// <summary>The company's own numbers, as far as configured.</summary>
    public IReadOnlySet<E164Number> OwnNumbers { get; init; } = FrozenSet<E164Number>.Empty;

    /// <inheritdoc/>
    public CallParties Read(in SipMessage invite, CallDirection direction, Trunk? trunk)
    {
        CallerId caller = ReadCaller(invite, trunk?.IdentityOrder ?? _order);
        ReadOnlySpan<byte> called = CalledUser(invite, out E164Number calledNumber);
        bool isWithheld = caller.Number.IsNumber && AsksForPrivacy(invite);
        Span<byte> origin = stackalloc byte[MaxOriginBytes];
        Passport passport = ReadPassports(invite, origin, out bool isDiverted, out E164Number diverter);
        bool isForwarded = TryForwarder(invite, out E164Number forwarder);
        if (!isForwarded && isDiverted)
        {
            (isForwarded, forwarder) = (true, diverter);
        }

        if (direction == CallDirection.Inbound)
        {
            E164Number original = isForwarded ? OriginalCaller(invite, caller.Number, forwarder) : caller.Number;
            NumberKey ours = calledNumber.IsNumber ? KeyOf(calledNumber, trunk) : _buckets.For(called);
            return new CallParties(
                ours,
                original,
                TextOf(original, caller.User),
                original == caller.Number ? caller.Source : IdentitySource.From,
                isWithheld,
                caller.HasConflict)
            {
                IsForwarded = isForwarded,
                ForwardedBy = forwarder,
            };
        }

        NumberKey shown = caller.Number.IsNumber ? KeyOf(caller.Number, trunk) : _buckets.ForCaller(caller.User, invite.From);
        CallParties parties = new(
            shown, calledNumber, TextOf(calledNumber, called), caller.Source, isWithheld, caller.HasConflict)
        {
            IsNumberHidden = trunk is null && HidesUnknownSides && caller.Number.IsNumber,
            ShortClass = calledNumber.IsNumber ? NumberClass.Unknown : _numbers.ShortClassOf(called),
            Attestation = passport.Attestation,
            HasBadPassport = passport.IsMalformed,
            HasOtherOrigin = IsOther(caller.Number, origin[..passport.OriginBytes]),
            IsForwarded = isForwarded,
            ForwardedBy = forwarder,
        };
        bool isOnBehalf = OwnNumbers.Contains(forwarder) && caller.Number.IsNumber && !OwnNumbers.Contains(caller.Number);
        return isOnBehalf ? parties.OnBehalf() : parties;
    }

    /// <inheritdoc/>
    public ulong CalledBy(ReadOnlySpan<byte> uri)
    {
        if (!SipUri.TryParse(uri, out SipUri target) || target.UserNumber.IsEmpty)
        {
            return 0;
        }

        return _numbers.TryCalled(target.UserNumber, out E164Number number) ? number.Digits : ByteHash.Of(target.UserNumber) | (1UL << 63);
    }

    /// <inheritdoc/>
    public ulong PersonKey(E164Number person) => _pseudonymiser.KeyOf(person);

    /// <inheritdoc/>
    public ulong LineKey(ReadOnlySpan<byte> user, UInt128 host) => _pseudonymiser.KeyOfLine(user, host);

    /// <inheritdoc/>
    public bool IsOwn(E164Number number) => OwnNumbers.Contains(number);

    private NumberKey KeyOf(E164Number number, Trunk? trunk) =>
        trunk is null && HidesUnknownSides ? new NumberKey(default, _pseudonymiser.Of(number)) : NumberKey.For(number);

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

    /// <summary>
    /// Who forwarded the call last: of Diversion the first that can be read (RFC 5806 §4), of History-Info the number before the one the
    /// call goes to now (RFC 7044 §5).
    /// </summary>
    private bool TryForwarder(in SipMessage invite, out E164Number forwarder)
    {
        forwarder = NumberIn(invite.Diversion, IdentitySource.None, out _);
        if (!invite.Diversion.IsEmpty)
        {
            return true;
        }

        E164Number target = default;
        ReadHistory(invite.HistoryInfoBefore, ref target, ref forwarder);
        ReadHistory(invite.HistoryInfo, ref target, ref forwarder);
        return forwarder.IsNumber;
    }

    private void ReadHistory(ReadOnlySpan<byte> history, ref E164Number target, ref E164Number before)
    {
        foreach (NameAddr address in new IdentityHeader(history))
        {
            if (SipUri.TryParse(address.Uri, out SipUri uri) && _numbers.TryCalled(uri.UserNumber, out E164Number number))
            {
                before = target.IsNumber && target != number ? target : before;
                target = number;
            }
        }
    }

    /// <summary>Some carriers assert the number that forwarded a call; whoever called first stands in From then.</summary>
    private E164Number OriginalCaller(in SipMessage invite, E164Number caller, E164Number forwarder)
    {
        E164Number from = caller == forwarder ? NumberIn(invite.From, IdentitySource.From, out _) : default;
        return from.IsNumber ? from : caller;
    }

    /// <summary>
    /// Of several PASSporTs the first <c>shaken</c> that can be read attests the caller, else the first of another kind that can be; those
    /// of kind <c>div</c> only say who sent the call on, the last of them last.
    /// </summary>
    private Passport ReadPassports(in SipMessage invite, Span<byte> origin, out bool isDiverted, out E164Number diverter)
    {
        Passport best = default;
        isDiverted = false;
        diverter = default;
        Span<byte> read = stackalloc byte[MaxOriginBytes];
        Span<byte> by = stackalloc byte[MaxOriginBytes];
        foreach (ReadOnlySpan<byte> value in invite.Identities)
        {
            Passport passport = Passport.Read(value, read, by);
            if (passport.Kind == PassportKind.Diverted)
            {
                isDiverted = true;
                E164Number number = NumberOf(by[..passport.DiverterBytes]);
                diverter = number.IsNumber ? number : diverter;
            }
            else if (Weight(passport) > Weight(best))
            {
                best = passport;
                read.CopyTo(origin);
            }
        }

        return best;
    }

    private static int Weight(in Passport passport) =>
        passport is { IsMalformed: false, Attestation: '\0', OriginBytes: 0 } ? 0
        : passport.IsMalformed ? 1
        : passport.Kind == PassportKind.Shaken ? 3
        : 2;

    /// <summary>Whether a PASSporT names another number than the caller ID.</summary>
    private bool IsOther(E164Number caller, ReadOnlySpan<byte> origin) =>
        caller.IsNumber && NumberOf(origin) is { IsNumber: true } number && number != caller;

    /// <summary>A number of a PASSporT; canonical ones have no plus (RFC 8224 §8.3).</summary>
    private E164Number NumberOf(ReadOnlySpan<byte> identity)
    {
        ReadOnlySpan<byte> user = SipUri.TryParse(identity, out SipUri uri) ? uri.UserNumber : identity;
        Span<byte> international = stackalloc byte[MaxOriginBytes + 1];
        international[0] = (byte)'+';
        user.CopyTo(international[1..]);
        bool isCanonical = !user.IsEmpty && user[0] is >= (byte)'1' and <= (byte)'9';
        return _numbers.TryCaller(isCanonical ? international[..(user.Length + 1)] : user, out E164Number number) ? number : default;
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
