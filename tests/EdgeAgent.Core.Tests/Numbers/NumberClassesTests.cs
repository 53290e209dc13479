using System.Text;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class NumberClassesTests
{
    [Theory]
    [InlineData("0145678901", NumberClass.Geographic)]
    [InlineData("0612345678", NumberClass.Mobile)]
    [InlineData("0756123456", NumberClass.Mobile)]
    [InlineData("0972123456", NumberClass.Nomadic)]
    [InlineData("0162123456", NumberClass.VerifiedPlatform)]
    [InlineData("0163123456", NumberClass.VerifiedPlatform)]
    [InlineData("0270123456", NumberClass.VerifiedPlatform)]
    [InlineData("0271123456", NumberClass.VerifiedPlatform)]
    [InlineData("0377123456", NumberClass.VerifiedPlatform)]
    [InlineData("0378123456", NumberClass.VerifiedPlatform)]
    [InlineData("0424123456", NumberClass.VerifiedPlatform)]
    [InlineData("0425123456", NumberClass.VerifiedPlatform)]
    [InlineData("0568123456", NumberClass.VerifiedPlatform)]
    [InlineData("0569123456", NumberClass.VerifiedPlatform)]
    [InlineData("0948123456", NumberClass.VerifiedPlatform)]
    [InlineData("0949123456", NumberClass.VerifiedPlatform)]
    [InlineData("0947512345", NumberClass.VerifiedPlatform)]
    [InlineData("0947912345", NumberClass.VerifiedPlatform)]
    [InlineData("0947112345", NumberClass.Nomadic)]
    [InlineData("0937123456", NumberClass.TechnicalPlatform)]
    [InlineData("0938123456", NumberClass.TechnicalPlatform)]
    [InlineData("0939123456", NumberClass.TechnicalPlatform)]
    [InlineData("0939912345", NumberClass.TechnicalPlatform)]
    [InlineData("0936123456", NumberClass.Nomadic)]
    [InlineData("0800123456", NumberClass.Freephone)]
    [InlineData("0805123456", NumberClass.Freephone)]
    [InlineData("0806123456", NumberClass.Special)]
    [InlineData("0820123456", NumberClass.Special)]
    [InlineData("0891123456", NumberClass.Premium)]
    [InlineData("0899123456", NumberClass.Premium)]
    [InlineData("0262123456", NumberClass.OverseasGeographic)]
    [InlineData("+508412345", NumberClass.OverseasGeographic)]
    [InlineData("0692123456", NumberClass.OverseasMobile)]
    [InlineData("0709361234", NumberClass.OverseasMobile)]
    [InlineData("0708451234", NumberClass.OverseasMobile)]
    [InlineData("0976212345", NumberClass.OverseasNomadic)]
    [InlineData("+687201234", NumberClass.OwnPlan)]
    [InlineData("+68987123456", NumberClass.OwnPlan)]
    [InlineData("+689800123456", NumberClass.OwnPlan)]
    [InlineData("+681721234", NumberClass.OwnPlan)]
    public void Of_NumberOfAFrenchPlan_IsItsClass(string dialled, NumberClass expected)
    {
        new FrenchNumberPlan().TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number).ShouldBeTrue();
        NumberClasses.Of(number).ShouldBe(expected);
    }

    [Theory]
    [InlineData(14155550123)]
    [InlineData(4930123456)]
    [InlineData(212522123456)]
    [InlineData(26932123456)]
    [InlineData(35212345)]
    [InlineData(999_999_999_999_999)]
    public void Of_NumberOfAnotherCountry_IsForeign(ulong digits) =>
        NumberClasses.Of(new E164Number(digits)).ShouldBe(NumberClass.Foreign);

    [Fact]
    public void Of_NoNumber_IsUnknown() => NumberClasses.Of(default).ShouldBe(NumberClass.Unknown);

    [Theory]
    [InlineData("15", NumberClass.Emergency)]
    [InlineData("17", NumberClass.Emergency)]
    [InlineData("18", NumberClass.Emergency)]
    [InlineData("112", NumberClass.Emergency)]
    [InlineData("114", NumberClass.Emergency)]
    [InlineData("115", NumberClass.Emergency)]
    [InlineData("119", NumberClass.Emergency)]
    [InlineData("191", NumberClass.Emergency)]
    [InlineData("196", NumberClass.Emergency)]
    [InlineData("197", NumberClass.Emergency)]
    [InlineData("116000", NumberClass.Emergency)]
    [InlineData("116006", NumberClass.ShortCode)]
    [InlineData("3949", NumberClass.ShortCode)]
    [InlineData("1013", NumberClass.ShortCode)]
    [InlineData("118712", NumberClass.DirectoryEnquiry)]
    [InlineData("16", NumberClass.Unknown)]
    [InlineData("25", NumberClass.Unknown)]
    [InlineData("111", NumberClass.Unknown)]
    [InlineData("2001", NumberClass.Unknown)]
    [InlineData("1a", NumberClass.Unknown)]
    [InlineData("", NumberClass.Unknown)]
    [InlineData("0123456789", NumberClass.Unknown)]
    public void OfShort_AsDialled_IsItsClass(string dialled, NumberClass expected) =>
        NumberClasses.OfShort(Encoding.ASCII.GetBytes(dialled)).ShouldBe(expected);
}
