using EdgeAgent.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Configuration;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("10.20.0.0/24", "10.20.0.0/24")]
    [InlineData("10.20.0.1", "10.20.0.1/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.20.0.254/31", "10.20.0.254/31")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    public void TryParse_AddressOrNetwork_IsANetwork(string text, string network)
    {
        HostPattern.TryParse(text, out HostPattern pattern, out _).ShouldBeTrue();

        pattern.Network.ShouldNotBeNull().ToString().ShouldBe(network);
    }

    [Theory]
    [InlineData("sip.carrier.example")]
    [InlineData("localhost")]
    [InlineData("a_b-1.example.")]
    public void TryParse_Name_IsAName(string text)
    {
        HostPattern.TryParse(text, out HostPattern pattern, out _).ShouldBeTrue();

        pattern.HostName.ShouldBe(text);
    }

    [Theory]
    [InlineData("10.20.0.0/33")]
    [InlineData("10.20.0.0/")]
    [InlineData("10.20.0.0/-1")]
    [InlineData("10.20.0")]
    [InlineData("10")]
    [InlineData("300.1.1.1")]
    [InlineData("a b")]
    [InlineData("-a.example")]
    [InlineData("a..b")]
    [InlineData("a/24")]
    [InlineData("2001:db8::/129")]
    public void TryParse_NeitherOfThem_IsRefused(string text)
    {
        HostPattern.TryParse(text, out _, out string fault).ShouldBeFalse();

        fault.ShouldBe("is no address, CIDR or host name");
    }

    [Fact]
    public void TryParse_BitsPastTheLength_SaysWhatToWrite()
    {
        HostPattern.TryParse("10.1.2.3/12", out _, out string fault).ShouldBeFalse();

        fault.ShouldContain("10.0.0.0/12");
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("a.example", "A.example", true)]
    [InlineData("a.example", "10.0.0.1", false)]
    public void Overlaps_TwoPatterns_TellsWhetherAnAddressCanBeInBoth(string one, string other, bool expected)
    {
        HostPattern.TryParse(one, out HostPattern a, out _).ShouldBeTrue();
        HostPattern.TryParse(other, out HostPattern b, out _).ShouldBeTrue();

        a.Overlaps(b).ShouldBe(expected);
    }
}
