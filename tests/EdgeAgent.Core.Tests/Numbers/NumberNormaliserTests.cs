using System.Text;
using EdgeAgent.Core.Numbers;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class NumberNormaliserTests
{
    private const string Mobile = "+33612345678";

    [Theory]
    [InlineData("0612345678")]
    [InlineData("+33612345678")]
    [InlineData("%2B33612345678")]
    [InlineData("%2b33%20612345678")]
    [InlineData("+33 (0)6.12-34.56 78")]
    [InlineData("0033612345678")]
    [InlineData("33612345678")]
    [InlineData("0612345678;phone-context=+33;npdi")]
    [InlineData("%30612345678")]
    public void TryCaller_AnyWayOfWriting_GivesOneNumber(string userPart) => Caller(new NumberSettings(), userPart).ShouldBe(Mobile);

    [Theory]
    [InlineData("")]
    [InlineData(";npdi")]
    [InlineData("anonymous")]
    [InlineData("alice")]
    [InlineData("0612345678a")]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%2G0612345678")]
    [InlineData("061234567%38%0")]
    [InlineData("#31#0612345678")]
    [InlineData("0612345678*")]
    [InlineData("---")]
    [InlineData("06123456780612345678061234567806123")]
    [InlineData("+14155550123")]
    public void TryCaller_NoNumber_IsRefused(string userPart) => Caller(new NumberSettings(), userPart).ShouldBeNull();

    [Fact]
    public void TryCaller_OtherPlans_GetOnlyWhatIsInternational()
    {
        NumberSettings settings = new() { OtherPlans = new AnyDigits() };

        Caller(settings, "+14155550123").ShouldBe("+14155550123");
        Caller(settings, "0014155550123").ShouldBe("+14155550123");
        Caller(settings, "14155550123").ShouldBeNull();
        Caller(settings, "2001").ShouldBeNull();
        Caller(settings, "0612345678").ShouldBe(Mobile);
    }

    [Fact]
    public void TryCaller_DefaultRegionOutsideFrance_LeavesNationalFormsToItsPlan()
    {
        NumberSettings settings = new() { DefaultRegion = "BE", OtherPlans = new AnyDigits() };

        Caller(settings, "025501234").ShouldBe("+25501234");
        Caller(settings, "+33612345678").ShouldBe(Mobile);
        Caller(settings, "0612345678").ShouldBe("+612345678");
    }

    [Theory]
    [InlineData("0612345678")]
    [InlineData("90612345678")]
    [InlineData("9+33612345678")]
    [InlineData("#31#0612345678")]
    [InlineData("123433612345678")]
    [InlineData("12340033612345678")]
    [InlineData("00612345678")]
    [InlineData("00033612345678")]
    public void TryCalled_DialPrefix_IsStripped(string userPart) => Called(userPart, "9", "0", "1", "#31#", "1234").ShouldBe(Mobile);

    [Fact]
    public void TryCalled_WholeIsANumber_KeepsWhatLooksLikeAPrefix()
    {
        Called("0145678901", "01").ShouldBe("+33145678901");
        Called("33145678901", "3").ShouldBe("+33145678901");
        Called("0033145678901", "0").ShouldBe("+33145678901");
    }

    [Fact]
    public void TryCalled_ExchangeLineDigitBeforeAMobile_IsNotNewCaledonia()
    {
        // 0 and 0687 20 12 34, or 00 687 20 12 34: with 0 configured as what is dialled first, it is the mobile.
        Called("00687201234", "0").ShouldBe("+33687201234");
        Called("00687201234").ShouldBe("+687201234");
        Called("00687201234", "9").ShouldBe("+687201234");
        Called("+687201234", "0").ShouldBe("+687201234");
    }

    [Theory]
    [InlineData("9")]
    [InlineData("90")]
    [InlineData("9915")]
    [InlineData("8061234567")]
    public void TryCalled_NothingValidBehindThePrefix_IsRefused(string userPart) => Called(userPart, "9").ShouldBeNull();

    [Fact]
    public void TryCaller_DialPrefix_IsNotStripped() =>
        Caller(new NumberSettings { DialPrefixes = ["9"] }, "90612345678").ShouldBeNull();

    [Property(MaxTest = 2000)]
    public void TryCaller_AnyBytes_NeverThrowsAndGivesAtMost15Digits(byte[] userPart)
    {
        NumberNormaliser normaliser = new(new NumberSettings { DialPrefixes = ["0", "9"] });

        bool isCaller = normaliser.TryCaller(userPart, out E164Number caller);
        bool isCalled = normaliser.TryCalled(userPart, out E164Number called);

        caller.IsNumber.ShouldBe(isCaller);
        called.IsNumber.ShouldBe(isCalled);
        caller.Digits.ShouldBeLessThanOrEqualTo(E164Number.MaxDigits);
    }

    [Fact]
    public void TryCalled_WarmedUp_AllocatesNothing()
    {
        NumberNormaliser normaliser = new(new NumberSettings { DialPrefixes = ["9"] });
        byte[] userPart = "9%2B33 (0)6.12-34.56 78"u8.ToArray();
        normaliser.TryCalled(userPart, out _).ShouldBeTrue();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            normaliser.TryCalled(userPart, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("fr", "")]
    [InlineData("BE", "")]
    [InlineData("FR", "9a")]
    [InlineData("FR", "12345678901234567")]
    public void Constructor_FaultySettings_Throws(string region, string prefix)
    {
        NumberSettings settings = new() { DefaultRegion = region, DialPrefixes = prefix.Length == 0 ? [] : [prefix] };

        settings.Faults().Count.ShouldBe(1);
        Should.Throw<ArgumentException>(() => new NumberNormaliser(settings));
    }

    private static string? Caller(NumberSettings settings, string userPart) =>
        new NumberNormaliser(settings).TryCaller(Encoding.ASCII.GetBytes(userPart), out E164Number number) ? number.ToString() : null;

    private static string? Called(string userPart, params string[] prefixes)
    {
        NumberNormaliser normaliser = new(new NumberSettings { DialPrefixes = prefixes });
        return normaliser.TryCalled(Encoding.ASCII.GetBytes(userPart), out E164Number number) ? number.ToString() : null;
    }

    /// <summary>Takes any digits as they are, without leading zeros.</summary>
    private sealed class AnyDigits : INumberPlan
    {
        public bool TryNormalise(ReadOnlySpan<byte> dialled, out E164Number number)
        {
            bool isRead = ulong.TryParse(dialled.TrimStart("+"u8), out ulong digits);
            number = new E164Number(digits);
            return isRead;
        }
    }
}
