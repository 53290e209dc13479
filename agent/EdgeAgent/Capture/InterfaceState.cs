using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Capture;

/// <summary>
/// Asks the kernel whether an interface is switched on: libpcap goes on waiting, without a word, on one that was switched off.
/// By ioctl and not from /sys, which shows the interfaces of another network namespace when the agent runs in its own.
/// </summary>
internal sealed class InterfaceState : IDisposable
{
    private const nuint GetFlags = 0x8913; // SIOCGIFFLAGS of linux/sockios.h
    private const int RequestBytes = 40; // struct ifreq
    private const int NameBytes = 16; // IFNAMSIZ, the end included
    private const int Up = 1; // IFF_UP of linux/if.h

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _request = new byte[RequestBytes];
    private readonly byte[] _name;

    public InterfaceState(string name) => _name = Encoding.UTF8.GetBytes(name);

    /// <summary>True when the interface exists and is switched off; false where nothing is known, as for <c>any</c>.</summary>
    public bool IsDown()
    {
        if (_name.Length >= NameBytes)
        {
            return false;
        }

        Array.Clear(_request);
        _name.CopyTo(_request, 0);
        return Ioctl((int)_socket.Handle, GetFlags, _request) == 0
            && (MemoryMarshal.Read<short>(_request.AsSpan(NameBytes)) & Up) == 0;
    }

    public void Dispose() => _socket.Dispose();

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Ioctl(int descriptor, nuint request, [In, Out] byte[] argument);
}
