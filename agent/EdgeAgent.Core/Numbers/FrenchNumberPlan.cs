namespace EdgeAgent.Core.Numbers;

/// <summary>
/// The French numbering plans: metropolitan +33, overseas +262, +590, +594, +596, +508, and the plans of their own +687, +689, +681.
/// Every way of writing a number gives one E.164 number: <c>0692…</c>, <c>0033692…</c> and <c>+262692…</c> are the same subscriber.
/// Short numbers (15, 112, 3BPQ, 118XYZ) are no numbers here; <see cref="NumberClasses.OfShort"/> knows them.
/// </summary>
/// <param name="readsNational">
/// Whether numbers without <c>+</c> or <c>00</c> are French (<c>01…</c>, <c>33…</c>); false when the PBX stands in another plan.
/// </param>
public sealed class FrenchNumberPlan(bool readsNational = true) : INumberPlan
{
    private const int NationalLength = 9;
    private const ulong NineDigits = 1_000_000_000;
    private const ulong EightDigits = 100_000_000;
    private const ulong SixDigits = 1_000_000;

    /// <inheritdoc/>
    public bool TryNormalise(ReadOnlySpan<byte> dialled, out E164Number number)
    {
        number = default;
        if (dialled.Length < 9 || dialled.Length > 32)
        {
            return false; // the shortest is a bare 508 with six digits
        }

        if (dialled[0] == '+')
        {
            return TryInternational(dialled[1..], out number);
        }

        if (dialled[0] != '0')
        {
            return readsNational && TryBare(dialled, out number);
        }

        if (dialled[1] == '0')
        {
            return TryInternational(dialled[2..], out number);
        }

        return readsNational && dialled.Length == NationalLength + 1
            && TryDigits(dialled[1..], out ulong national) && TryNational(national, out number);
    }

    /// <summary>Digits with the country code in front and neither <c>+</c> nor <c>00</c>: only the lengths that nothing else has.</summary>
    private static bool TryBare(ReadOnlySpan<byte> digits, out E164Number number)
    {
        number = default;
        return digits.Length switch
        {
            9 => digits.StartsWith("508"u8) && TryInternational(digits, out number),
            11 => digits.StartsWith("33"u8) && TryInternational(digits, out number),
            12 => !IsOwnPlan(digits) && TryInternational(digits, out number),
            _ => false,
        };
    }

    private static bool IsOwnPlan(ReadOnlySpan<byte> digits) =>
        digits[0] == '6' && digits[1] == '8'; // bare, 0-less mobile numbers begin the same way

    private static bool TryInternational(ReadOnlySpan<byte> digits, out E164Number number)
    {
        number = default;
        if (digits.Length < 9 || digits.Length > 13)
        {
            return false;
        }

        int codeLength = digits.StartsWith("33"u8) ? 2 : 3;
        ReadOnlySpan<byte> rest = digits[codeLength..];
        if (rest.Length == NationalLength + 1 && rest[0] == '0')
        {
            rest = rest[1..]; // "+33 (0)1…"
        }

        if (!TryDigits(digits[..codeLength], out ulong code) || !TryDigits(rest, out ulong national))
        {
            return false;
        }

        return code switch
        {
            33 => rest.Length == NationalLength && TryNational(national, out number),
            262 or 590 or 594 or 596 => rest.Length == NationalLength && TryOverseas(code, national, out number),
            508 => TryMiquelon(rest.Length, national, out number),
            687 or 689 or 681 => TryOwnPlan(code, rest, national, out number),
            _ => false,
        };
    }

    /// <summary>Nine digits as dialled in France after the 0: the range says which country code they have.</summary>
    private static bool TryNational(ulong national, out E164Number number)
    {
        FrenchTerritory territory = FrenchRanges.Of(national).Territory;
        number = territory switch
        {
            FrenchTerritory.None => default,
            FrenchTerritory.Metropole or FrenchTerritory.National => new E164Number((33 * NineDigits) + national),
            FrenchTerritory.Miquelon => Miquelon(national),
            _ => new E164Number((CountryCode(territory) * NineDigits) + national),
        };
        return number.IsNumber;
    }

    /// <summary>Nine digits after an overseas country code: they must belong there, or be a range whose sharing is not published.</summary>
    private static bool TryOverseas(ulong code, ulong national, out E164Number number)
    {
        (FrenchTerritory territory, NumberClass numberClass) = FrenchRanges.Of(national);
        bool isAnyTerritory = territory == FrenchTerritory.National || IsOverseasWithoutPlace(national, territory, numberClass);
        number = isAnyTerritory || CountryCode(territory) == code ? new E164Number((code * NineDigits) + national) : default;
        return number.IsNumber;
    }

    /// <summary>0939, 0947 and 0976 overseas: foreign networks' tables give them to several territories, so the sender's code is kept.</summary>
    private static bool IsOverseasWithoutPlace(ulong national, FrenchTerritory territory, NumberClass numberClass) =>
        national >= 9 * EightDigits && numberClass != NumberClass.Unknown && territory != FrenchTerritory.Metropole;

    private static bool TryMiquelon(int length, ulong national, out E164Number number)
    {
        number = default;
        if (length == 6)
        {
            number = Miquelon((508 * SixDigits) + national);
        }
        else if (length == NationalLength)
        {
            FrenchTerritory territory = FrenchRanges.Of(national).Territory;
            number = territory switch
            {
                FrenchTerritory.Miquelon => Miquelon(national),
                FrenchTerritory.National => new E164Number((508 * NineDigits) + national),
                _ => default,
            };
        }

        return number.IsNumber;
    }

    /// <summary>0508 XXXXXX is dialled in France for +508 XXXXXX: the island has six digits; its newer mobiles have nine.</summary>
    private static E164Number Miquelon(ulong national) => (national / SixDigits) switch
    {
        508 => national % SixDigits >= SixDigits / 5 ? new E164Number(national) : default, // subscribers begin with 2 to 9
        _ => new E164Number((508 * NineDigits) + national),
    };

    private static bool TryOwnPlan(ulong code, ReadOnlySpan<byte> rest, ulong national, out E164Number number)
    {
        int first = rest[0] - '0';
        ulong scale = rest.Length switch
        {
            6 => SixDigits,
            8 => EightDigits,
            _ => NineDigits,
        };
        bool isFreephone = rest.Length == 9 && rest.StartsWith("80"u8) && code != 687;
        bool isOpen = code switch
        {
            687 => rest.Length == 6 && ((first is >= 2 and <= 9 && first != 6) || rest.StartsWith("050"u8)),
            689 => (rest.Length == 8 && first is 4 or 8) || (rest.Length == 6 && rest.StartsWith("44"u8)),
            _ => rest.Length == 6 && first is 4 or >= 7,
        };
        number = isOpen || isFreephone ? new E164Number((code * scale) + national) : default;
        return number.IsNumber;
    }

    private static ulong CountryCode(FrenchTerritory territory) => territory switch
    {
        FrenchTerritory.Reunion or FrenchTerritory.Mayotte or FrenchTerritory.IndianOcean => 262,
        FrenchTerritory.Guadeloupe => 590,
        FrenchTerritory.Guyane => 594,
        FrenchTerritory.Martinique => 596,
        FrenchTerritory.Miquelon => 508,
        _ => 33,
    };

    private static bool TryDigits(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        foreach (byte character in digits)
        {
            uint digit = (uint)character - '0';
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
