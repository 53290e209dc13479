using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Capture;

/// <summary>Whether packets can come over an interface.</summary>
internal enum InterfaceSwitch
{
    /// <summary>They can, or nothing is known.</summary>
    Open = 0,
    /// <summary>It is switched on and has no link: a cable is out, or the other end is off.</summary>
    NoLink,
    /// <summary>It is switched off.</summary>
    Off,
}

/// <summary>
/// Asks the kernel whether packets can come over an interface: libpcap goes on waiting, without a word, on one that was switched off.
/// By ioctl and not from /sys, which shows the interfaces of another network namespace when the agent runs in its own.
/// </summary>
internal sealed class InterfaceState : IDisposable
{
    private const nuint GetFlags = 0x8913; // SIOCGIFFLAGS of linux/sockios.h
    private const int RequestBytes = 40; // struct ifreq
    private const int NameBytes = 16; // IFNAMSIZ, the end included
    private const int Up = 1; // IFF_UP of linux/if.h
    private const int Running = 0x40; // IFF_RUNNING: it has a link, or is of a kind that has none

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _request = new byte[RequestBytes];
    private readonly byte[] _name;

    public InterfaceState(string name) => _name = Encoding.UTF8.GetBytes(name);

    /// <summary>How it is now; open where nothing is known, as for <c>any</c>.</summary>
    public InterfaceSwitch Look()
    {
        if (_name.Length >= NameBytes)
        {
            return InterfaceSwitch.Open;
        }

        Array.Clear(_request);
        _name.CopyTo(_request, 0);
        if (Ioctl((int)_socket.Handle, GetFlags, _request) != 0)
        {
            return InterfaceSwitch.Open;
        }

        int flags = MemoryMarshal.Read<short>(_request.AsSpan(NameBytes));
        return (flags & Up) == 0 ? InterfaceSwitch.Off
            : (flags & Running) == 0 ? InterfaceSwitch.NoLink
            : InterfaceSwitch.Open;
    }

    public void Dispose() => _socket.Dispose();

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Ioctl(int descriptor, nuint request, [In, Out] byte[] argument);
}
