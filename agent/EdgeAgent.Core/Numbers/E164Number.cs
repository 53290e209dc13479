using System.Globalization;

namespace EdgeAgent.Core.Numbers;

/// <summary>An E.164 number (ITU-T E.164 §6: country code and national number, at most 15 digits) as one integer.</summary>
/// <param name="Digits">The digits without <c>+</c>; no country code begins with 0, so the integer is exact. 0 is no number.</param>
public readonly record struct E164Number(ulong Digits) : IComparable<E164Number>
{
    /// <summary>Largest value: 15 digits.</summary>
    public const ulong MaxDigits = 999_999_999_999_999;

    /// <summary>True when this holds a number.</summary>
    public bool IsNumber => Digits != 0;

    /// <inheritdoc/>
    public int CompareTo(E164Number other) => Digits.CompareTo(other.Digits);

    /// <summary>The number with its leading <c>+</c>. A person's number must not be printed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"+{Digits}");

    /// <summary>Order by digits.</summary>
    public static bool operator <(E164Number left, E164Number right) => left.Digits < right.Digits;

    /// <summary>Order by digits.</summary>
    public static bool operator >(E164Number left, E164Number right) => left.Digits > right.Digits;

    /// <summary>Order by digits.</summary>
    public static bool operator <=(E164Number left, E164Number right) => left.Digits <= right.Digits;

    /// <summary>Order by digits.</summary>
    public static bool operator >=(E164Number left, E164Number right) => left.Digits >= right.Digits;
}
