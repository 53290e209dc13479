using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;
using EdgeAgent.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Pipeline;

/// <summary>The signalling loop under clocks of the test's own: nothing sleeps.</summary>
public sealed class SignallingLoopTests
{
    private static readonly DateTimeOffset Zero = new(2026, 3, 10, 10, 0, 30, TimeSpan.Zero); // a Tuesday, 11:00:30 in Paris
    private static readonly IpEndpoint Pbx = IpEndpoint.From(IPAddress.Parse("10.0.0.5"), 5060);
    private static readonly IpEndpoint Carrier = IpEndpoint.From(IPAddress.Parse("192.0.2.10"), 5060);
    private static readonly RestoredState Nothing = new(null, "epoch", null, "boot", 1, null, [], [], null);

    private readonly CollectingJournal _journal = new();
    private readonly FixedSources _sources = new();
    private readonly RawPacketBuilder _packets = new();
    private double _now;
    private double _set;
    private double _slept;
    private SignallingLoop _loop;

    public SignallingLoopTests()
    {
        _loop = NewLoop();
        _loop.Begin(Settings(), Nothing, []);
    }

    private DateTimeOffset Wall => Zero.AddSeconds(_now + _slept + _set);

    [Theory]
    [InlineData(3_600, true)]
    [InlineData(-3_600, true)]
    [InlineData(3_600, false)]
    [InlineData(-3_600, false)]
    public void OnPacket_ClockSetInMidCall_CountsAndTalkAreWhatTheyWere(int step, bool isFoundByATick)
    {
        Run(until: 10);
        Send("INVITE", Pbx);
        Send("SIP/2.0 200 OK", Carrier);
        Run(until: 20);
        _now = 20.4;
        CapturedPacket late = Packet("SIP/2.0 200 OK", Carrier); // stamped by the old clock, read after the new one is known
        _set = step;
        _now = 20.6;
        if (isFoundByATick)
        {
            _loop.OnTick(new StoreOptions());
        }

        Send("INFO", Pbx);
        _loop.OnPacket(late);
        Run(until: 40);
        Send("BYE", Pbx);
        Send("SIP/2.0 200 OK", Carrier, "BYE");
        Run(until: 240);

        NumberCounters total = _journal.Totals;
        (total.Attempts, total.Answered, total.AnsweredEnded, total.Late).ShouldBe((1, 1, 1, 0));
        total.Talk.ShouldBe(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1));
        AgentEvent told = _journal.Events.Where(each => each.Kind != AgentEventKind.Alert).ShouldHaveSingleItem();
        (told.Reason, told.Value, told.Source).ShouldBe(("clockStepped", step * 1_000L, "agent"));
        _journal.Minutes.Count.ShouldBeInRange(3, 7, "the minutes there were, on either clock");
    }

    [Fact]
    public void OnTick_MachineSlept_IsBlindAndNoMinuteOfItIsASilence()
    {
        Run(until: 10);
        _slept = 600;
        Run(until: 130);

        AgentEvent told = _journal.Events.Where(each => each.Kind != AgentEventKind.Alert).ShouldHaveSingleItem();
        (told.Kind, told.Reason).ShouldBe((AgentEventKind.Blind, "suspended"));
        (told.From, told.To).ShouldBe((Zero.AddSeconds(10), Zero.AddSeconds(611)));
        _journal.Events.Single(each => each.Kind == AgentEventKind.Alert).Hit?.Reason.ShouldBe("blindTime");
        _journal.Minutes.Select(minute => minute.Quality.Cause).ShouldBe(["suspended", "suspended", null], Minutes());
    }

    [Fact]
    public void OnTick_EventsEachSecond_HandsTheFirstOverAtOnceAndTheOthersWithSnapshots()
    {
        StoreOptions options = new() { SnapshotInterval = TimeSpan.FromSeconds(5) };
        List<int> handedOver = [];
        for (_now = 1; _now <= 11; _now++)
        {
            _set = 10 - _set; // a step of the clock is an event
            _loop.OnTick(options);
            handedOver.Add(_journal.Events.Count(told => told.Reason == "clockStepped"));
        }

        handedOver.ShouldBe([1, 1, 1, 1, 1, 6, 6, 6, 6, 6, 11]);
    }

    [Fact]
    public void Begin_ClockSetBackWhileStopped_GoesOnAtOnceAndSaysSo()
    {
        Run(until: 100);
        AgentSnapshot snapshot = _journal.Last.ShouldNotBeNull();
        _set = -3_600;
        _journal.Clear();
        _loop = NewLoop();
        _loop.Begin(Settings(), Nothing with { Snapshot = snapshot }, []);
        Send("INVITE", Pbx);
        Run(until: 300);

        _journal.Events.ShouldContain(told => told.Reason == "clockStepped" && told.Value < -3_590_000);
        _journal.Totals.Attempts.ShouldBe(1);
        _journal.Minutes.Count(minute => minute.Start < Zero.AddMinutes(-50)).ShouldBeInRange(2, 4, "sealed as they pass, not an hour later");
    }

    [Fact]
    public void Begin_AfterAStop_OpenOutageAndCoverageGoOn()
    {
        Outage outage = new(1, Zero.AddSeconds(40), null);
        Run(until: 50);
        _sources.Status = [new SourceStatus("trunk0", false, 0, 0, 0, 0, "the interface is down") { Outages = [outage] }];
        Run(until: 80);
        AgentSnapshot snapshot = _journal.Last.ShouldNotBeNull();
        _loop = NewLoop();
        _sources.Status = [new SourceStatus("trunk0", true, 0, 0, 0, 0, null)];
        _now = 90;
        _journal.Clear();
        _loop.Begin(Settings(), Nothing with { Snapshot = snapshot }, []);
        Run(until: 240);

        _journal.Events.Select(told => (told.Reason, told.From, told.IsLasting)).ShouldBe(
            [("agentStopped", Zero.AddSeconds(79), false), ("interfaceDown", Zero.AddSeconds(40), false)], ignoreOrder: true);
        DayCoverage today = _loop.Picture.ShouldNotBeNull().Coverage.ShouldNotBeNull();
        TimeSpan lost = today.Lost.Single(each => each.Key == ObservationCause.InterfaceDown).Value;
        lost.ShouldBe(TimeSpan.FromSeconds(39), "40 s to the last state on disk, the rest is the stop's");
    }

    private static EngineSettings Settings() => new()
    {
        Trunks = new TrunkTable([new Trunk("carrier", [HostRange.From(IPNetwork.Parse("192.0.2.0/24"))], PartyReader.DefaultOrder)]),
        Numbers = new NumberNormaliser(new NumberSettings()),
        Pseudonymiser = new PersonPseudonymiser(new byte[PersonPseudonymiser.KeyBytes], "test"),
        SealsEmptyMinutes = true,
    };

    private SignallingLoop NewLoop() => new(
        _journal, _sources, () => new ClockReading(Wall, TimeSpan.FromSeconds(_now), TimeSpan.FromSeconds(_now + _slept)), RecordOrigin.None);

    /// <summary>A look each second.</summary>
    private void Run(double until)
    {
        for (_now = Math.Floor(_now) + 1; _now <= until; _now++)
        {
            _loop.OnTick(new StoreOptions { SnapshotInterval = TimeSpan.FromSeconds(1) });
        }

        _now = until;
    }

    private void Send(string startLine, IpEndpoint source, string? method = null) => _loop.OnPacket(Packet(startLine, source, method));

    /// <summary>A message of the one call, stamped by the wall clock as it is set now.</summary>
    private CapturedPacket Packet(string startLine, IpEndpoint source, string? method = null)
    {
        bool isRequest = !startLine.StartsWith("SIP", StringComparison.Ordinal);
        method ??= isRequest ? startLine : "INVITE";
        int cseq = method switch { "INVITE" => 1, "INFO" => 2, _ => 3 };
        string toTag = method == "INVITE" && isRequest ? "" : ";tag=b";
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{(isRequest ? $"{startLine} sip:+33612345678@192.0.2.10 SIP/2.0" : startLine)}\r\nVia: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK{cseq}\r\n")
            + "From: <sip:+33162123456@10.0.0.5>;tag=a\r\n" + $"To: <sip:+33612345678@192.0.2.10>{toTag}\r\n"
            + string.Create(CultureInfo.InvariantCulture, $"Call-ID: call-1\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n");
        byte[] bytes = _packets.Udp(source, source == Pbx ? Carrier : Pbx, Encoding.ASCII.GetBytes(text)).ToArray();
        return new CapturedPacket(Wall, LinkType.Raw, bytes, bytes.Length);
    }

    private string Minutes() => string.Join('\n', _journal.Minutes.Select(minute => $"{minute.Start:O} {minute.Quality.Cause}"));

    private sealed class FixedSources : ICaptureSources
    {
        public ChannelReader<QueuedPacket> Packets => throw new NotSupportedException();

        public IReadOnlyList<SourceStatus> Status { get; set; } = [new SourceStatus("trunk0", true, 0, 0, 0, 0, null)];

        public void Release(in QueuedPacket packet) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class CollectingJournal : IJournal
    {
        public List<SealedMinute> Minutes { get; } = [];

        public List<AgentEvent> Events { get; } = [];

        public AgentSnapshot? Last { get; private set; }

        public NumberCounters Totals
        {
            get
            {
                NumberCounters sum = new();
                Minutes.SelectMany(minute => minute.Numbers).ToList().ForEach(row => sum.Add(row.Value));
                return sum;
            }
        }

        public JournalIdentity Identity => throw new NotSupportedException();

        public StoreStatus Status => throw new NotSupportedException();

        public ChannelReader<long> Appended => throw new NotSupportedException();

        public void Clear()
        {
            Minutes.Clear();
            Events.Clear();
        }

        public void Submit(JournalBatch batch)
        {
            Minutes.AddRange(batch.Minutes);
            Events.AddRange(batch.Events);
            Last = batch.Snapshot;
        }

        public void Record(AgentEvent happened) => Events.Add(happened);

        public Task<IReadOnlyList<KeyValuePair<string, DateTimeOffset>>> ReadNoncesAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task RememberNonceAsync(string nonce, DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task FlushAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RestoredState> RestoreAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRecord>> ReadUnsentAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRecord>> ReadRangeAsync(long from, long to, int max, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<AnchorOutcome> AnchorAsync(Anchor anchor, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task MarkTotalsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Acknowledge(in JournalRecord record) => throw new NotSupportedException();

        public Task<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(DateOnly day, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<NumberTotal>> TakeChangedTotalsAsync(int max, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task SettleTotalAsync(NumberTotal total, bool isSent, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
