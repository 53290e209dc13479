using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;
using EdgeAgent.Store;

namespace EdgeAgent.Tests.Store;

/// <summary>
/// A call centre on clocks of its own: so many calls a second spread over its numbers, each to another person, a third of them answered
/// and up for half a minute, the others busy after six seconds. The signalling loop takes their packets and looks once a second.
/// </summary>
internal sealed class BusyCentre
{
    private const int RingSeconds = 6;
    private const int TalkSeconds = 30;

    private static readonly IpEndpoint Pbx = IpEndpoint.From(IPAddress.Parse("10.0.0.5"), 5060);
    private static readonly IpEndpoint Carrier = IpEndpoint.From(IPAddress.Parse("192.0.2.10"), 5060);

    private readonly RawPacketBuilder _packets = new();
    private readonly int _callsPerSecond;
    private readonly int _numbers;
    private readonly StoreOptions _options;
    private readonly SignallingLoop _loop;
    private long _second;

    /// <param name="journal">Takes what the loop makes.</param>
    /// <param name="callsPerSecond">Rate.</param>
    /// <param name="numbers">Caller IDs in use.</param>
    /// <param name="options">Gives the interval of snapshots.</param>
    public BusyCentre(IJournal journal, int callsPerSecond, int numbers, StoreOptions options)
    {
        (_callsPerSecond, _numbers, _options) = (callsPerSecond, numbers, options);
        _loop = new SignallingLoop(
            journal, new NoSources(), () => new ClockReading(Now, TimeSpan.FromSeconds(_second), TimeSpan.FromSeconds(_second)), RecordOrigin.None);
        _loop.Begin(Settings, new RestoredState(null, "epoch", null, "boot", 1, null, [], [], null), []);
    }

    /// <summary>Settings of its engine.</summary>
    public static EngineSettings Settings { get; } = new()
    {
        Trunks = new TrunkTable([new Trunk("carrier", [HostRange.From(IPNetwork.Parse("192.0.2.0/24"))], PartyReader.DefaultOrder)]),
        Numbers = new NumberNormaliser(new NumberSettings()),
        Pseudonymiser = new PersonPseudonymiser(new byte[PersonPseudonymiser.KeyBytes], "test"),
        SealsEmptyMinutes = true,
    };

    /// <summary>Wall clock.</summary>
    public DateTimeOffset Now => Samples.Morning.AddSeconds(_second);

    /// <summary>One second with new calls, or without.</summary>
    public void Run(bool isCalling = true)
    {
        for (int i = 0; i < _callsPerSecond; i++)
        {
            if (isCalling)
            {
                Send(_second, i, "INVITE");
                Send(_second, i, "180 Ringing");
            }

            bool isAnswered = i % 3 == 0;
            Send(_second - RingSeconds, i, isAnswered ? "200 OK" : "486 Busy Here");
            Send(_second - RingSeconds, i, "ACK");
            if (isAnswered)
            {
                Send(_second - RingSeconds - TalkSeconds, i, "BYE");
                Send(_second - RingSeconds - TalkSeconds, i, "200 OK", "BYE");
            }
        }

        _second++;
        _loop.OnTick(_options);
    }

    private void Send(long second, int index, string what, string method = "INVITE")
    {
        if (second < 0)
        {
            return;
        }

        long call = (second * _callsPerSecond) + index;
        bool isRequest = char.IsUpper(what[0]);
        method = isRequest ? what : method;
        string id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(call)));
        string toTag = method == "INVITE" && isRequest ? "" : $";tag=as{id[40..48]}";
        int cseq = method == "BYE" ? 103 : 102;
        string person = string.Create(CultureInfo.InvariantCulture, $"+336{call:d8}");
        string number = string.Create(CultureInfo.InvariantCulture, $"+331621{call % _numbers:d5}");
        string text = (isRequest ? $"{what} sip:{person}@192.0.2.10 SIP/2.0" : $"SIP/2.0 {what}")
            + string.Create(CultureInfo.InvariantCulture, $"\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{id[..8]}{cseq}\r\n")
            + $"From: <sip:{number}@10.0.0.5>;tag=as{id[32..40]}\r\nTo: <sip:{person}@192.0.2.10>{toTag}\r\n"
            + string.Create(CultureInfo.InvariantCulture, $"Call-ID: {id[..32]}@10.0.0.5:5060\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n");
        byte[] bytes = _packets.Udp(isRequest ? Pbx : Carrier, isRequest ? Carrier : Pbx, Encoding.ASCII.GetBytes(text)).ToArray();
        _loop.OnPacket(new CapturedPacket(Now.AddMilliseconds(index * 1_000.0 / _callsPerSecond), LinkType.Raw, bytes, bytes.Length));
    }

    private sealed class NoSources : ICaptureSources
    {
        public ChannelReader<QueuedPacket> Packets => throw new NotSupportedException();

        public IReadOnlyList<SourceStatus> Status { get; } = [new SourceStatus("trunk0", true, 0, 0, 0, 0, null)];

        public void Release(in QueuedPacket packet) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
