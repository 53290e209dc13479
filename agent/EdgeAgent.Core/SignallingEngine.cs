using System.Buffers;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Hep;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core;

/// <summary>
/// From captured packets to sealed minutes and events: the one way through the house, the same for files and for the wire. Pure but for
/// its own state: no clock, no I/O. Not thread-safe: one signalling thread.
/// </summary>
public sealed partial class SignallingEngine : ICapturedPacketSink
{
    private readonly EngineSettings _settings;
    private readonly IEngineOutput _output;
    private readonly HostRoles _roles;
    private readonly MinuteLedger _minutes;
    private readonly ParisDay _paris = new();
    private readonly DayCallees _callees;
    private readonly CallLedger _ledger;
    private readonly CallTable _calls;
    private readonly FragmentReassembler _fragments;
    private readonly TcpReassembler _streams;
    private readonly HepReceiver _hep;
    private readonly HepDelay _hepDelay = new();
    private readonly StreamSink _streamSink;
    private readonly bool[] _isSipPort = new bool[ushort.MaxValue + 1];
    private OpenMinute? _minute;
    private DateTimeOffset _minuteStart;
    private DateTimeOffset _minuteEnd;
    private DateOnly _learningDay;
    private long _retransmissions;
    private long _orphanResponses;
    private long _orphanByes;
    private long _evictions;
    private long _forgotten;
    private long _fragmentsGivenUp;

    /// <summary>Builds an engine that has seen no call.</summary>
    /// <param name="settings">Settings.</param>
    /// <param name="output">Takes what the engine makes.</param>
    /// <param name="guards">What guards remember; null for nothing.</param>
    public SignallingEngine(EngineSettings settings, IEngineOutput output, GuardState? guards = null)
        : this(settings, output, new MinuteLedger(settings.SealLag, settings.MaxNumbers, settings.SealsEmptyMinutes), guards)
    {
    }

    private SignallingEngine(EngineSettings settings, IEngineOutput output, MinuteLedger minutes, GuardState? guards)
    {
        _settings = settings;
        _output = output;
        _minutes = minutes;
        _roles = new HostRoles(settings.Phones, settings.OwnHosts.Concat(settings.Trunks.OwnHosts), settings.Calls.MaxHosts);
        _callees = new DayCallees(settings.Pseudonymiser, settings.MaxCallees);
        Persons = new PersonNames(settings.Pseudonymiser, settings.OwnNumbers);
        Observation = new Observation(settings.Trunks, settings.Policy);
        Guards = new CallGuards(
            settings, guards ?? new GuardState(settings.Guards, settings.Policy.Alerts), _minutes, Observation, Persons, output);
        _ledger = new CallLedger(_minutes, _callees, settings.Trunks, _roles, Persons, Guards, settings.Calls, output);
        PartyReader parties = new(settings.Numbers, new BucketNames(settings.MaxNumbers), settings.Pseudonymiser, settings.IdentityOrder)
        {
            HidesUnknownSides = settings.PseudonymisesUnknownSides && settings.Trunks.IsEmpty,
            OwnNumbers = settings.OwnNumbers,
        };
        _calls = new CallTable(settings.Trunks, _roles, settings.Calls, parties, _ledger, settings.Trace);
        SipLimits limits = settings.Sip;
        _streams = new TcpReassembler(
            (ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> message) =>
                SipFramer.TryCut(ref buffer, limits, out message),
            settings.Tcp,
            limits.MaxMessageBytes,
            settings.Hep.ReadsCaptured);
        _streamSink = new StreamSink(this);
        _fragments = new FragmentReassembler(settings.Fragments);
        _hep = new HepReceiver(settings.Hep, limits);
        foreach (ushort port in settings.SipPorts)
        {
            _isSipPort[port] = true;
        }
    }

    /// <summary>What was seen since the engine was built.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>Pseudonyms of far ends.</summary>
    public PersonNames Persons { get; }

    /// <summary>Guards, and what they remember.</summary>
    public CallGuards Guards { get; }

    /// <summary>Attempts neither refused nor ended.</summary>
    public int ActiveCalls => _calls.ActiveCalls;

    /// <summary>Roles declared and learnt.</summary>
    public HostRoles Roles => _roles;

    /// <summary>Hosts that hand SIP over by HEP.</summary>
    public IReadOnlyList<HepSender> HepSenders => _hep.Senders;

    /// <summary>Minutes not sealed yet.</summary>
    public IReadOnlyList<OpenMinute> OpenMinutes => _minutes.Open;

    /// <summary>Packet time of the latest packet; everything up to it is in the figures.</summary>
    public DateTimeOffset Watermark { get; private set; }

    /// <inheritdoc/>
    public void OnPacket(in CapturedPacket packet)
    {
        Counters.Packets++;
        Counters.Bytes += packet.OriginalLength;
        Watermark = packet.At > Watermark ? packet.At : Watermark;
        ReleaseHep(packet.At);
        EnterMinute(packet.At);
        _minute!.Traffic.Packets++;
        DissectResult result = PacketDissector.TryDissect(packet, out TransportPacket transport);
        while (result == DissectResult.Fragment) // a tunnel may have fragments inside fragments
        {
            if (!_fragments.TryComplete(transport.Payload.Span, packet.At, out CapturedPacket datagram))
            {
                return;
            }

            result = PacketDissector.TryDissect(datagram, out transport);
        }

        if (packet.Link == LinkType.ReceivedHep)
        {
            OnReceivedHep(packet);
        }
        else if (result != DissectResult.Payload)
        {
            OnNoPayload(result);
        }
        else if (transport.Protocol == TransportProtocol.Udp)
        {
            OnDatagram(transport, packet.At);
        }
        else
        {
            CountEncrypted(transport);
            _streams.OnSegment(transport, packet.At, _streamSink);
        }
    }

    /// <summary>The wall clock says <paramref name="now"/> and nothing older waits to be read: fires deadlines, seals minutes.</summary>
    public void OnClock(DateTimeOffset now)
    {
        Watermark = now > Watermark ? now : Watermark;
        ReleaseHep(now);
        EnterMinute(now);
        Settle(now);
        Observation.Publish(_minutes.WallOf(now), _output.OnEvent);
    }

    /// <summary>Packets were lost between the wire and the engine.</summary>
    public void OnDrops(DateTimeOffset at, long kernelDrops, long queueDrops)
    {
        CaptureQuality quality = _minutes.MinuteOf(at).Quality;
        quality.KernelDrops += kernelDrops;
        quality.QueueDrops += queueDrops;
        Counters.Quality.KernelDrops += kernelDrops;
        Counters.Quality.QueueDrops += queueDrops;
    }

    /// <summary>The capture is over: closes every call and seals every minute.</summary>
    public void Finish()
    {
        ReleaseAllHep();
        if (Counters.Packets > 0)
        {
            EnterMinute(Watermark);
            _fragments.Complete();
            _streams.Complete(Watermark, _streamSink);
            ReleaseAllHep();
            _calls.Advance(Watermark); // the last packet, of whatever kind, shows which deadlines have passed
        }

        _calls.Close(EndEvidence.CaptureEnd);
        CarryCounters();
        while (_minutes.SealNext() is { } minute)
        {
            Seal(minute);
        }

        Observation.Finish(_minutes.WallOf(Watermark), _output.OnEvent);
        _minute = null;
        _minuteEnd = default;
    }

    private void EnterMinute(DateTimeOffset at)
    {
        if (_minute is not null && at >= _minuteStart && at < _minuteEnd)
        {
            return;
        }

        if (_minute is not null)
        {
            Settle(Watermark);
        }

        DateTimeOffset wall = _minutes.WallOf(at);
        DateOnly day = _paris.Of(wall);
        if (day != _learningDay)
        {
            _learningDay = day;
            _minutes.ForgetNumbers();
        }

        _minute = _minutes.MinuteOf(at);
        _minuteStart = at.AddTicks(-(wall.UtcTicks % TimeSpan.TicksPerMinute));
        _minuteEnd = _minuteStart + TimeSpan.FromMinutes(1);
        Guards.OnTime(wall);
    }

    /// <summary>Everything up to <paramref name="watermark"/> is known: deadlines first, then whole minutes.</summary>
    private void Settle(DateTimeOffset watermark)
    {
        _fragments.Expire(watermark);
        _calls.Advance(watermark);
        CarryCounters();
        bool hasSealed = false;
        while (_minutes.TrySeal(watermark) is { } minute)
        {
            hasSealed = true;
            Seal(minute);
        }

        if (hasSealed)
        {
            Observation.Publish(_minutes.WallOf(watermark), _output.OnEvent);
            _minute = null;
        }
    }

    /// <summary>Brings the counters of the call table and of the reassembly into the minute they moved in.</summary>
    private void CarryCounters()
    {
        if (_minute is null)
        {
            return;
        }

        long retransmissions = _calls.Retransmissions - _retransmissions;
        _minute.Traffic.Retransmissions += retransmissions;
        Counters.Retransmissions += retransmissions;
        long forgotten = _calls.Forgotten + _roles.Forgotten + _ledger.Forgotten;
        CaptureQuality since = new()
        {
            Forgotten = forgotten - _forgotten,
            OrphanResponses = _calls.OrphanResponses - _orphanResponses,
            OrphanByes = _calls.OrphanByes - _orphanByes,
            Evictions = _calls.Evictions - _evictions,
            Fragments = _fragments.GivenUp - _fragmentsGivenUp,
        };
        _hep.CarryOffsets(since);
        _minute.Quality.Add(since);
        Counters.Quality.Add(since);
        Counters.Add(DissectResult.Fragment, since.Fragments);
        _retransmissions = _calls.Retransmissions;
        _orphanResponses = _calls.OrphanResponses;
        _orphanByes = _calls.OrphanByes;
        _evictions = _calls.Evictions;
        _forgotten = forgotten;
        _fragmentsGivenUp = _fragments.GivenUp;
    }

    private void OnNoPayload(DissectResult result)
    {
        Counters.Add(result, 1);
        if (result is DissectResult.Malformed or DissectResult.UnknownLinkType)
        {
            _minute!.Quality.Undecodable++;
            Counters.Quality.Undecodable++;
        }
    }

    private void OnDatagram(in TransportPacket datagram, DateTimeOffset at)
    {
        ReadOnlySpan<byte> payload = datagram.Payload.Span;
        if (SipParser.IsKeepAlive(payload))
        {
            return;
        }

        if (_settings.Hep.ReadsCaptured && HepParser.LooksLikeHep(payload))
        {
            OnHep(payload, datagram.Source.Address, at);
            return;
        }

        bool isSipPort = _isSipPort[datagram.Source.Port] || _isSipPort[datagram.Destination.Port];
        if (!isSipPort && !SipFramer.LooksLikeStart(payload))
        {
            return;
        }

        _settings.Tap?.OnSip(payload, TransportProtocol.Udp, datagram.Source, datagram.Destination, at);
        OnMessage(payload, datagram.Source, datagram.Destination, at);
    }

    private void OnMessage(ReadOnlySpan<byte> bytes, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        if (!TryParse(bytes, out SipMessage message))
        {
            return;
        }

        if (_hepDelay.IsInUse)
        {
            _hepDelay.Remember(FingerprintOf(message, source, destination), at);
        }

        _calls.OnMessage(message, source, destination, at);
        CountHop(at);
    }

    private bool TryParse(ReadOnlySpan<byte> bytes, out SipMessage message)
    {
        SipRejection rejection = SipParser.TryParse(bytes, _settings.Sip, out message);
        if (rejection != SipRejection.None)
        {
            OnRejected(rejection);
            return false;
        }

        Counters.SipMessages++;
        _minute!.Traffic.SipMessages++;
        return true;
    }

    private void OnRejected(SipRejection rejection)
    {
        Counters.Add(rejection);
        Counters.Quality.Undecodable++;
        _minute!.Quality.Undecodable++;
    }

    private sealed class StreamSink(SignallingEngine engine) : ITcpStreamSink
    {
        public void OnMessage(ReadOnlySpan<byte> message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
        {
            engine._settings.Tap?.OnSip(message, TransportProtocol.Tcp, source, destination, at);
            engine.OnMessage(message, source, destination, at);
        }

        public void OnHep(ReadOnlySpan<byte> packet, IpEndpoint source, DateTimeOffset at) => engine.OnHep(packet, source.Address, at);

        public void OnRejected(SipRejection cause, IpEndpoint source, IpEndpoint destination, DateTimeOffset at) =>
            engine.OnRejected(cause);

        public void OnGap(long bytes)
        {
            engine._minute!.Quality.ReassemblyGaps += bytes;
            engine.Counters.Quality.ReassemblyGaps += bytes;
        }
    }
}
