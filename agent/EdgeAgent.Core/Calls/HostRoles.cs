using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Who is a phone and who is this PBX, as far as declared or learnt (agent/DEFINITIONS.md, "Leg and direction"). A host learnt by traffic
/// alone may place calls as a phone, but an E.164 number dialled toward it still counts as an unlisted trunk: a second carrier must not be
/// able to pass for a phone. Not thread-safe.
/// </summary>
public sealed class HostRoles
{
    private const int RecentCalls = 256;
    private readonly IReadOnlyList<HostRange> _declaredPhones;
    private readonly int _maxHosts;
    private readonly HashSet<UInt128> _registrants = [];
    private readonly HashSet<UInt128> _registrars = [];
    private readonly HashSet<UInt128> _learntPhones = [];
    private readonly HashSet<UInt128> _pbx;
    private readonly TrunkCall[] _recent = new TrunkCall[RecentCalls];
    private int _nextRecent;

    /// <summary>Begins with what the configuration declares.</summary>
    /// <param name="declaredPhones">Ranges under <c>phones:</c>.</param>
    /// <param name="ownHosts">Addresses known to be this PBX.</param>
    /// <param name="maxHosts">Bound of each learnt set.</param>
    public HostRoles(IReadOnlyList<HostRange> declaredPhones, IEnumerable<UInt128> ownHosts, int maxHosts)
    {
        _declaredPhones = declaredPhones;
        _pbx = [.. ownHosts];
        _maxHosts = maxHosts;
    }

    /// <summary>Times a host was not learnt because as many were known.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Phones learnt from registrations and from traffic.</summary>
    public int LearntPhones => _registrants.Count + _learntPhones.Count;

    /// <summary>Carriers learnt: hosts to which a host registers that has phones of its own.</summary>
    public int LearntTrunks => _registrants.Overlaps(_registrars) ? _registrars.Count(IsCarrier) : 0;

    /// <summary>A REGISTER succeeded.</summary>
    public void OnRegistered(UInt128 registrant, UInt128 registrar)
    {
        AddBounded(_registrants, registrant);
        AddBounded(_registrars, registrar);
    }

    /// <summary>A call passed between this host and a configured trunk.</summary>
    public void OnTrunkCall(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        bool isOutbound = call.Direction == CallDirection.Outbound;
        UInt128 pbx = isOutbound ? call.Source : call.Destination;
        AddBounded(_pbx, pbx);
        _recent[_nextRecent] = new TrunkCall(
            pbx, isOutbound, call.Parties.Number.Number.Digits, call.Parties.Person, call.Start);
        _nextRecent = (_nextRecent + 1) % RecentCalls;
    }

    /// <summary>Direction without configured trunks: from registrations alone, else <see cref="CallDirection.Unknown"/>.</summary>
    public CallDirection LearntDirection(UInt128 source, UInt128 destination)
    {
        if (_registrars.Count == 0)
        {
            return CallDirection.Unknown;
        }

        return IsRegisteringPbx(source) && IsCarrier(destination) ? CallDirection.Outbound
            : IsRegisteringPbx(destination) && IsCarrier(source) ? CallDirection.Inbound
            : IsRegisteredPhone(source) && IsRegisteredPhone(destination) ? CallDirection.Internal
            : CallDirection.Unknown;
    }

    /// <summary>Both ends are known at once to be phones or this host.</summary>
    public bool IsInternal(IpEndpoint source, IpEndpoint destination) =>
        source.Address == destination.Address || (IsLocal(source.Address) && IsLocal(destination.Address));

    /// <summary>Decides what a call is that touches no trunk, and learns from it.</summary>
    /// <param name="call">A call not <see cref="IsInternal"/> when it began.</param>
    /// <param name="sameCallId">A call with the same Call-ID over a trunk, null when there is none.</param>
    /// <param name="horizon">How far apart two legs of one human call may begin.</param>
    public CallDirection Decide(Call call, Call? sameCallId, TimeSpan horizon)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (IsLocal(call.Source) && IsLocal(call.Destination))
        {
            return CallDirection.Internal;
        }

        bool callerIsNumber = call.Parties.Number.Number.IsNumber;
        bool calledIsNumber = call.Parties.Person.IsNumber;
        if (HasTrunkLeg(call, outbound: true, horizon) || (sameCallId?.Direction == CallDirection.Outbound && !_pbx.Contains(call.Source))
            || (_pbx.Contains(call.Destination)
                && (_learntPhones.Contains(call.Source) || (!callerIsNumber && call.Parties.Source != IdentitySource.None))))
        {
            AddBounded(_learntPhones, call.Source);
            AddBounded(_pbx, call.Destination);
            return CallDirection.Internal;
        }

        if (HasTrunkLeg(call, outbound: false, horizon)
            || (_pbx.Contains(call.Source)
                && (!calledIsNumber
                    || (sameCallId?.Direction == CallDirection.Inbound
                        && sameCallId.Parties.Number.Number == call.Parties.Person))))
        {
            AddBounded(_learntPhones, call.Destination);
            AddBounded(_pbx, call.Source);
            return CallDirection.Internal;
        }

        return callerIsNumber || calledIsNumber ? CallDirection.UnlistedTrunk : CallDirection.Unknown;
    }

    /// <summary>The end of an unlisted-trunk call that is not this host.</summary>
    public UInt128 CarrierOf(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return IsLocal(call.Destination) ? call.Source : call.Destination;
    }

    /// <summary>A phone that was declared or has registered, not merely learnt from traffic.</summary>
    public bool IsPhone(UInt128 host) => IsRegisteredPhone(host) || IsDeclaredPhone(host);

    /// <summary>This PBX, or a phone that was declared or has registered.</summary>
    public bool IsLocal(UInt128 host) => _pbx.Contains(host) || IsPhone(host);

    /// <summary>Writes what was learnt.</summary>
    internal void Save(BinaryWriter writer)
    {
        foreach (HashSet<UInt128> hosts in (ReadOnlySpan<HashSet<UInt128>>)[_registrants, _registrars, _learntPhones, _pbx])
        {
            writer.Write(hosts.Count);
            foreach (UInt128 host in hosts)
            {
                writer.Write((ulong)(host >> 64));
                writer.Write((ulong)host);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, beside what is declared now.</summary>
    internal void Load(BinaryReader reader)
    {
        foreach (HashSet<UInt128> hosts in (ReadOnlySpan<HashSet<UInt128>>)[_registrants, _registrars, _learntPhones, _pbx])
        {
            for (int count = reader.ReadInt32(); count > 0; count--)
            {
                AddBounded(hosts, new UInt128(reader.ReadUInt64(), reader.ReadUInt64()));
            }
        }
    }

    private bool IsRegisteredPhone(UInt128 host) => _registrants.Contains(host) && !_registrars.Contains(host);

    private bool IsRegisteringPbx(UInt128 host) => _registrants.Contains(host) && _registrars.Contains(host);

    private bool IsCarrier(UInt128 host) => _registrars.Contains(host) && !_registrants.Contains(host);

    private bool IsDeclaredPhone(UInt128 host)
    {
        IpEndpoint endpoint = new(host, 0);
        foreach (HostRange range in _declaredPhones)
        {
            if (range.Contains(endpoint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The other leg of the same human call was seen on a trunk: same far end, about the same moment, in the right order. A phone's leg
    /// begins before the one to the carrier and after the one from it; a leg to the carrier that follows another is a second carrier's.
    /// </summary>
    private bool HasTrunkLeg(Call call, bool outbound, TimeSpan horizon)
    {
        ulong caller = call.Parties.Number.Number.Digits;
        ulong called = call.Parties.Person.Digits;
        ulong? dialled = SubscriberDigits.Of(call.Parties);
        foreach (TrunkCall trunk in _recent)
        {
            if (trunk.IsOutbound != outbound || !trunk.Person.IsNumber)
            {
                continue;
            }

            bool isSameCall = outbound
                ? SubscriberDigits.Of(trunk.Person) == dialled && trunk.Pbx != call.Source
                : trunk.Person.Digits == caller && (called == 0 || called == trunk.Number) && trunk.Pbx != call.Destination;
            TimeSpan ahead = outbound ? trunk.Start - call.Start : call.Start - trunk.Start;
            if (isSameCall && ahead >= TimeSpan.Zero && ahead <= horizon)
            {
                return true;
            }
        }

        return false;
    }

    private void AddBounded(HashSet<UInt128> hosts, UInt128 host)
    {
        if (hosts.Count < _maxHosts)
        {
            hosts.Add(host);
        }
        else if (!hosts.Contains(host))
        {
            Forgotten++;
        }
    }

    private readonly record struct TrunkCall(UInt128 Pbx, bool IsOutbound, ulong Number, E164Number Person, DateTimeOffset Start);
}
