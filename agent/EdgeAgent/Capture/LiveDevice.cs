using EdgeAgent.Configuration;
using System.Runtime.InteropServices;
using EdgeAgent.Core.Packets;
using SharpPcap;
using SharpPcap.LibPcap;

namespace EdgeAgent.Capture;

/// <summary>
/// An open interface. Frames are taken through libpcap's own pointers, as the event of the base class makes three objects
/// per packet. Everything but opening belongs to one thread: libpcap handles are not safe to share.
/// </summary>
internal sealed class LiveDevice : LibPcapLiveDevice
{
    /// <summary>Longest wait of the kernel before it hands over a block that is not full.</summary>
    private const int BlockTimeoutMilliseconds = 50;

    private const int PermissionDenied = -8; // PCAP_ERROR_PERM_DENIED
    private const int PromiscuousDenied = -11; // PCAP_ERROR_PROMISC_PERM_DENIED

    private LiveDevice(PcapInterface @interface)
        : base(@interface)
    {
    }

    public LinkType Link { get; private set; }

    /// <summary>Opens an interface with the kernel filter set.</summary>
    /// <exception cref="CaptureSourceException">It cannot be opened; the message says why and what to do.</exception>
    public static LiveDevice Open(LiveSourceOptions options, CaptureScope scope)
    {
        LiveDevice device = new(Find(options.Interface));
        try
        {
            device.Open(new DeviceConfiguration
            {
                Mode = options.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
                ReadTimeout = BlockTimeoutMilliseconds,
                Snaplen = options.SnapLengthBytes,
                BufferSize = options.RingBytes,

                // Not immediate: that would choose TPACKET_V2, whose slots all have the size of the largest packet.
                Immediate = false,
            });
            device.NonBlockingMode = true; // waiting is done with a time limit, see TryWait
            device.Link = LinkTypes.FromPcap((int)device.LinkType);
            device.Filter = CaptureFilter.For(scope, device.Link);
            return device;
        }
        catch (PcapException exception)
        {
            device.Dispose();
            throw new CaptureSourceException(Explain(options.Interface, exception), exception);
        }
    }

    /// <summary>The next frame in the ring.</summary>
    /// <param name="header">Points to a pcap_pkthdr, valid until the next call.</param>
    /// <param name="data">Points to the frame, valid until the next call.</param>
    /// <returns>1 with a frame, 0 when the ring is empty, below 0 for a fault that <see cref="PcapDevice.LastError"/> names.</returns>
    public int TryTake(out IntPtr header, out IntPtr data)
    {
        header = IntPtr.Zero;
        data = IntPtr.Zero;
        return GetNextPacketPointers(ref header, ref data);
    }

    /// <summary>Waits for frames, at most <paramref name="milliseconds"/>.</summary>
    public void Wait(int milliseconds) => PollFileDescriptor(milliseconds);

    /// <summary>Reads struct pcap_pkthdr: struct timeval (two C longs), captured and wire length (32 bits each).</summary>
    public static DateTimeOffset ReadHeader(IntPtr header, out int capturedBytes, out int wireBytes)
    {
        long seconds = Marshal.ReadIntPtr(header);
        long microseconds = Marshal.ReadIntPtr(header, IntPtr.Size);
        capturedBytes = Marshal.ReadInt32(header, 2 * IntPtr.Size);
        wireBytes = Marshal.ReadInt32(header, (2 * IntPtr.Size) + sizeof(int));
        return DateTimeOffset.UnixEpoch.AddTicks(
            (seconds * TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond));
    }

    private static PcapInterface Find(string name)
    {
        LibPcapLiveDeviceList devices = Devices();
        return devices.FirstOrDefault(device => device.Name == name)?.Interface
            ?? throw new CaptureSourceException(
                $"There is no interface '{name}'. This host has: {string.Join(", ", devices.Select(device => device.Name))}.");
    }

    private static LibPcapLiveDeviceList Devices()
    {
        try
        {
            return LibPcapLiveDeviceList.New();
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            throw new CaptureSourceException(
                "libpcap cannot be loaded: install the package libpcap0.8 (or libpcap0.8t64, libpcap).", exception);
        }
        catch (PcapException exception)
        {
            throw new CaptureSourceException($"The interfaces cannot be listed: {exception.Message}", exception);
        }
    }

    private static string Explain(string name, PcapException exception) => (int)exception.Error switch
    {
        PermissionDenied or PromiscuousDenied =>
            $"Interface '{name}' must not be read: the agent needs CAP_NET_RAW "
            + "(AmbientCapabilities=CAP_NET_RAW in the unit, or run it as root).",
        _ => $"Interface '{name}' cannot be opened: {exception.Message}",
    };
}
