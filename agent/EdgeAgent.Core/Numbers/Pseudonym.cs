using System.Globalization;

namespace EdgeAgent.Core.Numbers;

/// <summary>What a person is called outside memory, made by <see cref="PersonPseudonymiser"/>.</summary>
/// <param name="Bits">First 128 bits of the MAC, the first byte highest.</param>
public readonly record struct Pseudonym(UInt128 Bits)
{
    /// <summary>The first 64 bits, for tables in memory; never 0.</summary>
    public ulong Key => Math.Max(1, (ulong)(Bits >> 64));

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Bits.ToString("x32", CultureInfo.InvariantCulture);
}
