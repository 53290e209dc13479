using System.Net;
using System.Text;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Packets;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

public sealed class AddressMapTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Property(MaxTest = 500)]
    public void Of_AnyIPv4_HasTheSameLengthAsText(uint value)
    {
        IPAddress address = new(value);
        AddressMap map = Learnt(address);

        IPAddress replaced = Replace(map, address);

        replaced.ToString().Length.ShouldBe(address.ToString().Length);
        replaced.ToString().Split('.').Select(octet => octet.Length).ShouldBe(address.ToString().Split('.').Select(octet => octet.Length));
    }

    [Fact]
    public void Of_ANetwork_StaysOneNetworkOfDifferentHosts()
    {
        IPAddress[] hosts = [.. Enumerable.Range(0, 256).Select(last => IPAddress.Parse($"10.20.0.{last}"))];
        AddressMap map = Learnt(hosts);

        string[] replaced = [.. hosts.Select(host => Replace(map, host).ToString())];

        replaced.Distinct().Count().ShouldBe(256);
        replaced.Select(text => text[..text.LastIndexOf('.')]).Distinct().ShouldHaveSingleItem().ShouldNotStartWith("10.");
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.1.75")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void Of_AddressOfNobody_Stays(string text)
    {
        IPAddress address = IPAddress.Parse(text);

        Replace(Learnt(address), address).ShouldBe(address);
    }

    [Theory]
    [InlineData("2001:db8::1")]
    [InlineData("2001:DB8:0:a::c0de")]
    [InlineData("2001:0db8:0000:0000:0000:0000:0000:0001")]
    [InlineData("::ffff:192.0.2.33")]
    [InlineData("2a01:cb00::")]
    [InlineData("192.0.2.133")]
    public void Write_AnAddressInText_IsTheReplacementInItsOldForm(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        AddressText.Find(bytes, out UInt128 address).ShouldBe(bytes.Length);
        AddressMap map = Learnt(IPAddress.Parse(text));

        AddressText.Write(bytes, address, map.Of(address));

        string replaced = Encoding.ASCII.GetString(bytes);
        replaced.ShouldNotBe(text);
        IpEndpoint.From(IPAddress.Parse(replaced), 0).Address.ShouldBe(map.Of(address));
    }

    [Theory]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.02.1")]
    [InlineData("192.0.2.1.5")]
    [InlineData("192.0.2.1x")]
    [InlineData("12:34:56")]
    [InlineData("2001:db8::192.0.2.33")]
    [InlineData("abc")]
    public void Find_WhatIsNoAddress_FindsNone(string text) =>
        AddressText.Find(Encoding.ASCII.GetBytes(text), out _).ShouldBe(0);

    private static AddressMap Learnt(params IPAddress[] addresses)
    {
        KeyedStream stream = new(Key);
        AddressMap map = new(stream, new FormPreserving(stream));
        foreach (IPAddress address in addresses)
        {
            map.Learn(IpEndpoint.From(address, 0).Address);
        }

        return map;
    }

    private static IPAddress Replace(AddressMap map, IPAddress address) =>
        map.Of(IpEndpoint.From(address, 0)).ToIPAddress();
}
