using System.Text;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Numbers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PhoneNumbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Numbers;

public sealed class PhoneLibNumberPlanTests
{
    private readonly PhoneLibNumberPlan _plan = new();

    [Theory]
    [InlineData("+14155550123", "+14155550123")]
    [InlineData("0014155550123", "+14155550123")]
    [InlineData("+4402079460958", "+442079460958")] // "+44 (0)20…"
    [InlineData("+442079460958", "+442079460958")]
    [InlineData("+390612345678", "+390612345678")] // Italy keeps its 0
    [InlineData("+212522123456", "+212522123456")]
    [InlineData("+33612345678", "+33612345678")]
    [InlineData("0612345678", "+33612345678")]
    public void TryNormalise_ValidNumber_IsE164(string dialled, string expected) => Normalise(_plan, dialled).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("00")]
    [InlineData("+0612345678")]
    [InlineData("+1415")]
    [InlineData("+999123456789")]
    [InlineData("+1415555012a")]
    [InlineData("+12345678901234567890")]
    [InlineData("#31#0612345678")]
    [InlineData("2001")]
    public void TryNormalise_NoNumber_IsRefusedAgainAndAgain(string dialled)
    {
        Normalise(_plan, dialled).ShouldBeNull();
        Normalise(_plan, dialled).ShouldBeNull();
    }

    [Fact]
    public void TryNormalise_AnotherDefaultRegion_ReadsItsNationalNumbers()
    {
        PhoneLibNumberPlan belgium = new("BE");

        Normalise(belgium, "025501234").ShouldBe("+3225501234");
        Normalise(belgium, "+3225501234").ShouldBe("+3225501234");
        Normalise(belgium, "0612345678").ShouldNotBe("+33612345678");
    }

    [Fact]
    public void TryNormalise_SmallerCacheThanNumbers_AnswersAsWithoutCache()
    {
        PhoneLibNumberPlan crowded = new(cacheEntries: 2);
        string[] numbers = ["+14155550123", "+442079460958", "+999123456789", "+390612345678", "+4930123456", "+1415"];
        for (int i = 0; i < 60; i++)
        {
            string number = numbers[(i * 7) % numbers.Length];
            Normalise(crowded, number).ShouldBe(Normalise(new PhoneLibNumberPlan(cacheEntries: 16), number));
        }
    }

    [Fact]
    public void TryNormalise_KnownAnswer_AllocatesNothing()
    {
        byte[] good = "+14155550123"u8.ToArray();
        byte[] bad = "+999123456789"u8.ToArray();
        _plan.TryNormalise(good, out _).ShouldBeTrue();
        _plan.TryNormalise(bad, out _).ShouldBeFalse();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _plan.TryNormalise(good, out _);
            _plan.TryNormalise(bad, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Property(MaxTest = 5000)]
    public Property TryNormalise_AnyDialledDigits_NeverThrowsAndKeepsToE164()
    {
        Gen<string> dialled =
            from start in Gen.Elements("+", "00", "", "0")
            from digits in Gen.ArrayOf(Gen.Elements("0123456789*#+".ToCharArray()))
            select start + new string(digits);
        return Prop.ForAll(Arb.From(dialled), text =>
        {
            bool isNumber = _plan.TryNormalise(Encoding.ASCII.GetBytes(text), out E164Number number);
            number.IsNumber.ShouldBe(isNumber);
            number.Digits.ShouldBeLessThanOrEqualTo(E164Number.MaxDigits);
        });
    }

    /// <summary>Every kind of number of every country: what is read without the library's parser is read as by it.</summary>
    [Fact]
    public void TryNormalise_ExamplesOfEveryCountryAndNeighboursOfThem_AreReadAsTheLibraryDoes()
    {
        PhoneNumberUtil library = PhoneNumberUtil.GetInstance();
        Random random = new(7);
        int valid = 0;
        foreach (string region in library.GetSupportedRegions())
        {
            foreach (PhoneNumber example in Enum.GetValues<PhoneNumberType>().Select(type => library.GetExampleNumberForType(region, type)).OfType<PhoneNumber>())
            {
                string number = library.Format(example, PhoneNumberFormat.E164);
                for (int i = 0; i < 10; i++)
                {
                    string? expected = ByTheLibrary(library, number);
                    Normalise(_plan, number).ShouldBe(expected, $"{region} {number}");
                    valid += expected is null ? 0 : 1;
                    char[] digits = number.ToCharArray();
                    digits[random.Next(2, digits.Length)] = (char)('0' + random.Next(10));
                    number = random.Next(3) == 0 ? new string(digits) + random.Next(10) : new string(digits);
                }
            }
        }

        valid.ShouldBeGreaterThan(3_000);
    }

    private static string? ByTheLibrary(PhoneNumberUtil library, string number)
    {
        try
        {
            PhoneNumber parsed = library.Parse(number, "FR");
            string text = library.Format(parsed, PhoneNumberFormat.E164);
            return library.IsValidNumber(parsed) && text.Length <= 16 ? text : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    [Fact]
    public void Normaliser_WithTheLibrary_ReadsForeignNumbersAndFrenchOnesAsBefore()
    {
        NumberNormaliser normaliser = new(new NumberSettings { OtherPlans = _plan });

        normaliser.TryCaller("%2B1%20(415)%20555-0123"u8, out E164Number foreign).ShouldBeTrue();
        foreign.ToString().ShouldBe("+14155550123");
        normaliser.TryCaller("0692123456"u8, out E164Number overseas).ShouldBeTrue();
        overseas.ToString().ShouldBe("+262692123456");
        normaliser.TryCaller("14155550123"u8, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("XX", 16)]
    [InlineData("", 16)]
    [InlineData("FR", 0)]
    [InlineData("FR", 1)]
    [InlineData("FR", 100)]
    public void Constructor_UnknownRegionOrOddSize_Throws(string region, int cacheEntries) =>
        Should.Throw<ArgumentException>(() => new PhoneLibNumberPlan(region, cacheEntries));

    private static string? Normalise(PhoneLibNumberPlan plan, string dialled) =>
        plan.TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number) ? number.ToString() : null;
}
