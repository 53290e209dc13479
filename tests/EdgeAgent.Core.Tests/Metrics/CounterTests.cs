using EdgeAgent.Core.Metrics;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Metrics;

public sealed class CounterTests
{
    [Fact]
    public void Add_EveryCounter_IsSummedOrTheHigherStands()
    {
        NumberCounters one = new();
        for (int i = 0; i < CounterFields.All.Count; i++)
        {
            CounterFields.All[i].Write(one, i + 1);
        }

        NumberCounters sum = new();
        sum.Add(one);
        sum.Add(one);

        for (int i = 0; i < CounterFields.All.Count; i++)
        {
            CounterField field = CounterFields.All[i];
            field.Read(sum).ShouldBe(field.Merge == CounterMerge.Sum ? 2 * (i + 1) : i + 1, field.Name);
        }
    }

    [Fact]
    public void Disposed_EveryDisposition_IsInTheSum()
    {
        NumberCounters counters = new();
        foreach (Disposition disposition in Enum.GetValues<Disposition>())
        {
            counters[disposition] = 1;
        }

        counters.Disposed.ShouldBe(Enum.GetValues<Disposition>().Length);
    }

    [Fact]
    public void Status_CodesInAnyOrder_StandAscending()
    {
        StatusHistogram status = new();
        foreach (int code in new[] { 486, 200, 603, 200, 404, 486, 486 })
        {
            status.Add(code);
        }

        status.Entries.ToArray().ShouldBe([((short)200, 2L), ((short)404, 1L), ((short)486, 3L), ((short)603, 1L)]);
    }

    [Fact]
    public void Ratios_ZeroDenominator_AreNull()
    {
        NumberCounters none = new();

        none.AnswerRate().ShouldBeNull();
        none.AcdSeconds().ShouldBeNull();
        none.PostDialSeconds().ShouldBeNull();
    }

    [Fact]
    public void Ratios_AreOfTheirOwnCounters()
    {
        NumberCounters counters = new()
        {
            Attempts = 8, Answered = 2, AnsweredEnded = 1, UnknownEnd = 1, Talk = TimeSpan.FromSeconds(90), PostDial = TimeSpan.FromSeconds(9),
            PostDialCount = 6,
        };

        counters.AnswerRate().ShouldBe(0.25);
        counters.AcdSeconds().ShouldBe(90);
        counters.PostDialSeconds().ShouldBe(1.5);
    }

    [Fact]
    public void Quality_NothingLost_IsFull()
    {
        CaptureQuality quality = new() { Undecodable = 3, OrphanResponses = 4, OrphanByes = 5 };

        quality.Confidence.ShouldBe(Confidence.Full);
        quality.Cause.ShouldBeNull();
    }

    [Fact]
    public void Quality_FirstCauseInOrder_IsNamed()
    {
        CaptureQuality quality = new() { Forgotten = 1 };
        quality.Cause.ShouldBe("forgotten");
        quality.Evictions = 1;
        quality.Cause.ShouldBe("evictions");
        quality.Fragments = 1;
        quality.Cause.ShouldBe("fragments");
        quality.ReassemblyGaps = 1;
        quality.Cause.ShouldBe("reassemblyGaps");
        quality.QueueDrops = 1;
        quality.Cause.ShouldBe("queueDrops");
        quality.KernelDrops = 1;
        quality.Cause.ShouldBe("kernelDrops");
        quality.Blind = TimeSpan.FromSeconds(1);
        quality.Cause.ShouldBe("blind");
        quality.Confidence.ShouldBe(Confidence.Degraded);
        quality.Blind = TimeSpan.FromMinutes(1);
        quality.Confidence.ShouldBe(Confidence.Blind);
    }
}
