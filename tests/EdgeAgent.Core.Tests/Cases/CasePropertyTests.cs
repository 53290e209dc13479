using System.Net;
using EdgeAgent.Core.Calls;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Cases;

/// <summary>
/// Whatever the way in which the traffic of a case reaches the agent, every counter stays as it was. A failure names the case and the seed:
/// the same seed makes the same packets.
/// </summary>
public sealed class CasePropertyTests
{
    private static readonly (CaseCapture Capture, string Figures)[] Cases =
        [.. CaseScripts.All.Select(capture => (capture, CaseRun.Play(capture.Packets).Figures()))];

    /// <summary>The carriers under the addresses of <see cref="CaseTransforms.OverIPv6"/>.</summary>
    private static readonly EngineSettings OverIPv6 = CaseRun.Settings with
    {
        Trunks = new TrunkTable(CaseRun.Settings.Trunks.All.Select(trunk =>
            trunk with { Ranges = [Hosts.Range(CaseTransforms.Mapped(IPAddress.Parse(trunk.Name)) + "/128"), .. trunk.Ranges] })),
    };

    [Property(MaxTest = 20)]
    public void Figures_PermutedWithinTheReorderWindow_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.Permuted(packets, random));

    [Property(MaxTest = 20)]
    public void Figures_PacketsDuplicatedFromAnySource_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.Duplicated(packets, random));

    [Property(MaxTest = 10)]
    public void Figures_PermutedAndDuplicated_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.Duplicated(CaseTransforms.Permuted(packets, random), random));

    /// <summary>But for the datagram with two messages: on a stream the second one counts too. Segments out of order are hundreds of bytes long.</summary>
    [Fact]
    public void Figures_EverySegmentInSingleBytes_AreTheSame() => ShouldStay(
        0, (packets, _) => CaseTransforms.ByteByByte(packets), CaseRun.Settings with { Tcp = new TcpLimits(MaxHeldSegments: 1_024) }, except: "44");

    [Property(MaxTest = 10)]
    public void Figures_EveryIPv4PacketInFragments_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.Fragmented(packets, random));

    [Property(MaxTest = 10)]
    public void Figures_EveryIPv6PacketInFragments_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.FragmentedIPv6(packets, random), OverIPv6);

    [Property(MaxTest = 10)]
    public void Figures_EveryPacketInAnyCarrier_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.Tunnelled(packets, random));

    [Property(MaxTest = 10)]
    public void Figures_FragmentsInCarriersTwice_AreTheSame(int seed) => ShouldStay(
        seed, (packets, random) => CaseTransforms.Duplicated(CaseTransforms.Tunnelled(CaseTransforms.Fragmented(packets, random), random), random));

    [Property(MaxTest = 10)]
    public void Figures_EveryMessageAsHep_AreTheSame(int seed) =>
        ShouldStay(seed, (packets, random) => CaseTransforms.ReceivedAsHep(MessagesOf(packets), random));

    /// <summary>Clocks of other hosts are believed for durations only: not even a minute moves.</summary>
    [Property(MaxTest = 5)]
    public void Minutes_HepOfASenderWhoseClockIsHoursOff_AreTheSame(int seed)
    {
        TimeSpan off = TimeSpan.FromHours(new Random(seed).Next(2) == 0 ? 3 : -3);
        foreach ((CaseCapture capture, _) in Cases)
        {
            List<SeenSip> messages = MessagesOf(capture.Packets);
            EngineRun right = CaseRun.Play(CaseTransforms.ReceivedAsHep(messages, new Random(seed)));
            EngineRun wrong = CaseRun.Play(CaseTransforms.ReceivedAsHep(messages, new Random(seed), off));

            wrong.Figures().ShouldBe(right.Figures(), $"{capture.Name}, seed {seed}");
            Minutes(wrong).ShouldBe(Minutes(right), $"{capture.Name}, seed {seed}");
        }
    }

    private static IEnumerable<string> Minutes(EngineRun run) => run.Sealed.SelectMany(minute => minute.Numbers.Select(row =>
        $"{minute.Start:T} {row.Key} {row.Value.Attempts} {row.Value.Answered} {row.Value.AnsweredEnded} {row.Value.Talk}"));

    private static List<SeenSip> MessagesOf(CapturedPacket[] packets)
    {
        SipKeeper keeper = new();
        CaseRun.Play(packets, CaseRun.Settings with { Tap = keeper });
        return keeper.Messages;
    }

    private static void ShouldStay(
        int seed, Func<CapturedPacket[], Random, CapturedPacket[]> transform, EngineSettings? settings = null, string? except = null)
    {
        foreach ((CaseCapture capture, string figures) in Cases.Where(each => except is null || !each.Capture.Name.StartsWith(except, StringComparison.Ordinal)))
        {
            EngineRun run = CaseRun.Play(transform(capture.Packets, new Random(seed)), settings);

            run.Figures().ShouldBe(figures, $"{capture.Name}, seed {seed}");
        }
    }
}
