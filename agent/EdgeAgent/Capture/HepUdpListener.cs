using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Capture;

/// <summary>Takes HEP datagrams on one address.</summary>
internal sealed class HepUdpListener : IDisposable
{
    private const int MaxDatagramBytes = 65_535;

    /// <summary>Asked of the kernel, which gives at most net.core.rmem_max: a burst while the agent is busy elsewhere.</summary>
    private const int ReceiveBufferBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly HepInlet _inlet;
    private readonly ILogger _logger;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private Task _ended = Task.CompletedTask;

    public HepUdpListener(HepInlet inlet, ILogger logger)
    {
        _inlet = inlet;
        _logger = logger;
        _socket = new Socket(inlet.Endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
    }

    /// <summary>Ends when nothing more is taken.</summary>
    public Task Ended => _ended;

    /// <summary>Binds, so that an address in use is told at start.</summary>
    /// <exception cref="CaptureSourceException">It cannot be bound.</exception>
    public void Open()
    {
        try
        {
            _socket.ReceiveBufferSize = ReceiveBufferBytes;
            _socket.Bind(_inlet.Endpoint);
        }
        catch (SocketException exception)
        {
            throw new CaptureSourceException($"{_inlet.Name} cannot be opened: {exception.Message}", exception);
        }

        UdpDropCounter drops = new((IPEndPoint)_socket.LocalEndPoint!);
        _inlet.KernelDrops = () => drops.Total;
        _inlet.Fault = null;
        _logger.HepOpened(_inlet.Name);
    }

    /// <summary>Begins to take.</summary>
    public void Start() => _ended = ReceiveAsync(_stop.Token);

    /// <summary>Asks to end; see <see cref="Ended"/>.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] datagram = GC.AllocateUninitializedArray<byte>(MaxDatagramBytes, pinned: true);
        SocketAddress sender = new(_socket.AddressFamily);
        IPEndPoint any = new(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                int length;
                try
                {
                    length = await _socket.ReceiveFromAsync(datagram, SocketFlags.None, sender, cancellationToken).ConfigureAwait(false);
                }
                catch (SocketException exception)
                {
                    // Memory for a moment, an interface that goes: the socket stays bound, so it is tried again.
                    _inlet.Fault = exception.Message;
                    _logger.HepFailed(_inlet.Name, exception.Message);
                    await Task.Delay(RetryPause, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                _inlet.Fault = null;
                IPAddress address = ((IPEndPoint)any.Create(sender)).Address;
                if (_inlet.IsAllowed(address))
                {
                    _inlet.Take(datagram.AsSpan(0, length), address);
                }
                else
                {
                    _inlet.Refuse();
                }
            }
        }
        catch (OperationCanceledException)
        {
            _inlet.Fault = HepInlet.Stopped;
        }
    }
}
