using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <summary>
/// Finds this PBX where a trunk's address range holds both ends of a conversation (a carrier's network given as one CIDR block with the
/// PBX's own address inside): the host that speaks with most others of the range, then the one that registers or calls more. Look at the
/// beginning of a capture with it, then give <see cref="OwnHosts"/> to the trunk table. Not thread-safe.
/// </summary>
/// <param name="trunks">Trunks as configured.</param>
public sealed class OwnHostScout(TrunkTable trunks) : ICapturedPacketSink
{
    private const int MaxPairs = 10_000;
    private readonly Dictionary<(UInt128 From, UInt128 To), int> _requests = [];

    /// <summary>Hosts taken for this PBX; empty when no conversation has both ends in trunk ranges.</summary>
    public IReadOnlyList<UInt128> OwnHosts
    {
        get
        {
            List<UInt128> own = [];
            List<(UInt128 From, UInt128 To)> open = [.. _requests.Keys];
            while (open.Count > 0)
            {
                UInt128 best = open.SelectMany(pair => new[] { pair.From, pair.To })
                    .Distinct()
                    .OrderByDescending(host => open.Where(pair => pair.From == host || pair.To == host)
                        .Select(pair => pair.From == host ? pair.To : pair.From).Distinct().Count())
                    .ThenByDescending(host => open.Where(pair => pair.From == host).Sum(pair => _requests[pair]))
                    .First();
                own.Add(best);
                open.RemoveAll(pair => pair.From == best || pair.To == best);
            }

            return own;
        }
    }

    /// <inheritdoc/>
    public void OnPacket(in CapturedPacket packet)
    {
        if (PacketDissector.TryDissect(packet, out TransportPacket transport) != DissectResult.Payload)
        {
            return;
        }

        ReadOnlySpan<byte> payload = transport.Payload.Span;
        (IpEndpoint source, IpEndpoint destination) = (transport.Source, transport.Destination);
        if (transport.Protocol == TransportProtocol.Udp && HepParser.LooksLikeHep(payload)
            && HepParser.TryParse(payload, out HepPacket hep) == HepRejection.None)
        {
            payload = hep.Payload;
            (source, destination) = (hep.Source, hep.Destination);
        }

        if (trunks.Match(source) < 0 || trunks.Match(destination) < 0
            || !SipFramer.LooksLikeStart(payload)
            || SipParser.TryParse(payload, SipLimits.Default, out SipMessage message) != SipRejection.None
            || _requests.Count >= MaxPairs)
        {
            return;
        }

        (UInt128, UInt128) pair = (source.Address, destination.Address);
        bool isOwnAct = message.IsRequest && message.ToTag.IsEmpty && message.Method is SipMethod.Invite or SipMethod.Register;
        _requests[pair] = _requests.GetValueOrDefault(pair) + (isOwnAct ? 1 : 0);
    }
}
