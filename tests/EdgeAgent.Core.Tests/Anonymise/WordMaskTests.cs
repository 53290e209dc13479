using System.Text;
using EdgeAgent.Core.Anonymise;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

public sealed class WordMaskTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly WordMask _mask = new(new FormPreserving(new KeyedStream(Key)));

    [Fact]
    public void Replace_EveryWordOfThreeLetters_IsAnotherWordOfThreeLetters()
    {
        HashSet<string> replaced = [];
        for (int value = 0; value < 26 * 26 * 26; value++)
        {
            string word = $"{(char)('a' + (value / 676))}{(char)('a' + (value / 26 % 26))}{(char)('a' + (value % 26))}";

            string other = Replace(word);

            other.ShouldAllBe(letter => char.IsAsciiLetterLower(letter));
            replaced.Add(other).ShouldBeTrue($"{word} -> {other}");
        }
    }

    [Theory]
    [InlineData("Müller", "ÜÜ")]
    [InlineData("z9hG4bK77ef4c2312983.1", "A1")]
    public void Replace_AnyWord_KeepsItsForm(string word, string other)
    {
        foreach (string text in (string[])[word, other])
        {
            byte[] before = Encoding.UTF8.GetBytes(text);
            byte[] after = [.. before];
            _mask.Replace(after);

            after.ShouldNotBe(before);
            after.Select(Form).ShouldBe(before.Select(Form));
        }
    }

    [Fact]
    public void Replace_TheSameWordInOtherCase_IsTheSameWordInOtherCase() =>
        Replace("PBX-a").ToUpperInvariant().ShouldBe(Replace("pbx-A").ToUpperInvariant());

    [Property(MaxTest = 300)]
    public void Replace_LongWords_StayDifferent(byte[] first, byte[] second)
    {
        string one = Convert.ToHexStringLower(first) + new string('a', 600);
        string two = Convert.ToHexStringLower(second) + new string('a', 600);

        (Replace(one) == Replace(two)).ShouldBe(one == two);
        Replace(one).ShouldBe(Replace(one));
    }

    private static int Form(byte value) => (char)value switch
    {
        >= '0' and <= '9' => 0,
        >= 'a' and <= 'z' => 1,
        >= 'A' and <= 'Z' => 2,
        >= '\u0080' and <= '\u00BF' => 3,
        _ => 4 + value,
    };

    private string Replace(string word)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(word);
        _mask.Replace(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
