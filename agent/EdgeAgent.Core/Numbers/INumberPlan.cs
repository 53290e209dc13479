namespace EdgeAgent.Core.Numbers;

/// <summary>Turns dialled digits into E.164. Implementations must be pure and quick: they stand on the signalling thread.</summary>
public interface INumberPlan
{
    /// <summary>Reads <paramref name="dialled"/> as a number of this plan.</summary>
    /// <param name="dialled">Digits, with a leading <c>+</c> where the sender gave one; no separators, at most 32 bytes.</param>
    /// <param name="number">The number in E.164.</param>
    /// <returns>False where the digits are no valid number of this plan. Never throws on input.</returns>
    bool TryNormalise(ReadOnlySpan<byte> dialled, out E164Number number);
}
