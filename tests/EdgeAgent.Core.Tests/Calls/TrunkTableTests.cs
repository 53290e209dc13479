using EdgeAgent.Core.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class TrunkTableTests
{
    private static readonly TrunkTable Trunks = new(
    [
        new Trunk("wide", [Hosts.Range("192.0.2.0/24")], PartyReader.DefaultOrder),
        new Trunk("narrow", [Hosts.Range("192.0.2.16/28")], PartyReader.DefaultOrder),
        new Trunk("host", [Hosts.Range("192.0.2.17/32")], PartyReader.DefaultOrder),
        new Trunk("port", [Hosts.Range("192.0.2.17/32", port: 5080)], PartyReader.DefaultOrder),
        new Trunk("six", [Hosts.Range("2001:db8::/32")], PartyReader.DefaultOrder),
    ]);

    [Theory]
    [InlineData("192.0.2.1", 5060, "wide")]
    [InlineData("192.0.2.16", 5060, "narrow")]
    [InlineData("192.0.2.31", 5060, "narrow")]
    [InlineData("192.0.2.32", 5060, "wide")]
    [InlineData("192.0.2.17", 5060, "host")]
    [InlineData("192.0.2.17", 5080, "port")]
    [InlineData("192.0.3.1", 5060, null)]
    [InlineData("::ffff:192.0.2.1", 5060, "wide")]
    [InlineData("2001:db8::7", 5060, "six")]
    [InlineData("2001:db9::7", 5060, null)]
    public void Match_SeveralRanges_TheNarrowestWins(string address, ushort port, string? name) =>
        Trunks.NameOf(Trunks.Match(Hosts.At(address, port))).ShouldBe(name);

    [Fact]
    public void Match_ThisHostInsideARange_IsNoTrunk()
    {
        TrunkTable trunks = Trunks.WithOwnHosts([Hosts.At("192.0.2.5").Address, Hosts.At("192.0.2.17").Address]);

        trunks.Match(Hosts.At("192.0.2.5")).ShouldBe(-1);
        trunks.Match(Hosts.At("192.0.2.6")).ShouldBe(0);
        trunks.NameOf(trunks.Match(Hosts.At("192.0.2.17"))).ShouldBe("host", "who names one address means it");
    }

    [Fact]
    public void IndexOf_Name_FindsIt()
    {
        Trunks.IndexOf("narrow").ShouldBe(1);
        Trunks.IndexOf("gone").ShouldBe(-1);
        Trunks.IndexOf(null).ShouldBe(-1);
    }
}
