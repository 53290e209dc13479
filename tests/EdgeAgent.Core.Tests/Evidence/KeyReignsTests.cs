using EdgeAgent.Core.Evidence;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Evidence;

/// <summary>Which key signs from where on, in whatever order that is learnt.</summary>
public sealed class KeyReignsTests
{
    private const string First = "20260504T080000Z-01";
    private const string Second = "20260505T080000Z-02";

    private static readonly KeyReign[] ThereAndBack =
    [
        new("a", null, First, 1), new("b", "a", First, 10), new("b", null, Second, 1), new("a", "b", Second, 5), new("c", "a", Second, 9),
    ];

    [Theory]
    [InlineData("a", First, 9, null)]
    [InlineData("a", First, 10, "b")]
    [InlineData("a", Second, 4, "b")]
    [InlineData("a", Second, 5, null)]
    [InlineData("a", Second, 9, "c")]
    [InlineData("b", First, 10, null)]
    [InlineData("b", Second, 4, null)]
    [InlineData("b", Second, 5, "a")]
    [InlineData("b", Second, 12, "a")]
    [InlineData("c", Second, 12, null)]
    public void EndOf_LearntInAnyOrder_IsTheKeyThatTookOver(string key, string epoch, long seq, string? end)
    {
        foreach (int[] order in Permutations(ThereAndBack.Length))
        {
            KeyReigns reigns = new();
            foreach (int i in order)
            {
                reigns.TryBegin(ThereAndBack[i]).ShouldBeTrue();
                reigns.TryBegin(ThereAndBack[i]).ShouldBeTrue("a copy changes nothing");
            }

            reigns.EndOf(key, epoch, seq)?.Key.ShouldBe(end, string.Join(' ', order));
            (reigns.EndOf(key, epoch, seq) is null).ShouldBe(end is null, string.Join(' ', order));
        }
    }

    [Fact]
    public void EndOf_KeyOfWhichNoRecordIsKnown_MaySign()
    {
        KeyReigns reigns = new();
        reigns.TryBegin(ThereAndBack[0]);

        reigns.EndOf("b", First, 20).ShouldBeNull("its first record may still come");
    }

    [Fact]
    public void TryBegin_AnotherKeyInTheSameRecord_IsRefused()
    {
        KeyReigns reigns = new();
        reigns.TryBegin(ThereAndBack[1]);

        reigns.TryBegin(ThereAndBack[1] with { Key = "d" }).ShouldBeFalse();
    }

    [Fact]
    public void TryBegin_PastTheLimit_IsRefused()
    {
        KeyReigns reigns = new();
        for (int i = 0; i < KeyReigns.Max; i++)
        {
            reigns.TryBegin(new KeyReign($"key {i}", null, First, i + 1)).ShouldBeTrue();
        }

        reigns.TryBegin(new KeyReign("one more", null, First, 10_000)).ShouldBeFalse();
    }

    [Fact]
    public void Overdue_RecordTakenBeforeItsKeyGaveWay_IsNamed()
    {
        KeyReigns reigns = new();
        reigns.Note("a", First, 9);
        reigns.Note("a", First, 12);
        reigns.Note("a", First, 11);
        reigns.Overdue().ShouldBeEmpty();

        reigns.TryBegin(ThereAndBack[1]);

        OverdueSignature late = reigns.Overdue().ShouldHaveSingleItem();
        (late.Key, late.Epoch, late.Seq).ShouldBe(("a", First, 12L));
        late.Text.ShouldBe($"record 12 of epoch {First} is signed with a former key (a): from record 10 of epoch {First} on b signs in its place");
    }

    private static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 0)
        {
            return [[]];
        }

        return Permutations(count - 1).SelectMany(shorter =>
            Enumerable.Range(0, count).Select(at => (int[])[.. shorter[..at], count - 1, .. shorter[at..]]));
    }
}
