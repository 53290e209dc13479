using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class PersonPseudonymiserTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly E164Number Person = new(33612345678);

    [Fact]
    public void Of_Number_IsTheFirstHalfOfTheDocumentedHmac()
    {
        using PersonPseudonymiser pseudonymiser = new(Key, "société");
        byte[] mac = HMACSHA256.HashData(Key, (byte[])[.. "société"u8, 0, .. "33612345678"u8]);

        pseudonymiser.Of(Person).ShouldBe(Convert.ToHexStringLower(mac)[..32]);
    }

    [Fact]
    public void KeyOf_Number_IsTheBeginningOfItsPseudonym()
    {
        using PersonPseudonymiser pseudonymiser = new(Key, "acme");

        pseudonymiser.KeyOf(Person).ToString("x16", CultureInfo.InvariantCulture).ShouldBe(pseudonymiser.Of(Person)[..16]);
    }

    [Fact]
    public void Of_ManyThreadsAtOnce_NamesEachPersonAsAlone()
    {
        using PersonPseudonymiser pseudonymiser = new(Key, "acme");
        E164Number[] persons = [.. Enumerable.Range(0, 2_000).Select(i => new E164Number(33600000000 + (ulong)i))];
        string[] alone = [.. persons.Select(pseudonymiser.Of)];

        string[] together = [.. persons.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(pseudonymiser.Of)];

        together.ShouldBe(alone);
    }

    [Fact]
    public void OfUnreadable_LongBytes_IsTheFirstHalfOfTheDocumentedHmac()
    {
        using PersonPseudonymiser pseudonymiser = new(Key, "acme");
        byte[] raw = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("Alice.Ünknown_", 40)));
        byte[] lower = [.. raw.Select(b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b)];
        byte[] mac = HMACSHA256.HashData(Key, (byte[])[0xFF, .. "acme"u8, 0, .. lower]);

        pseudonymiser.OfUnreadable(raw).ShouldBe(Convert.ToHexStringLower(mac)[..32]);
    }

    [Fact]
    public void OfUnreadable_DigitsOfANumber_IsNotThePseudonymOfTheNumber()
    {
        using PersonPseudonymiser pseudonymiser = new(Key, "acme");

        pseudonymiser.OfUnreadable("33612345678"u8).ShouldNotBe(pseudonymiser.Of(Person));
        pseudonymiser.OfUnreadable("Alice"u8).ShouldBe(pseudonymiser.OfUnreadable("aLICE"u8));
        pseudonymiser.OfUnreadable("alice"u8).ShouldNotBe(pseudonymiser.OfUnreadable("alic"u8));
        pseudonymiser.OfUnreadable([]).Length.ShouldBe(32);
    }

    [Fact]
    public void Of_OtherClientOrOtherKey_IsAnotherPseudonym()
    {
        using PersonPseudonymiser one = new(Key, "acme");
        using PersonPseudonymiser otherClient = new(Key, "acme2");
        using PersonPseudonymiser otherKey = new([.. Key.Reverse()], "acme");

        string[] pseudonyms = [one.Of(Person), otherClient.Of(Person), otherKey.Of(Person)];
        pseudonyms.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Of_AfterDispose_Throws()
    {
        PersonPseudonymiser pseudonymiser = new(Key, "acme");
        pseudonymiser.Dispose();

        Should.Throw<ObjectDisposedException>(() => pseudonymiser.Of(Person));
        Should.Throw<ObjectDisposedException>(() => pseudonymiser.OfUnreadable("x"u8.ToArray()));
    }

    [Theory]
    [InlineData(31, "acme")]
    [InlineData(33, "acme")]
    [InlineData(32, "")]
    [InlineData(32, "a\0b")]
    [InlineData(32, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Constructor_WrongKeyOrClientId_Throws(int keyBytes, string clientId) =>
        Should.Throw<ArgumentException>(() => new PersonPseudonymiser(new byte[keyBytes], clientId));
}
