using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using EdgeAgent.Capture;
using EdgeAgent.Configuration;
using EdgeAgent.Core;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Core.Packets;
using EdgeAgent.Pipeline;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Pipeline;

/// <summary>What guards remember goes through a real store; clocks are the test's own.</summary>
public sealed class GuardRestartTests
{
    private const int Calls = 40;
    private const int SecondsBetweenCalls = 25;
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 10, 0, 30, TimeSpan.Zero); // a Tuesday, 11:00:30 in Paris
    private static readonly IpEndpoint Pbx = IpEndpoint.From(IPAddress.Parse("10.0.0.5"), 5060);
    private static readonly IpEndpoint Carrier = IpEndpoint.From(IPAddress.Parse("192.0.2.10"), 5060);

    private readonly RawPacketBuilder _packets = new();

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(30)]
    [InlineData(39)]
    public async Task Begin_AfterACleanStop_VerdictsAreThoseOfNoStop(int callsBefore)
    {
        IReadOnlyList<string> whole = await RunAsync(Calls, stopAfter: -1, isKilled: false);

        IReadOnlyList<string> stopped = await RunAsync(Calls, callsBefore, isKilled: false);

        stopped.ShouldBe(whole);
        whole.ShouldContain(line => line.StartsWith("redial", StringComparison.Ordinal));
        whole.ShouldContain(line => line.StartsWith("personAttempts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Begin_AfterAKill_VerdictsAreThoseOfTheCallsOnDisk()
    {
        // Nothing of the last call reached the disk: it never was, for guards and for counters alike.
        IReadOnlyList<string> killed = await RunAsync(Calls, stopAfter: 20, isKilled: true);

        killed.ShouldBe(await RunAsync(Calls, stopAfter: -1, isKilled: false, leftOut: 19));
    }

    [Fact]
    public async Task Begin_OtherPolicyThanBefore_IsRecorded()
    {
        using TemporaryStore store = new();
        await using (JournalStore first = store.Open())
        {
            SignallingLoop loop = await BeginAsync(first, Start, "hash-1");
            await StopAsync(loop, first);
        }

        await using JournalStore second = store.Open();
        await StopAsync(await BeginAsync(second, Start.AddMinutes(1), "hash-2"), second);

        IReadOnlyList<JournalRecord> records = await second.ReadUnsentAsync(0, 100, TestContext.Current.CancellationToken);
        records.ShouldContain(record => record.TopicSuffix == "event/policy" && Samples.Json(record.Payload).GetProperty("reason").GetString() == "start");
    }

    /// <summary>Calls in a row to five persons by turns; what guards had to say of each.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(int calls, int stopAfter, bool isKilled, int leftOut = -1)
    {
        using TemporaryStore directory = new();
        JournalStore store = directory.Open();
        try
        {
            SignallingLoop loop = await BeginAsync(store, Start, "hash");
            for (int call = 0; call < calls; call++)
            {
                DateTimeOffset at = Start.AddSeconds(call * SecondsBetweenCalls);
                if (call != leftOut)
                {
                    Play(loop, call, at);
                }

                if (call + 1 == stopAfter && isKilled)
                {
                    await store.DisposeAsync(); // the loop, and what it had not handed over, are gone
                    store = directory.Open();
                    loop = await BeginAsync(store, at.AddSeconds(2), "hash");
                }

                _now = at.AddSeconds(3);
                loop.OnTick(new StoreOptions { SnapshotInterval = TimeSpan.FromSeconds(1) });
                if (call + 1 == stopAfter && !isKilled)
                {
                    await StopAsync(loop, store);
                    await store.DisposeAsync();
                    store = directory.Open();
                    loop = await BeginAsync(store, _now, "hash");
                }
            }

            _now = _now.AddMinutes(5);
            loop.OnTick(new StoreOptions());
            await StopAsync(loop, store);
            IReadOnlyList<JournalRecord> records = await store.ReadUnsentAsync(0, 1_000, TestContext.Current.CancellationToken);
            return [.. records.Where(record => record.TopicSuffix is "event/guard" or "event/alert").Select(Told)];
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private DateTimeOffset _now;

    private static string Told(JournalRecord record)
    {
        System.Text.Json.JsonElement told = Samples.Json(record.Payload);
        return $"{told.GetProperty("rule").GetString()} {told.GetProperty("reason").GetString()} {told.GetProperty("value")} {told.GetProperty("at").GetString()} {record.TopicSuffix}";
    }

    private async Task<SignallingLoop> BeginAsync(JournalStore store, DateTimeOffset at, string policyHash)
    {
        _now = at;
        SignallingLoop loop = new(store, new NoSources(), () => new ClockReading(_now, _now - Start, _now - Start), RecordOrigin.None);
        EngineSettings settings = new()
        {
            Trunks = new TrunkTable([new Trunk("carrier", [HostRange.From(IPNetwork.Parse("192.0.2.0/24"))], PartyReader.DefaultOrder)]),
            Numbers = new NumberNormaliser(new NumberSettings()),
            Pseudonymiser = new PersonPseudonymiser(new byte[PersonPseudonymiser.KeyBytes], "test"),
            Policy = GuardPolicy.Default with { ObserveFor = TimeSpan.Zero, Hash = policyHash },
            SealsEmptyMinutes = true,
        };
        loop.Begin(settings, await store.RestoreAsync(TestContext.Current.CancellationToken), []);
        return loop;
    }

    private static async Task StopAsync(SignallingLoop loop, JournalStore store)
    {
        loop.Commit();
        await store.FlushAsync(TestContext.Current.CancellationToken);
    }

    private void Play(SignallingLoop loop, int call, DateTimeOffset at)
    {
        _now = at;
        loop.OnPacket(Packet(call, at, "INVITE sip:+3361234567{0}@192.0.2.10 SIP/2.0", Pbx));
        loop.OnPacket(Packet(call, at.AddSeconds(0.5), "SIP/2.0 486 Busy Here", Carrier));
    }

    private CapturedPacket Packet(int call, DateTimeOffset at, string startLine, IpEndpoint source)
    {
        string text = string.Format(CultureInfo.InvariantCulture, startLine, call % 5)
            + $"\r\nVia: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK{call}\r\nFrom: <sip:+33162123456@10.0.0.5>;tag=a{call}\r\n"
            + $"To: <sip:+3361234567{call % 5}@192.0.2.10>{(source == Pbx ? "" : ";tag=b")}\r\nCall-ID: call-{call}\r\n"
            + "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
        byte[] bytes = _packets.Udp(source, source == Pbx ? Carrier : Pbx, Encoding.ASCII.GetBytes(text)).ToArray();
        return new CapturedPacket(at, LinkType.Raw, bytes, bytes.Length);
    }

    private sealed class NoSources : ICaptureSources
    {
        public ChannelReader<QueuedPacket> Packets => throw new NotSupportedException();

        public IReadOnlyList<SourceStatus> Status => [];

        public void Release(in QueuedPacket packet) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
