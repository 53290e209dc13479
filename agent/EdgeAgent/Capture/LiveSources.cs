using System.Net;
using System.Threading.Channels;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Packets;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Capture;

/// <summary>All configured interfaces, each with its own thread, all addresses on which HEP is taken, and the queue they share.</summary>
public sealed class LiveSources : ICaptureSources, IDisposable
{
    private static readonly TransportProtocol[] HepTransports = [TransportProtocol.Udp, TransportProtocol.Tcp];

    private readonly PacketQueue _queue;
    private readonly LiveCapture[] _captures;
    private readonly HepInlet[] _inlets;
    private readonly HepUdpListener[] _hepOverUdp;
    private bool _isStarted;

    /// <summary>Attaches nothing yet.</summary>
    public LiveSources(SourcesOptions options, TimeProvider time, ILogger<LiveSources> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        int interfaces = options.Live.Count;
        _queue = new PacketQueue(interfaces + (HepTransports.Length * options.Hep.Listen.Count), options.QueuePackets, options.QueueBytes);
        CaptureScope scope = new(options.Ports, options.AnyPort, options.Tunnels);
        _captures = [.. options.Live.Select((live, number) => new LiveCapture(live, scope, number, _queue, time, logger))];
        IPNetwork[] allowed = [.. (options.Hep.Allow.Count > 0 ? options.Hep.Allow : HepOptions.ThisHost).Select(NetworkOf)];
        _inlets = [.. options.Hep.Listen.SelectMany((address, index) => HepTransports.Select((transport, at) =>
            new HepInlet(IPEndPoint.Parse(address), transport, allowed, interfaces + (HepTransports.Length * index) + at, _queue, time)))];
        _hepOverUdp = [.. InletsOf(TransportProtocol.Udp).Select(inlet => new HepUdpListener(inlet, logger))];
        HepOverTcp = [.. InletsOf(TransportProtocol.Tcp).Select(inlet => new HepTcpHandler(inlet, logger))];
    }

    /// <inheritdoc/>
    public ChannelReader<QueuedPacket> Packets => _queue.Reader;

    /// <inheritdoc/>
    public IReadOnlyList<SourceStatus> Status =>
        [.. _captures.Select(capture => capture.Status), .. _inlets.Select(inlet => inlet.Status)];

    /// <summary>What the connection server hands connections to.</summary>
    internal IReadOnlyList<HepTcpHandler> HepOverTcp { get; }

    /// <inheritdoc/>
    public void Release(in QueuedPacket packet) => _queue.Release(packet);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (LiveCapture capture in _captures)
        {
            capture.Open();
        }

        foreach (HepUdpListener listener in _hepOverUdp)
        {
            listener.Open();
        }

        foreach (LiveCapture capture in _captures)
        {
            capture.Start(); // only when all are open: a fault leaves no thread behind
        }

        foreach (HepUdpListener listener in _hepOverUdp)
        {
            listener.Start();
        }

        foreach (HepInlet inlet in InletsOf(TransportProtocol.Tcp))
        {
            inlet.Fault = null; // the connection server binds it, or the agent does not start
        }

        _isStarted = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            foreach (LiveCapture capture in _captures)
            {
                capture.Stop();
            }

            foreach (HepUdpListener listener in _hepOverUdp)
            {
                listener.Stop();
            }

            await Task.WhenAll([.. _captures.Select(capture => capture.Ended), .. _hepOverUdp.Select(listener => listener.Ended)])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (HepInlet inlet in InletsOf(TransportProtocol.Tcp))
        {
            inlet.Fault = HepInlet.Stopped;
        }

        _queue.Complete();
    }

    /// <summary>Releases interfaces that were opened but never started.</summary>
    public void Dispose()
    {
        foreach (LiveCapture capture in _captures)
        {
            capture.Stop();
            if (!_isStarted || capture.Ended.IsCompleted)
            {
                capture.Dispose();
            }
        }

        foreach (HepUdpListener listener in _hepOverUdp)
        {
            listener.Dispose();
        }
    }

    private IEnumerable<HepInlet> InletsOf(TransportProtocol transport) => _inlets.Where(inlet => inlet.Transport == transport);

    private static IPNetwork NetworkOf(string text) => HostPattern.TryParse(text, out HostPattern pattern, out string fault)
        ? pattern.Network!.Value
        : throw new ArgumentException($"'{text}' passed the configuration's own check: {fault}", nameof(text));
}
