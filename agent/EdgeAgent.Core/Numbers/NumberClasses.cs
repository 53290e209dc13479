namespace EdgeAgent.Core.Numbers;

/// <summary>Class and territory of numbers.</summary>
public static class NumberClasses
{
    private const ulong NineDigits = 1_000_000_000;
    private const ulong EightDigits = 100_000_000;
    private const ulong SixDigits = 1_000_000;

    /// <summary>The class of <paramref name="number"/>; <see cref="NumberClass.Unknown"/> for no number.</summary>
    public static NumberClass Of(E164Number number)
    {
        if (!number.IsNumber)
        {
            return NumberClass.Unknown;
        }

        return TerritoryOf(number) switch
        {
            FrenchTerritory.None => NumberClass.Foreign,
            FrenchTerritory.NewCaledonia or FrenchTerritory.Polynesia or FrenchTerritory.Wallis => NumberClass.OwnPlan,
            FrenchTerritory.Miquelon when number.Digits < NineDigits => NumberClass.OverseasGeographic,
            _ => FrenchRanges.Of(number.Digits % NineDigits).Class,
        };
    }

    /// <summary>The territory of <paramref name="number"/>; none for numbers outside the French plans.</summary>
    public static FrenchTerritory TerritoryOf(E164Number number) => (number.Digits / NineDigits) switch
    {
        33 => FrenchTerritory.Metropole,
        262 => FrenchRanges.Of(number.Digits % NineDigits).Territory switch
        {
            FrenchTerritory.Reunion => FrenchTerritory.Reunion,
            FrenchTerritory.Mayotte => FrenchTerritory.Mayotte,
            _ => FrenchTerritory.IndianOcean,
        },
        590 => FrenchTerritory.Guadeloupe,
        594 => FrenchTerritory.Guyane,
        596 => FrenchTerritory.Martinique,
        508 => FrenchTerritory.Miquelon,
        689 => FrenchTerritory.Polynesia,
        681 => FrenchTerritory.Wallis,
        68 when number.Digits / EightDigits == 689 => FrenchTerritory.Polynesia,
        0 => (number.Digits / SixDigits) switch
        {
            508 => FrenchTerritory.Miquelon,
            687 => FrenchTerritory.NewCaledonia,
            689 => FrenchTerritory.Polynesia,
            681 => FrenchTerritory.Wallis,
            _ => FrenchTerritory.None,
        },
        _ => FrenchTerritory.None,
    };

    /// <summary>The class of a number that is dialled as it stands and is no E.164 number; unknown for anything else.</summary>
    /// <param name="dialled">Digits as dialled in France, without dial prefix.</param>
    public static NumberClass OfShort(ReadOnlySpan<byte> dialled)
    {
        if (dialled.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return NumberClass.Unknown;
        }

        return dialled.Length switch
        {
            2 => dialled[0] == '1' && dialled[1] is (byte)'5' or (byte)'7' or (byte)'8' ? NumberClass.Emergency : NumberClass.Unknown,
            3 => IsEmergency(dialled) ? NumberClass.Emergency : NumberClass.Unknown,
            4 => dialled[0] == '3' || dialled.StartsWith("10"u8) ? NumberClass.ShortCode : NumberClass.Unknown,
            6 => dialled.StartsWith("118"u8) ? NumberClass.DirectoryEnquiry
                : dialled.SequenceEqual("116000"u8) || dialled.SequenceEqual("116117"u8) ? NumberClass.Emergency
                : dialled.StartsWith("116"u8) ? NumberClass.ShortCode
                : NumberClass.Unknown,
            _ => NumberClass.Unknown,
        };
    }

    /// <summary>112 Europe, 114 deaf, 115 homeless, 119 children, 191 air rescue, 196 sea rescue, 197 attack alert.</summary>
    private static bool IsEmergency(ReadOnlySpan<byte> three) =>
        three.SequenceEqual("112"u8) || three.SequenceEqual("114"u8) || three.SequenceEqual("115"u8) || three.SequenceEqual("119"u8)
        || three.SequenceEqual("191"u8) || three.SequenceEqual("196"u8) || three.SequenceEqual("197"u8);
}
