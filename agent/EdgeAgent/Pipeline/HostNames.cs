using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Pipeline;

/// <summary>Addresses of the host names in the configuration, asked for once when the engine is built.</summary>
internal static class HostNames
{
    /// <summary>All addresses of <paramref name="name"/>; empty when it has none now.</summary>
    public static IReadOnlyList<IPAddress> Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (SocketException)
        {
            return []; // the caller reports a trunk without addresses
        }
    }
}
