using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Capture;

/// <summary>Datagrams that the kernel dropped for one bound socket, as proc(5) tells it in <c>/proc/net/udp</c>.</summary>
/// <param name="endpoint">Address and port it is bound to.</param>
internal sealed class UdpDropCounter(IPEndPoint endpoint)
{
    private const int LocalAddressColumn = 1;
    private const int DropsColumn = 12;

    private readonly string _file = endpoint.AddressFamily == AddressFamily.InterNetwork ? "/proc/net/udp" : "/proc/net/udp6";
    private readonly string _local = LocalAddress(endpoint);

    /// <summary>0 where the host does not tell.</summary>
    public long Total
    {
        get
        {
            try
            {
                return File.ReadLines(_file)
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(fields => fields.Length > DropsColumn && fields[LocalAddressColumn] == _local)
                    .Sum(fields => long.Parse(fields[DropsColumn], CultureInfo.InvariantCulture));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
            {
                return 0;
            }
        }
    }

    /// <summary>Words of 32 bits in the byte order of the host, then the port.</summary>
    private static string LocalAddress(IPEndPoint endpoint)
    {
        byte[] bytes = endpoint.Address.GetAddressBytes();
        IEnumerable<string> words = bytes.Chunk(4).Select(word => BitConverter.ToUInt32(word).ToString("X8", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"{string.Concat(words)}:{endpoint.Port:X4}");
    }
}
