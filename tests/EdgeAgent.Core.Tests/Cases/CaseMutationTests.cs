using System.Globalization;
using System.Text;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Hep;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>
/// The captures of all cases, damaged at random: nothing escapes, figures add up, and every refusal has its cause. Seeds count up from 0,
/// so a failure is the same each time; EDGEAGENT_MUTATIONS asks for more of them than the few hundred of every run.
/// </summary>
public sealed class CaseMutationTests
{
    private const int Mutations = 400;
    private const long MaxGrowthBytes = 64 * 1_048_576;
    private const int BombBytes = 50_000_000;

    private static readonly CaseCapture[] Cases = [.. CaseScripts.All.Where(capture => !capture.Name.StartsWith("36", StringComparison.Ordinal))];

    private static int Seeds => int.TryParse(
        Environment.GetEnvironmentVariable("EDGEAGENT_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : Mutations;

    [Fact]
    public async Task Engine_DamagedCaptureFiles_RefusesByCauseAndAddsUp()
    {
        byte[][] files = [.. Cases.Select(capture => capture.ToFile())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            byte[] file = ByteDamage.To(files[random.Next(files.Length)], files[random.Next(files.Length)], random);

            CapturedPacket[] packets = await CaseCapture.ReadPacketsAsync(file, TestContext.Current.CancellationToken);
            ShouldAddUp(packets, $"files, seed {seed}");
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MaxGrowthBytes);
    }

    [Fact]
    public void Engine_DamagedPackets_RefusesByCauseAndAddsUp()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            CapturedPacket[] packets = Cases[random.Next(Cases.Length)].Packets;
            CapturedPacket[] others = Cases[random.Next(Cases.Length)].Packets;
            if (random.Next(3) == 0)
            {
                packets = CaseTransforms.ByteByByte(packets)[..Math.Min(4_000, packets.Length)];
            }

            ShouldAddUp(packets.Select(packet => Damaged(packet, others, random)), $"packets, seed {seed}");
        }
    }

    [Fact]
    public void Engine_DamagedHep_RefusesByCauseAndAddsUp()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            SipKeeper keeper = new();
            CaseRun.Play(Cases[random.Next(Cases.Length)].Packets, CaseRun.Settings with { Tap = keeper });
            CapturedPacket[] handed = CaseTransforms.ReceivedAsHep(keeper.Messages, random);

            ShouldAddUp(handed.Select(packet => DamagedHep(packet, handed, random)), $"HEP, seed {seed}");
        }
    }

    /// <summary>A chunk inside the payload of a chunk inside a packet inside a packet is a payload that is no SIP, and nothing is unfolded.</summary>
    [Fact]
    public void Engine_HepInsideHep_IsRefusedOnce()
    {
        byte[] inner = HepBytes.V3("OPTIONS sip:x SIP/2.0\r\n\r\n", Hosts.Pbx, Hosts.Carrier, Scenario.Zero);
        for (int depth = 0; depth < 20; depth++)
        {
            inner = HepBytes.V3(Encoding.Latin1.GetString(inner), Hosts.Pbx, Hosts.Carrier, Scenario.Zero);
        }

        EngineRun run = CaseRun.Play([Received(inner)]);

        run.Engine.Counters.HepPackets.ShouldBe(1);
        run.Engine.Counters.Rejected.ShouldBe(new Dictionary<string, long> { ["notSip"] = 1 });
    }

    [Fact]
    public void Engine_CompressedBomb_IsRefusedWithoutUnpackingIt()
    {
        byte[] bomb = Received(HepBytes.Compressed(new string('A', BombBytes), Hosts.Pbx, Hosts.Carrier, Scenario.Zero, isGzip: true)).Bytes.ToArray();
        CapturedPacket packet = new(Scenario.Zero, LinkType.ReceivedHep, bomb, bomb.Length);
        CaseRun.Play([packet]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        EngineRun run = CaseRun.Play([packet, packet, packet]);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(BombBytes / 10);
        run.Engine.Counters.Rejected.ShouldBe(new Dictionary<string, long> { ["hepBadCompression"] = 3 });
    }

    /// <summary>The bytes of <paramref name="packet"/> damaged, its stamp sometimes too.</summary>
    private static CapturedPacket Damaged(CapturedPacket packet, CapturedPacket[] others, Random random)
    {
        if (random.Next(3) != 0)
        {
            return packet;
        }

        byte[] bytes = ByteDamage.To(packet.Bytes.ToArray(), others[random.Next(others.Length)].Bytes.ToArray(), random);
        DateTimeOffset at = random.Next(20) == 0 ? packet.At.AddSeconds(random.Next(-100_000, 100_000)) : packet.At;
        return packet with { At = at, Bytes = bytes, OriginalLength = Math.Max(bytes.Length, packet.OriginalLength) };
    }

    /// <summary>Whatever follows the sender's address, which the listener itself writes.</summary>
    private static CapturedPacket DamagedHep(CapturedPacket packet, CapturedPacket[] others, Random random)
    {
        byte[] bytes = packet.Bytes.ToArray();
        byte[] other = others[random.Next(others.Length)].Bytes.ToArray();
        const int Sender = SignallingEngine.HepSenderBytes;
        byte[] damaged = [.. bytes[..Sender], .. ByteDamage.To(bytes[Sender..], other[Sender..], random)];
        return packet with { Bytes = damaged, OriginalLength = damaged.Length };
    }

    private static CapturedPacket Received(byte[] hep)
    {
        byte[] bytes = [.. new byte[SignallingEngine.HepSenderBytes], .. hep];
        return new CapturedPacket(Scenario.Zero, LinkType.ReceivedHep, bytes, bytes.Length);
    }

    private static void ShouldAddUp(IEnumerable<CapturedPacket> packets, string name)
    {
        EngineRun run;
        try
        {
            run = CaseRun.Play(packets);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{name}: {fault.Message}", fault);
        }

        NumberCounters totals = run.Totals;
        run.Engine.ActiveCalls.ShouldBe(0, name);
        CounterFields.All.ShouldAllBe(field => field.Read(totals) >= 0, name);
        totals.Answered.ShouldBe(totals.AnsweredEnded + totals.UnknownEnd, name);
        totals.Disposed.ShouldBeLessThanOrEqualTo(totals.Attempts, name);
        totals.HumanCalls.ShouldBeLessThanOrEqualTo(totals.Attempts, name);
        IReadOnlyDictionary<string, long> rejected = run.Engine.Counters.Rejected;
        run.Engine.Counters.Quality.Undecodable.ShouldBe(
            rejected.Values.Sum() - rejected.GetValueOrDefault("fragment") - rejected.GetValueOrDefault("hepNotSip"), name);
    }
}
