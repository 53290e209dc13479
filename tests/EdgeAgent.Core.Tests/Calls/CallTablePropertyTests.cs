using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Packets;
using FsCheck.Xunit;
using Shouldly;

namespace EdgeAgent.Core.Tests.Calls;

public class CallTablePropertyTests
{
    private static readonly TimeSpan ReorderTolerance = TimeSpan.FromMilliseconds(20);

    [Property(MaxTest = 300)]
    public void OnPacket_AnyPacketsDuplicated_MovesNoCounter(byte[] choices, (byte Block, byte Place, byte Delay)[] copies)
    {
        CapturedPacket[] packets = Ladders.Of(choices);
        CapturedPacket[] duplicated = [.. packets.Concat(copies.Where(_ => packets.Length > 0).Select(copy =>
        {
            CapturedPacket packet = packets[((copy.Block << 8) + copy.Place) % packets.Length];
            return packet with { At = packet.At + TimeSpan.FromMilliseconds(copy.Delay * 40) };
        })).OrderBy(packet => packet.At)];

        Figures(duplicated).ShouldBe(Figures(packets));
    }

    [Property(MaxTest = 300)]
    public void OnPacket_NeighboursOutOfOrder_MovesNoCounter(byte[] choices, bool[] swaps)
    {
        CapturedPacket[] packets = Ladders.Of(choices);
        string expected = Figures(packets);
        for (int i = 0; i + 1 < packets.Length && swaps.Length > 0; i++)
        {
            if (swaps[i % swaps.Length] && packets[i + 1].At - packets[i].At <= ReorderTolerance)
            {
                (packets[i], packets[i + 1]) = (packets[i + 1], packets[i]);
                i++;
            }
        }

        Figures(packets).ShouldBe(expected);
    }

    [Property(MaxTest = 300)]
    public void OnPacket_AtAnyMoment_FiguresAddUp(byte[] choices, byte block, byte place)
    {
        CapturedPacket[] packets = Ladders.Of(choices);
        EngineRun run = new EngineRun().Play(packets.Take(packets.Length == 0 ? 0 : ((block << 8) + place) % packets.Length));

        NumberCounters totals = run.Totals;
        long open = totals.Attempts - totals.Disposed;
        long stillUp = totals.Answered - totals.AnsweredEnded - totals.UnknownEnd;

        open.ShouldBeGreaterThanOrEqualTo(0);
        stillUp.ShouldBeGreaterThanOrEqualTo(0);
        (open + stillUp).ShouldBe(run.Engine.ActiveCalls);
        ShouldAddUpAtTheEnd(run);
    }

    [Property(MaxTest = 300)]
    public void OnPacket_LostAndShuffledPackets_FiguresAddUp(byte[] choices, int seed)
    {
        Random random = new(seed);
        CapturedPacket[] packets = [.. Ladders.Of(choices).Where(_ => random.Next(4) > 0)];
        random.Shuffle(packets);

        ShouldAddUpAtTheEnd(new EngineRun().Play(packets));
    }

    private static void ShouldAddUpAtTheEnd(EngineRun run)
    {
        run.Engine.Finish();
        NumberCounters totals = run.Totals;

        run.Engine.ActiveCalls.ShouldBe(0);
        CounterFields.All.ShouldAllBe(field => field.Read(totals) >= 0);
        totals.Attempts.ShouldBe(run.Closed.Count);
        totals.Disposed.ShouldBe(run.Closed.Count(call => call.Disposition is not null));
        totals.Answered.ShouldBe(run.Closed.Count(call => call.Disposition == Disposition.Answered));
        totals.Answered.ShouldBe(totals.AnsweredEnded + totals.UnknownEnd);
        totals.AnsweredEnded.ShouldBe(run.Closed.Count(call => call.Talk is not null));
        (totals.EndedByNumber + totals.EndedByPerson).ShouldBe(totals.AnsweredEnded);
        totals.Talk.Ticks.ShouldBe(run.Closed.Sum(call => call.Talk?.Ticks ?? 0));
        totals.Ring.Ticks.ShouldBe(run.Closed.Sum(call => call.Disposition is null ? 0 : call.Ring?.Ticks ?? 0));
    }

    private static string Figures(IEnumerable<CapturedPacket> packets)
    {
        EngineRun run = new EngineRun().Play(packets);
        run.Engine.OnClock(Scenario.At(600));
        run.Engine.Finish();
        return run.Figures();
    }
}
