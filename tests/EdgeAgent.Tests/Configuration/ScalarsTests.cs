using EdgeAgent.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Configuration;

public sealed class ScalarsTests
{
    [Theory]
    [InlineData("500 ms", 500)]
    [InlineData("5 s", 5_000)]
    [InlineData("5s", 5_000)]
    [InlineData("10 min", 600_000)]
    [InlineData("2 h", 7_200_000)]
    [InlineData("1 d", 86_400_000)]
    public void ReadDuration_NumberWithUnit_IsRead(string text, long milliseconds) =>
        Scalars.ReadDuration(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5 s")]
    [InlineData("1.5 s")]
    [InlineData("5 S")]
    [InlineData("2147483647 d")]
    [InlineData("99999999999999999999 s")]
    public void ReadDuration_AnythingElse_IsNone(string text) => Scalars.ReadDuration(text).ShouldBeNull();

    [Theory]
    [InlineData("4096", 4_096)]
    [InlineData("1 KiB", 1_024)]
    [InlineData("16MiB", 16_777_216)]
    [InlineData("1 TiB", 1_099_511_627_776)]
    public void ReadSize_WithOrWithoutUnit_IsRead(string text, long bytes) => Scalars.ReadSize(text).ShouldBe(bytes);

    [Theory]
    [InlineData("1 MB")]
    [InlineData("-1")]
    [InlineData("MiB")]
    [InlineData("9999999999 TiB")]
    public void ReadSize_AnythingElse_IsNone(string text) => Scalars.ReadSize(text).ShouldBeNull();

    [Theory]
    [InlineData("10:00-13:00", true)]
    [InlineData("00:00-24:00", true)]
    [InlineData("13:00-10:00", false)]
    [InlineData("10:00-10:00", false)]
    [InlineData("9:00-10:00", false)]
    [InlineData("10:00–13:00", false)]
    [InlineData("24:00-24:00", false)]
    public void TimeWindow_Text_IsReadOrRefused(string text, bool isWindow) => TimeWindow.TryParse(text, out _).ShouldBe(isWindow);
}
