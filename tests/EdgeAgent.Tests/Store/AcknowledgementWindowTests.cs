using EdgeAgent.Store;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

public sealed class AcknowledgementWindowTests
{
    [Property]
    public void Add_AnyOrder_ContiguousIsTheFirstGap(int[] order, byte count)
    {
        AcknowledgementWindow window = new();
        HashSet<long> expected = [];
        foreach (int number in order)
        {
            long seq = 1 + (long)((uint)number % (count + 1u));
            expected.Add(seq);
            window.Add(seq);
        }

        long contiguous = 0;
        while (expected.Contains(contiguous + 1))
        {
            contiguous++;
        }

        window.Contiguous.ShouldBe(contiguous);
        window.Ahead.ShouldBe(expected.Count(seq => seq > contiguous));
        expected.ShouldAllBe(seq => window.Contains(seq));
        window.Contains(contiguous + 1).ShouldBeFalse();
    }

    [Fact]
    public void Add_FarAheadWithoutEnd_StaysBounded()
    {
        AcknowledgementWindow window = new();
        for (long seq = 2; seq < AcknowledgementWindow.MaxAhead + 1_000; seq++)
        {
            window.Add(seq);
        }

        window.Ahead.ShouldBe(AcknowledgementWindow.MaxAhead);
        window.Add(1);
        window.Contiguous.ShouldBe(AcknowledgementWindow.MaxAhead + 1);
    }

    [Fact]
    public void SkipTo_PastSomeAhead_JoinsTheRest()
    {
        AcknowledgementWindow window = new();
        window.Add(3);
        window.Add(6);

        window.SkipTo(5);

        window.Contiguous.ShouldBe(6);
        window.Ahead.ShouldBe(0);
    }
}
