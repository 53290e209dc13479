using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Anonymise;

/// <summary>An address range as <c>--trunk</c> takes it.</summary>
internal static class RangeText
{
    private const int MappedBits = 96;

    /// <summary><c>192.0.2.0/24</c>, or the address alone.</summary>
    public static string Of(HostRange range)
    {
        IpEndpoint network = new(range.Network, 0);
        int bits = (int)UInt128.PopCount(range.Mask) - (network.IsIPv4 ? MappedBits : 0);
        return range.IsSingleHost ? network.ToIPAddress().ToString() : $"{network.ToIPAddress()}/{bits}";
    }
}
