using System.Buffers.Binary;
using System.Net;
using EdgeAgent.Core;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>
/// One address on which HEP is taken, over one transport: looks at the sender, passes the packet on to the signalling thread, counts. What is
/// in the packet is judged there. Thread-safe.
/// </summary>
internal sealed class HepInlet
{
    /// <summary>The fault of an inlet that was told to stop.</summary>
    public const string Stopped = "stopped";

    private readonly IReadOnlyList<IPNetwork> _allowed;
    private readonly int _number;
    private readonly PacketQueue _queue;
    private readonly TimeProvider _time;
    private readonly OutageLog _outages = new();
    private long _packets;
    private long _refused;
    private volatile string? _fault = "not started";

    /// <param name="endpoint">Where it listens.</param>
    /// <param name="transport">UDP or TCP.</param>
    /// <param name="allowed">Senders that are believed.</param>
    /// <param name="number">Number of the source.</param>
    /// <param name="queue">Where packets go.</param>
    /// <param name="time">When they came.</param>
    public HepInlet(
        IPEndPoint endpoint, TransportProtocol transport, IReadOnlyList<IPNetwork> allowed, int number, PacketQueue queue, TimeProvider time)
    {
        Endpoint = endpoint;
        Transport = transport;
        _allowed = allowed;
        _number = number;
        _queue = queue;
        _time = time;
    }

    public IPEndPoint Endpoint { get; }

    public TransportProtocol Transport { get; }

    public string Name => $"hep {(Transport == TransportProtocol.Udp ? "udp" : "tcp")} {Endpoint}";

    /// <summary>Packets that the kernel dropped because the agent did not take them in time.</summary>
    public Func<long> KernelDrops { get; set; } = static () => 0;

    /// <summary>Why nothing can come in, null when it can.</summary>
    public string? Fault
    {
        get => _fault;
        set
        {
            if (value == _fault)
            {
                return;
            }

            if (value is null)
            {
                _outages.End(_time.GetUtcNow());
            }
            else if (value != Stopped)
            {
                _outages.Begin(_time.GetUtcNow());
            }

            _fault = value;
        }
    }

    public SourceStatus Status
    {
        get
        {
            string? fault = _fault;
            return new SourceStatus(
                Name, fault is null, Interlocked.Read(ref _packets), KernelDrops(), 0, _queue.Drops(_number), fault)
            {
                Refused = Interlocked.Read(ref _refused),
                IsHep = true,
                Outages = _outages.All,
            };
        }
    }

    public bool IsAllowed(IPAddress sender)
    {
        IPAddress plain = sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender;
        foreach (IPNetwork network in _allowed)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts a packet or a connection of a stranger, or bytes that are no HEP.</summary>
    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>Passes a packet of an allowed sender on.</summary>
    public void Take(ReadOnlySpan<byte> packet, IPAddress sender)
    {
        Interlocked.Increment(ref _packets);
        int length = SignallingEngine.HepSenderBytes + packet.Length;
        if (_queue.TryRent(_number, length) is not { } buffer)
        {
            return;
        }

        BinaryPrimitives.WriteUInt128BigEndian(buffer, IpEndpoint.From(sender, 0).Address);
        packet.CopyTo(buffer.AsSpan(SignallingEngine.HepSenderBytes));
        _queue.Write(new QueuedPacket(_number, _time.GetUtcNow(), LinkType.ReceivedHep, buffer, length, length));
    }
}
