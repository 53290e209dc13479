using System.Text;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class FrenchNumberPlanTests
{
    private readonly FrenchNumberPlan _plan = new();

    [Theory]
    [InlineData("0123456789", 33123456789)]
    [InlineData("0033123456789", 33123456789)]
    [InlineData("33123456789", 33123456789)]
    [InlineData("+33123456789", 33123456789)]
    [InlineData("+330123456789", 33123456789)]
    [InlineData("00330123456789", 33123456789)]
    [InlineData("0800123456", 33800123456)]
    [InlineData("0892123456", 33892123456)]
    [InlineData("0937123456", 33937123456)]
    [InlineData("+262800123456", 262800123456)]
    [InlineData("0692123456", 262692123456)]
    [InlineData("+262692123456", 262692123456)]
    [InlineData("+2620692123456", 262692123456)]
    [InlineData("262692123456", 262692123456)]
    [InlineData("00262692123456", 262692123456)]
    [InlineData("+33692123456", 262692123456)]
    [InlineData("0639123456", 262639123456)]
    [InlineData("0639980009", 33639980009)]
    [InlineData("+33639980009", 33639980009)]
    [InlineData("0590123456", 590590123456)]
    [InlineData("0594123456", 594594123456)]
    [InlineData("0596123456", 596596123456)]
    [InlineData("590690123456", 590690123456)]
    [InlineData("0709001234", 590709001234)]
    [InlineData("0709101234", 596709101234)]
    [InlineData("0709201234", 262709201234)]
    [InlineData("0709301234", 594709301234)]
    [InlineData("0709361234", 262709361234)]
    [InlineData("0708451234", 508708451234)]
    [InlineData("0508412345", 508412345)]
    [InlineData("+508412345", 508412345)]
    [InlineData("00508412345", 508412345)]
    [InlineData("508412345", 508412345)]
    [InlineData("+508708451234", 508708451234)]
    [InlineData("+508800123456", 508800123456)]
    [InlineData("+687201234", 687201234)]
    [InlineData("+687050123", 687050123)]
    [InlineData("0068940412345", 68940412345)]
    [InlineData("+68987123456", 68987123456)]
    [InlineData("+689800123456", 689800123456)]
    [InlineData("+681721234", 681721234)]
    [InlineData("+681800123456", 681800123456)]
    public void TryNormalise_AnyWayOfWriting_GivesOneNumber(string dialled, ulong expected)
    {
        _plan.TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number).ShouldBeTrue();
        number.Digits.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("15")]
    [InlineData("112")]
    [InlineData("3949")]
    [InlineData("116006")]
    [InlineData("118712")]
    [InlineData("012345678")]
    [InlineData("01234567890")]
    [InlineData("0123a56789")]
    [InlineData("01234567+9")]
    [InlineData("++33123456789")]
    [InlineData("+33023456789")]
    [InlineData("33012345678")]
    [InlineData("612345678")]
    [InlineData("687201234")] // a mobile without its 0 looks the same
    [InlineData("681800123456")]
    [InlineData("0700123456")] // 0700 begins numbers of machines, of 14 digits
    [InlineData("0709341234")] // not open
    [InlineData("0976812345")] // in no territory's register
    [InlineData("+262612345678")] // a metropolitan mobile behind an overseas code
    [InlineData("+596690123456")] // Guadeloupe behind Martinique's code
    [InlineData("+508112345")]
    [InlineData("0508112345")]
    [InlineData("+687101234")]
    [InlineData("+68120123456")]
    [InlineData("+14155550123")]
    [InlineData("+4930123456")]
    [InlineData("00000000000")]
    [InlineData("99999999999999999999999999999999")]
    public void TryNormalise_NoFrenchNumber_IsRefused(string dialled)
    {
        _plan.TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number).ShouldBeFalse();
        number.IsNumber.ShouldBeFalse();
    }

    [Theory]
    [InlineData("0123456789", false)]
    [InlineData("33123456789", false)]
    [InlineData("+33123456789", true)]
    [InlineData("0033123456789", true)]
    public void TryNormalise_PbxInAnotherPlan_ReadsOnlyInternationalForms(string dialled, bool expected) =>
        new FrenchNumberPlan(readsNational: false).TryNormalise(Encoding.ASCII.GetBytes(dialled), out _).ShouldBe(expected);

    [Fact]
    public void TryNormalise_EveryRangeWrittenNationallyAndInternationally_GivesTheSameNumber()
    {
        // What the plan gives for a national number must be what it gives for that number written with + and 00.
        int read = 0;
        for (int prefix = 10_000; prefix < 100_000; prefix++)
        {
            if (!_plan.TryNormalise(Encoding.ASCII.GetBytes($"0{prefix}4321"), out E164Number number))
            {
                continue;
            }

            read++;
            _plan.TryNormalise(Encoding.ASCII.GetBytes($"+{number.Digits}"), out E164Number withPlus).ShouldBeTrue();
            _plan.TryNormalise(Encoding.ASCII.GetBytes($"00{number.Digits}"), out E164Number withZeros).ShouldBeTrue();
            withPlus.ShouldBe(number);
            withZeros.ShouldBe(number);
        }

        read.ShouldBeInRange(85_000, 90_000);
    }

    [Fact]
    public void TryNormalise_WarmedUp_AllocatesNothing()
    {
        byte[] dialled = "+262692123456"u8.ToArray();
        _plan.TryNormalise(dialled, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _plan.TryNormalise(dialled, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
