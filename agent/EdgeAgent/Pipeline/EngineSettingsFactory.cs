using System.Collections.Frozen;
using System.Net;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;
using EdgeAgent.Forward;
using EdgeAgent.Numbers;
using IdentityHeader = EdgeAgent.Configuration.IdentityHeader;

namespace EdgeAgent.Pipeline;

/// <summary>Turns the administrator's options into what the engine is built with: the same for the daemon and for replay.</summary>
internal static class EngineSettingsFactory
{
    /// <summary>Builds settings from options that were found without fault.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="pseudonymiser">Names persons.</param>
    /// <param name="resolve">Addresses of a host name; empty where it has none.</param>
    public static EngineSettings Create(
        AgentOptions options, PersonPseudonymiser pseudonymiser, Func<string, IReadOnlyList<IPAddress>> resolve)
    {
        LimitsOptions limits = options.Limits;
        return new EngineSettings
        {
            Trunks = new TrunkTable(options.Trunks.Select(trunk => TrunkOf(trunk, options.Identity.Order, resolve))),
            Phones = [.. options.Phones.SelectMany(phone => RangesOf(phone, 0, resolve))],
            SipPorts = [.. options.Sources.Ports.Select(port => (ushort)port)],
            IdentityOrder = OrderOf(options.Identity.Order),
            Numbers = new NumberNormaliser(new NumberSettings
            {
                DefaultRegion = options.Numbers.DefaultRegion,
                DialPrefixes = options.Numbers.DialPrefixes,
                OtherPlans = new PhoneLibNumberPlan(options.Numbers.DefaultRegion, limits.NumberCacheEntries),
            }),
            OwnNumbers = options.Numbers.Registered.Select(CountersJson.KeyOf).Select(key => key.Number).ToFrozenSet(),
            Pseudonymiser = pseudonymiser,
            Policy = options.Policy.Policy! with { DefaultClient = options.Numbers.Client },
            Guards = new GuardLimits { MaxNumbers = limits.MaxNumbers },
            SealLag = limits.SealLag,
            MaxNumbers = limits.MaxNumbers,
            MaxCallees = limits.MaxCallees,
            Calls = new CallLimits
            {
                MaxCalls = limits.MaxCalls,
                MaxCallsPerCallId = limits.MaxCallsPerCallId,
                MaxDialogs = limits.MaxDialogs,
                MaxHosts = limits.MaxHosts,
                MaxTransfers = limits.MaxTransfers,
                MaxForwards = limits.MaxForwards,
                MaxFailovers = limits.MaxFailovers,
                MaxDialled = limits.MaxDialled,
                NoResponse = limits.NoResponse,
                Challenge = limits.Challenge,
                EndedMemory = limits.EndedMemory,
                Ringing = limits.RingingLimit,
                IdleCall = limits.IdleCall,
                BlindGrace = limits.BlindGrace,
            },
            Sip = new SipLimits(limits.MaxHeadBytes, limits.MaxBodyBytes, limits.MaxHeaderLines),
            Fragments = new FragmentLimits(limits.MaxFragmentBytes) { MaxHold = limits.FragmentHold },
            Tcp = TcpLimits.Default with { MaxFlows = limits.MaxTcpFlows, MaxInflaters = limits.MaxInflaters },
        };
    }

    private static Trunk TrunkOf(
        TrunkOptions trunk, IReadOnlyList<IdentityHeader> order, Func<string, IReadOnlyList<IPAddress>> resolve) => new(
        trunk.Name,
        [.. trunk.Hosts.SelectMany(host => RangesOf(host, (ushort)(trunk.Port ?? 0), resolve))],
        OrderOf(trunk.Identity.Count > 0 ? trunk.Identity : order));

    private static IEnumerable<HostRange> RangesOf(string host, ushort port, Func<string, IReadOnlyList<IPAddress>> resolve)
    {
        if (!HostPattern.TryParse(host, out HostPattern pattern, out _))
        {
            return [];
        }

        return pattern.Network is { } network
            ? [HostRange.From(network, port)]
            : resolve(pattern.HostName!).Select(address =>
                HostRange.From(new IPNetwork(address, address.GetAddressBytes().Length * 8), port));
    }

    private static IdentitySource[] OrderOf(IReadOnlyList<IdentityHeader> order) => [.. order.Select(header => header switch
    {
        IdentityHeader.PAssertedIdentity => IdentitySource.PAssertedIdentity,
        IdentityHeader.RemotePartyId => IdentitySource.RemotePartyId,
        IdentityHeader.PPreferredIdentity => IdentitySource.PPreferredIdentity,
        _ => IdentitySource.From,
    })];
}
