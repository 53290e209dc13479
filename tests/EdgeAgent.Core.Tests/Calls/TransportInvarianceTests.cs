using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>How packets came here changes no figure: cut into fragments, or carried inside other packets.</summary>
public sealed class TransportInvarianceTests
{
    private const ushort IPv4Type = 0x0800;

    public static TheoryData<string, Func<byte[], byte[]>> Tunnels => new()
    {
        { "GRE", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(47, Frames.Gre(0, IPv4Type, [], frame[14..]))) },
        { "ERSPAN II", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(47, Frames.Gre(0x1000, 0x88BE, new byte[12], frame))) },
        { "IP in IP", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(4, frame[14..])) },
        { "VXLAN", frame => Frames.Ethernet(IPv4Type, Frames.IPv4(17, Frames.Udp([8, 0, 0, 0, 0, 0, 1, 0, .. frame], destination: 4789))) },
        { "QinQ", frame => Frames.Ethernet(IPv4Type, frame[14..], 0x88A8, 0x8100) },
        { "MPLS", frame => Frames.Ethernet(0x8847, [0, 1, 0x01, 64, .. frame[14..]]) },
        { "PPPoE", frame => Frames.Ethernet(0x8864, [0x11, 0, 0, 1, 0, 0, 0, 0x21, .. frame[14..]]) },
    };

    [Property(MaxTest = 100)]
    public void Figures_EveryPacketInFragmentsOfAnyOrder_AreTheSame(byte[] choices, byte size, int seed)
    {
        Random random = new(seed);
        CapturedPacket[] packets = Ladders.Of(choices);
        IEnumerable<CapturedPacket> fragments = packets.SelectMany((packet, i) =>
        {
            CapturedPacket[] parts = [.. Fragments.OfFrame(packet, (ushort)i, 8 * (1 + (size % 60)))];
            random.Shuffle(parts);
            return parts;
        });

        EngineRun run = Play(fragments);
        run.Figures().ShouldBe(Play(packets).Figures());
        run.Engine.Counters.Quality.Fragments.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void Figures_EveryPacketInATunnel_AreTheSame(string name, Func<byte[], byte[]> wrap)
    {
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 40).Select(i => (byte)i)]);

        Play(packets.Select(packet => Wrapped(packet, wrap))).Figures().ShouldBe(Play(packets).Figures(), name);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void Figures_MirrorBesideTheWire_AreTheSame(string name, Func<byte[], byte[]> wrap)
    {
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 40).Select(i => (byte)i)]);

        Play(packets.SelectMany(packet => new[] { packet, Wrapped(packet, wrap) })).Figures().ShouldBe(Play(packets).Figures(), name);
    }

    private static CapturedPacket Wrapped(CapturedPacket packet, Func<byte[], byte[]> wrap)
    {
        byte[] frame = wrap(packet.Bytes.ToArray());
        return packet with { Bytes = frame, OriginalLength = frame.Length };
    }

    private static EngineRun Play(IEnumerable<CapturedPacket> packets)
    {
        EngineRun run = new EngineRun().Play(packets);
        run.Engine.OnClock(Scenario.At(600));
        run.Engine.Finish();
        return run;
    }
}
