using System.Net;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>Who takes part in the ladders of these tests.</summary>
internal static class Hosts
{
    public static readonly IpEndpoint Pbx = At("10.0.0.5");
    public static readonly IpEndpoint Phone = At("10.0.0.21");
    public static readonly IpEndpoint OtherPhone = At("10.0.0.22");
    public static readonly IpEndpoint Proxy = At("10.0.0.9");
    public static readonly IpEndpoint Carrier = At("192.0.2.10");
    public static readonly IpEndpoint CarrierSecondHost = At("192.0.2.11");
    public static readonly IpEndpoint OtherCarrier = At("198.51.100.7");
    public static readonly IpEndpoint UnlistedCarrier = At("203.0.113.80");

    /// <summary>Two trunks: <c>carrier</c> with two hosts, <c>other</c> with one.</summary>
    public static TrunkTable Trunks { get; } = new(
    [
        new Trunk("carrier", [Range("192.0.2.8/29")], PartyReader.DefaultOrder),
        new Trunk("other", [Range("198.51.100.7/32")], PartyReader.DefaultOrder),
    ]);

    public static IpEndpoint At(string address, ushort port = 5060) => IpEndpoint.From(IPAddress.Parse(address), port);

    public static HostRange Range(string network, ushort port = 0) => HostRange.From(IPNetwork.Parse(network), port);
}
