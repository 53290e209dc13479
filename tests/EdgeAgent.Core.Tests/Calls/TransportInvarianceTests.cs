using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Cases;
using EdgeAgent.Core.Tests.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>
/// How packets came here changes no figure: cut into fragments, or carried inside other packets. Ladders of every shape; the numbered cases are
/// tried in all ways by <see cref="CasePropertyTests"/>.
/// </summary>
public sealed class TransportInvarianceTests
{
    public static TheoryData<string> CarrierNames => [.. Carriers.All.Select(carrier => carrier.Name)];

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
    [MemberData(nameof(CarrierNames))]
    public void Figures_EveryPacketInATunnel_AreTheSame(string name)
    {
        Func<byte[], byte[]> wrap = Carriers.All.Single(carrier => carrier.Name == name).Wrap;
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 40).Select(i => (byte)i)]);

        Play(packets.Select(packet => Carriers.In(packet, wrap))).Figures().ShouldBe(Play(packets).Figures(), name);
    }

    [Theory]
    [MemberData(nameof(CarrierNames))]
    public void Figures_MirrorBesideTheWire_AreTheSame(string name)
    {
        Func<byte[], byte[]> wrap = Carriers.All.Single(carrier => carrier.Name == name).Wrap;
        CapturedPacket[] packets = Ladders.Of([.. Enumerable.Range(0, 40).Select(i => (byte)i)]);

        Play(packets.SelectMany(packet => new[] { packet, Carriers.In(packet, wrap) })).Figures().ShouldBe(Play(packets).Figures(), name);
    }

    private static EngineRun Play(IEnumerable<CapturedPacket> packets)
    {
        EngineRun run = new EngineRun().Play(packets);
        run.Engine.OnClock(Scenario.At(600));
        run.Engine.Finish();
        return run;
    }
}
