using System.Net;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Calls;

/// <summary>One address range of a trunk or of the phones.</summary>
/// <param name="Network">First address of the range; IPv4 as IPv4-mapped IPv6.</param>
/// <param name="Mask">Bits that must agree.</param>
/// <param name="Port">Carrier's port, 0 for any.</param>
public readonly record struct HostRange(UInt128 Network, UInt128 Mask, ushort Port = 0)
{
    /// <summary>Makes a range from a CIDR block or a single address.</summary>
    public static HostRange From(IPNetwork network, ushort port = 0)
    {
        int bits = network.PrefixLength
            + (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 96 : 0);
        UInt128 mask = bits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits);
        return new HostRange(IpEndpoint.From(network.BaseAddress, 0).Address & mask, mask, port);
    }

    /// <summary>The range is one address: whoever names it means it.</summary>
    public bool IsSingleHost => Mask == UInt128.MaxValue;

    /// <summary>True when the endpoint lies in the range.</summary>
    public bool Contains(IpEndpoint endpoint) =>
        (endpoint.Address & Mask) == Network && (Port == 0 || Port == endpoint.Port);
}

/// <summary>A carrier as the configuration names it.</summary>
/// <param name="Name">Its name in figures and events.</param>
/// <param name="Ranges">Where it is.</param>
/// <param name="IdentityOrder">Headers to take the caller ID from, first match first.</param>
public sealed record Trunk(string Name, IReadOnlyList<HostRange> Ranges, IReadOnlyList<IdentitySource> IdentityOrder);

/// <summary>Says which trunk a packet came from or goes to. Immutable.</summary>
public sealed class TrunkTable
{
    private readonly Trunk[] _trunks;
    private readonly (HostRange Range, int Trunk)[] _ranges;

    private readonly HashSet<UInt128> _ownHosts;

    /// <summary>Makes the table; the narrowest range that matches wins, one with a port before one without.</summary>
    /// <param name="trunks">Trunks in the order of the configuration.</param>
    /// <param name="ownHosts">Addresses of this PBX: no trunk, even inside a trunk's range of several addresses.</param>
    public TrunkTable(IEnumerable<Trunk> trunks, IEnumerable<UInt128>? ownHosts = null)
    {
        _trunks = [.. trunks];
        _ownHosts = [.. ownHosts ?? []];
        _ranges = [.. _trunks
            .SelectMany((trunk, index) => trunk.Ranges.Select(range => (range, index)))
            .OrderByDescending(each => each.range.Mask)
            .ThenByDescending(each => each.range.Port != 0)];
    }

    /// <summary>No trunk is configured: every dialog counts once.</summary>
    public bool IsEmpty => _trunks.Length == 0;

    /// <summary>Addresses of this PBX that lie in a trunk's range.</summary>
    public IReadOnlyCollection<UInt128> OwnHosts => _ownHosts;

    /// <summary>All trunks, in order.</summary>
    public IReadOnlyList<Trunk> All => _trunks;

    /// <summary>The same trunks with these addresses known to be this PBX.</summary>
    public TrunkTable WithOwnHosts(IEnumerable<UInt128> ownHosts) => new(_trunks, ownHosts);

    /// <summary>The trunk with this index.</summary>
    public Trunk this[int index] => _trunks[index];

    /// <summary>Name of a trunk, null for -1.</summary>
    public string? NameOf(int index) => index < 0 ? null : _trunks[index].Name;

    /// <summary>Index of a trunk by name, -1 when there is none.</summary>
    public int IndexOf(string? name) => Array.FindIndex(_trunks, trunk => trunk.Name == name);

    /// <summary>Index of the trunk this host belongs to, whatever the port; -1 for none.</summary>
    public int MatchHost(UInt128 address)
    {
        foreach ((HostRange range, int trunk) in _ranges)
        {
            if ((address & range.Mask) == range.Network)
            {
                return range.IsSingleHost || !_ownHosts.Contains(address) ? trunk : -1;
            }
        }

        return -1;
    }

    /// <summary>Index of the trunk at this end, -1 for none.</summary>
    public int Match(IpEndpoint endpoint)
    {
        foreach ((HostRange range, int trunk) in _ranges)
        {
            if (range.Contains(endpoint))
            {
                return range.IsSingleHost || !_ownHosts.Contains(endpoint.Address) ? trunk : -1;
            }
        }

        return -1;
    }
}
