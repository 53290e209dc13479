using EdgeAgent.Core.Numbers;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class SipHashTests
{
    /// <summary>Vectors of the reference implementation: key 00…0f, input 00 01 02 … of each length (Aumasson and Bernstein, appendix A).</summary>
    [Theory]
    [InlineData(0, 0x726FDB47DD0E0E31)]
    [InlineData(1, 0x74F839C593DC67FD)]
    [InlineData(7, 0xAB0200F58B01D137)]
    [InlineData(8, 0x93F5F5799A932462)]
    [InlineData(15, 0xA129CA6149BE45E5)]
    public void Of_TheReferenceInputs_IsTheReferenceHash(int length, ulong expected)
    {
        SipHash hash = new([.. Enumerable.Range(0, SipHash.KeyBytes).Select(i => (byte)i)]);

        hash.Of([.. Enumerable.Range(0, length).Select(i => (byte)i)]).ShouldBe(expected);
    }
}
