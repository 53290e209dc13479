using System.Globalization;
using System.Text;
using EdgeAgent.Core.Numbers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PhoneNumbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Numbers;

/// <summary>
/// What libphonenumber holds valid, the project's French plan reads as the same E.164 number; the exceptions are listed here. They have
/// one cause: the library's region FR takes in ranges that ARCEP's register gives to overseas territories.
/// </summary>
public sealed class FrenchNumberPlanAgainstLibraryTests
{
    /// <summary>Overseas ranges by ARCEP's register, written apart from the product's table: what follows the 0, and the region.</summary>
    private static readonly (string Prefix, string Region)[] Overseas =
    [
        ("262", "RE"), ("263", "RE"), ("2688", "RE"), ("2689", "YT"), ("268", "RE"), ("269", "YT"), ("508", "PM"), ("590", "GP"),
        ("594", "GF"), ("596", "MQ"), ("5987", "GP"), ("5988", "GF"), ("5989", "MQ"), ("639", "YT"), ("690", "GP"), ("691", "GP"),
        ("692", "RE"), ("693", "RE"), ("694", "GF"), ("696", "MQ"), ("697", "MQ"), ("7084", "PM"), ("7085", "PM"), ("7090", "GP"),
        ("7091", "MQ"), ("7092", "RE"), ("70930", "GF"), ("70931", "GF"), ("70932", "GF"), ("70933", "GF"), ("70935", "YT"),
        ("70936", "YT"), ("70937", "YT"), ("9395", "GP"), ("9396", "GF"), ("9397", "MQ"), ("9398", "YT"), ("9399", "RE"),
        ("9475", "GP"), ("9476", "GF"), ("9477", "MQ"), ("9478", "YT"), ("9479", "RE"), ("9760", "GP"), ("9761", "GP"),
        ("9762", "RE"), ("9763", "RE"), ("9764", "GF"), ("9765", "GF"), ("9766", "MQ"), ("9767", "MQ"), ("9769", "YT"),
    ];

    private readonly PhoneNumberUtil _library = PhoneNumberUtil.GetInstance();
    private readonly FrenchNumberPlan _plan = new();

    [Fact]
    public void TryNormalise_EveryNationalRange_AgreesOutsideTheOverseasRanges()
    {
        SortedSet<string> differing = [];
        int agreeing = 0;
        for (int prefix = 10_000; prefix < 100_000; prefix++)
        {
            string national = $"{prefix}4321";
            if (Library($"0{national}", "FR") is not ulong expected)
            {
                continue;
            }

            if (Plan($"0{national}") == expected)
            {
                agreeing++;
            }
            else
            {
                differing.Add(OverseasOf(national)?.Prefix ?? national[..4]);
            }
        }

        // 9768 stands in no territory's register: the plan refuses it without country code. The others carry their territory's code.
        string.Join(' ', differing).ShouldBe(
            "263 268 2688 2689 269 508 596 5987 5988 5989 9395 9396 9397 9398 9399 9475 9476 9477 9478 9479 "
            + "9760 9761 9762 9763 9764 9765 9766 9767 9768 9769");
        agreeing.ShouldBeGreaterThan(70_000);
    }

    [Fact]
    public void TryNormalise_EveryOverseasRangeDialledInFrance_IsWhatTheTerritorysRegionGives()
    {
        int compared = 0;
        for (int prefix = 10_000; prefix < 100_000; prefix++)
        {
            string national = $"{prefix}4321";
            if (OverseasOf(national) is (_, string region) && OverseasNumber(national, region) is ulong expected)
            {
                compared++;
                Plan($"0{national}").ShouldBe(expected, national);
                Plan($"+33{national}").ShouldBe(expected, national); // a gateway that put +33 before everything
            }
        }

        compared.ShouldBeGreaterThan(900);
    }

    [Property(MaxTest = 20_000)]
    public Property TryNormalise_AnyInternationalForm_AgreesWithTheLibrary()
    {
        Gen<string> number =
            from code in Gen.Elements("33", "262", "590", "594", "596", "508", "687", "689", "681")
            from length in Gen.Elements(6, 8, 9)
            from head in HeadOf(code)
            from tail in Gen.Choose(0, 99_999_999)
            select code + (head + tail.ToString("D8", CultureInfo.InvariantCulture))[..length];
        return Prop.ForAll(Arb.From(number), digits => AgreesOrIsOverseasBehind33(digits));
    }

    [Property(MaxTest = 5000)]
    public Property TryNormalise_AnyDigits_AreReadAlikeWhateverStandsBefore()
    {
        Gen<string> dialled =
            from before in Gen.Elements("+33", "0033", "33", "0", "+330")
            from prefix in Gen.Choose(10_000, 99_999)
            from tail in Gen.Choose(0, 9999)
            select $"{before} {prefix}{tail:D4}";
        return Prop.ForAll(Arb.From(dialled), text => Plan(text.Replace(" ", "", StringComparison.Ordinal))
            .ShouldBe(Plan("0" + text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..])));
    }

    /// <summary>Mostly ranges of the code's own territory: random ones would seldom be valid.</summary>
    private static Gen<string> HeadOf(string code)
    {
        string[] own = code switch
        {
            "33" => ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
            "508" => ["4", "5", "2", "7084", "7085", "80", "81", "508"],
            "687" => ["2", "3", "4", "5", "7", "8", "9", "050"],
            "689" => ["40", "49", "87", "88", "89", "80", "44"],
            "681" => ["40", "72", "82", "83", "92", "80"],
            _ => [.. Overseas.Select(range => range.Prefix), "80", "81", "82", "89", "9768"],
        };
        return Gen.OneOf(Gen.Elements(own), Gen.Choose(0, 9999).Select(i => i.ToString("D4", CultureInfo.InvariantCulture)));
    }

    private void AgreesOrIsOverseasBehind33(string digits)
    {
        string national = digits[2..];
        if (Library($"+{digits}", "ZZ") is not ulong expected)
        {
            return;
        }

        bool isOverseasBehind33 = digits.StartsWith("33", StringComparison.Ordinal) && national.Length == 9
            && (OverseasOf(national) is not null || national.StartsWith("9768", StringComparison.Ordinal));
        if (!isOverseasBehind33)
        {
            Plan($"+{digits}").ShouldBe(expected, digits);
        }
    }

    private static (string Prefix, string Region)? OverseasOf(string national)
    {
        (string Prefix, string Region)[] ranges = [.. Overseas.Where(range => national.StartsWith(range.Prefix, StringComparison.Ordinal))];
        return ranges.Length == 0 ? null : ranges.MaxBy(range => range.Prefix.Length);
    }

    /// <summary>As the library reads it in its territory; Saint-Pierre's six digits follow the 0508.</summary>
    private ulong? OverseasNumber(string national, string region) =>
        national.StartsWith("508", StringComparison.Ordinal) ? Library($"+{national}", "ZZ") : Library($"0{national}", region);

    private ulong? Library(string dialled, string region)
    {
        try
        {
            PhoneNumber number = _library.Parse(dialled, region);
            return _library.IsValidNumber(number)
                ? ulong.Parse(_library.Format(number, PhoneNumberFormat.E164).AsSpan(1), CultureInfo.InvariantCulture)
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private ulong? Plan(string dialled) =>
        _plan.TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number) ? number.Digits : null;
}
