using System.Text;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Numbers;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

public sealed class NumberMapTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("0612345678", "+33612345678", "33612345678", "0033612345678")]
    [InlineData("0692123456", "+262692123456", "262692123456", "00262692123456")]
    [InlineData("+687201234", "00687201234", "687201234", "687201234")]
    public void Replace_SpellingsOfOneNumber_StayOneNumber(params string[] spellings)
    {
        NumberMap map = Learnt(spellings);

        string[] replaced = [.. spellings.Select(spelling => Replace(map, spelling))];

        replaced.Select(Last).Distinct().ShouldHaveSingleItem().ShouldNotBe(Last(spellings[0]));
        map.Count.ShouldBe(1);

        static string Last(string text) => text[^6..];
    }

    [Property(MaxTest = 500)]
    public void Replace_AnyFrenchNumber_KeepsClassAndZones(uint value)
    {
        string dialled = "0" + ((value % 900_000_000) + 100_000_000);
        NumberMap map = Learnt(dialled);

        string replaced = Replace(map, dialled);

        bool isNumber = new FrenchNumberPlan().TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number before);
        new FrenchNumberPlan().TryNormalise(Encoding.ASCII.GetBytes(replaced), out E164Number after).ShouldBe(isNumber);
        replaced.ShouldNotBe(dialled);
        replaced[..6].ShouldBe(dialled[..6]);
        NumberClasses.Of(after).ShouldBe(NumberClasses.Of(before));
        CalleeZones.Of(after).ToArray().ShouldBe(CalleeZones.Of(before).ToArray());
    }

    [Property(MaxTest = 100)]
    public void Replace_NumbersOfOneBlock_StayDifferentAndNoneComesBack(ushort[] endings)
    {
        string[] numbers = [.. endings.Select(ending => $"06123{ending % 10_000:0000}9"[..10]).Distinct()];
        NumberMap map = Learnt(numbers);

        string[] replaced = [.. numbers.Select(number => Replace(map, number))];

        replaced.Distinct().Count().ShouldBe(numbers.Length);
        replaced.Intersect(numbers).ShouldBeEmpty();
    }

    [Fact]
    public void Replace_EveryShortNumber_StaysInItsKindAndDifferent()
    {
        NumberMap map = Learnt();
        foreach (int length in (int[])[1, 2, 3, 4])
        {
            string[] all = [.. Enumerable.Range(0, (int)Math.Pow(10, length)).Select(value => value.ToString().PadLeft(length, '0'))];

            string[] replaced = [.. all.Select(number => Replace(map, number))];

            replaced.Distinct().Count().ShouldBe(all.Length);
            foreach ((string before, string after) in all.Zip(replaced))
            {
                NumberClasses.OfShort(Encoding.ASCII.GetBytes(after))
                    .ShouldBe(NumberClasses.OfShort(Encoding.ASCII.GetBytes(before)), $"{before} -> {after}");
            }
        }
    }

    [Fact]
    public void Replace_WithAnotherKey_GivesOtherDigits()
    {
        string[] numbers = [.. Enumerable.Range(0, 20).Select(i => $"06123400{i:00}")];
        NumberMap first = Learnt(numbers);
        KeyedStream other = new([.. Key.Reverse()]);
        NumberMap second = new(other, new FormPreserving(other));
        foreach (string number in numbers)
        {
            second.Learn(Digits(number));
        }

        numbers.Select(number => Replace(first, number)).ShouldNotBe(numbers.Select(number => Replace(second, number)));
    }

    private static NumberMap Learnt(params string[] numbers)
    {
        KeyedStream stream = new(Key);
        NumberMap map = new(stream, new FormPreserving(stream));
        foreach (string number in numbers)
        {
            map.Learn(Digits(number));
        }

        return map;
    }

    private static string Replace(NumberMap map, string number)
    {
        byte[] digits = Digits(number);
        map.Replace(digits);
        return (number[0] == '+' ? "+" : "") + string.Concat(digits);
    }

    private static byte[] Digits(string number) => [.. number.Where(char.IsAsciiDigit).Select(digit => (byte)(digit - '0'))];
}
