using EdgeAgent.Collect;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

public sealed class SeqRangesTests
{
    /// <summary>Against a plain set of numbers: whatever ranges are added in whatever order.</summary>
    [Property(MaxTest = 500)]
    public void TryAdd_AnyRangesInAnyOrder_KnowsWhatIsMissing(int seed)
    {
        Random random = new(seed);
        SeqRanges ranges = new();
        SortedSet<long> plain = [];
        for (int i = 0; i < random.Next(1, 40); i++)
        {
            long first = random.Next(1, 100);
            long last = first + (random.Next(3) == 0 ? random.Next(20) : 0);
            ranges.TryAdd(first, last).ShouldBeTrue();
            for (long seq = first; seq <= last; seq++)
            {
                plain.Add(seq);
            }
        }

        for (long seq = 0; seq <= 130; seq++)
        {
            ranges.Contains(seq).ShouldBe(plain.Contains(seq), $"number {seq}");
        }

        ranges.Last.ShouldBe(plain.Max);
        long[] missing = [.. Enumerable.Range(1, (int)plain.Max).Select(seq => (long)seq).Where(seq => !plain.Contains(seq))];
        ranges.Holes().SelectMany(hole => Enumerable.Range((int)hole.First, (int)(hole.Last - hole.First + 1))).Select(seq => (long)seq).ShouldBe(missing);
        ranges.All.Count.ShouldBe(ranges.Holes().Count() + (plain.Contains(1) ? 1 : 0), "neighbours are joined");
        SeqRanges.Unpack(ranges.Pack()).All.ShouldBe(ranges.All);
    }

    [Fact]
    public void TryAdd_TooScattered_IsRefusedUnlessItJoins()
    {
        SeqRanges ranges = new();
        for (int i = 0; i < SeqRanges.MaxRanges; i++)
        {
            ranges.TryAdd(2 * i + 1, 2 * i + 1).ShouldBeTrue();
        }

        ranges.TryAdd(100_001, 100_001).ShouldBeFalse();
        ranges.TryAdd(2, 2).ShouldBeTrue();
        ranges.All[0].ShouldBe((1, 3));
    }
}
