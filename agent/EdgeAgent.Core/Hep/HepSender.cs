using EdgeAgent.Core.Packets;

namespace EdgeAgent.Core.Hep;

/// <summary>A host that hands SIP over by HEP, as seen since the engine was built.</summary>
/// <param name="Address">Its address.</param>
/// <param name="CaptureId">Number it has given itself; 0 when it has none.</param>
/// <param name="Packets">Packets with SIP in them.</param>
/// <param name="Offset">The agent's clock minus its clock, with the delay of the network in it, at its last packet.</param>
public sealed record HepSender(UInt128 Address, uint CaptureId, long Packets, TimeSpan Offset)
{
    /// <summary>Address and number, as shown to people.</summary>
    public string Name => NameOf(Address, CaptureId);

    /// <summary>Such as <c>192.0.2.4#17</c>; without number where the sender gave none.</summary>
    internal static string NameOf(UInt128 address, uint captureId) => captureId == 0
        ? new IpEndpoint(address, 0).ToIPAddress().ToString()
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{new IpEndpoint(address, 0).ToIPAddress()}#{captureId}");
}
