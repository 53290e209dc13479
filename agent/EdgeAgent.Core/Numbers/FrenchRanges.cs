namespace EdgeAgent.Core.Numbers;

/// <summary>
/// The ranges of the French plan: for the first four digits of a nine-digit national number, its territory and class. Sources: ARCEP
/// decision 2022-1583 and the register of attributed ranges (MAJNUM, 2025). One byte a range: territory low, class high.
/// </summary>
internal static class FrenchRanges
{
    // 0709 3X is shared by the fifth digit: 0 to 3 Guyane, 5 to 7 Mayotte, the others not open.
    private const int SplitPrefix = 7093;

    // 0639 98 is metropolitan, inside Mayotte's 0639: the range kept for works of fiction (ARCEP decision 2018-0881, §2.5.12).
    private const int FictionPrefix = 6399;
    private const ulong FourDigitsOfNine = 100_000;

    private static readonly byte[] Table = Build();

    /// <summary>Territory and class of a national number of nine digits; (None, Unknown) when the range is in no plan.</summary>
    public static (FrenchTerritory Territory, NumberClass Class) Of(ulong nationalNumber)
    {
        ulong prefix = nationalNumber / FourDigitsOfNine;
        ulong fifth = nationalNumber / (FourDigitsOfNine / 10) % 10;
        if (prefix == FictionPrefix && fifth == 8)
        {
            return (FrenchTerritory.Metropole, NumberClass.Mobile);
        }

        if (prefix == SplitPrefix)
        {
            return fifth switch
            {
                <= 3 => (FrenchTerritory.Guyane, NumberClass.OverseasMobile),
                >= 5 and <= 7 => (FrenchTerritory.Mayotte, NumberClass.OverseasMobile),
                _ => (FrenchTerritory.None, NumberClass.Unknown),
            };
        }

        byte entry = prefix < (ulong)Table.Length ? Table[prefix] : (byte)0;
        return ((FrenchTerritory)(entry & 0xF), (NumberClass)(entry >> 4));
    }

    private static byte[] Build()
    {
        byte[] table = new byte[10_000];
        AddMetropole(table);
        AddOverseas(table);
        AddSpecial(table);
        return table;
    }

    private static void AddMetropole(byte[] table)
    {
        Add(table, FrenchTerritory.Metropole, NumberClass.Geographic, "1", "2", "3", "4", "5");
        Add(table, FrenchTerritory.Metropole, NumberClass.Mobile, "6", "7");
        Add(table, FrenchTerritory.Metropole, NumberClass.Nomadic, "9");
        Add(table, FrenchTerritory.Metropole, NumberClass.TechnicalPlatform, "937", "938", "939");
        Add(table, FrenchTerritory.Metropole, NumberClass.VerifiedPlatform,
            "162", "163", "270", "271", "377", "378", "424", "425", "568", "569", "948", "949");

        // 0700 begins numbers of thirteen digits for machines, which fit no E.164 number overseas; the rest of 070 is not open.
        Add(table, FrenchTerritory.None, NumberClass.Unknown, "70");
    }

    private static void AddOverseas(byte[] table)
    {
        Add(table, FrenchTerritory.IndianOcean, NumberClass.OverseasGeographic, "268");
        AddTerritory(table, FrenchTerritory.Reunion, ["262", "263", "2688"], ["692", "693", "7092"], ["9762", "9763"], '9');
        AddTerritory(table, FrenchTerritory.Mayotte, ["269", "2689"], ["639"], ["9769"], '8');
        AddTerritory(table, FrenchTerritory.Guadeloupe, ["590", "5987"], ["690", "691", "7090"], ["9760", "9761"], '5');
        AddTerritory(table, FrenchTerritory.Guyane, ["594", "5988"], ["694"], ["9764", "9765"], '6');
        AddTerritory(table, FrenchTerritory.Martinique, ["596", "5989"], ["696", "697", "7091"], ["9766", "9767"], '7');
        Add(table, FrenchTerritory.Miquelon, NumberClass.OverseasGeographic, "508");
        Add(table, FrenchTerritory.Miquelon, NumberClass.OverseasMobile, "7084", "7085");

        // In no territory's register: only a number that brings its country code can be read.
        Add(table, FrenchTerritory.None, NumberClass.OverseasNomadic, "9768");
    }

    private static void AddTerritory(
        byte[] table, FrenchTerritory territory, string[] geographic, string[] mobile, string[] nomadic, char last)
    {
        Add(table, territory, NumberClass.OverseasGeographic, geographic);
        Add(table, territory, NumberClass.OverseasMobile, mobile);
        Add(table, territory, NumberClass.OverseasNomadic, nomadic);

        // 0939 and 0947 name the territory by their next digit, the same in both.
        Add(table, territory, NumberClass.TechnicalPlatform, "939" + last);
        Add(table, territory, NumberClass.VerifiedPlatform, "947" + last);
    }

    private static void AddSpecial(byte[] table)
    {
        Add(table, FrenchTerritory.National, NumberClass.Special, "8");
        Add(table, FrenchTerritory.National, NumberClass.Freephone, "800", "801", "802", "803", "804", "805");
        Add(table, FrenchTerritory.National, NumberClass.Premium, "89");
    }

    /// <summary>Later additions win over earlier ones.</summary>
    private static void Add(byte[] table, FrenchTerritory territory, NumberClass numberClass, params ReadOnlySpan<string> prefixes)
    {
        byte entry = (byte)((int)territory | ((int)numberClass << 4));
        foreach (string prefix in prefixes)
        {
            int first = 0;
            int count = 1;
            for (int i = 0; i < 4; i++)
            {
                first = (first * 10) + (i < prefix.Length ? prefix[i] - '0' : 0);
                count *= i < prefix.Length ? 1 : 10;
            }

            table.AsSpan(first, count).Fill(entry);
        }
    }
}
