namespace EdgeAgent.Core.Numbers;

/// <summary>Time zone of a person by the number's range; several where the range is shared, none outside the French plans.</summary>
public static class CalleeZones
{
    /// <summary>Every zone that can occur. La Réunion and Mayotte stand side by side: the ranges of +262 are a slice of this.</summary>
    private static readonly string[] AllIds =
    [
        "Europe/Paris", "Indian/Reunion", "Indian/Mayotte", "America/Guadeloupe", "America/Cayenne", "America/Martinique",
        "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis",
    ];

    /// <summary>Every zone id (IANA) that <see cref="Of"/> can give.</summary>
    public static ReadOnlySpan<string> Ids => AllIds;

    /// <summary>
    /// Zone ids (IANA) of <paramref name="number"/>. Empty: outside the French plans. Two: the range does not say which; what must hold
    /// for the person must then hold in both. A mobile taken abroad stays where its number belongs.
    /// </summary>
    public static ReadOnlySpan<string> Of(E164Number number)
    {
        (int first, int count) = SliceOf(number);
        return AllIds.AsSpan(first, count);
    }

    /// <summary>The same as a slice of <see cref="Ids"/>.</summary>
    internal static (int First, int Count) SliceOf(E164Number number) => SliceOf(NumberClasses.TerritoryOf(number));

    /// <summary>The zones of a territory, as a slice of <see cref="Ids"/>.</summary>
    internal static (int First, int Count) SliceOf(FrenchTerritory territory) => territory switch
    {
        FrenchTerritory.Metropole => (0, 1),
        FrenchTerritory.Reunion => (1, 1),
        FrenchTerritory.IndianOcean => (1, 2),
        FrenchTerritory.Mayotte => (2, 1),
        FrenchTerritory.Guadeloupe => (3, 1),
        FrenchTerritory.Guyane => (4, 1),
        FrenchTerritory.Martinique => (5, 1),
        FrenchTerritory.Miquelon => (6, 1),
        FrenchTerritory.NewCaledonia => (7, 1),
        FrenchTerritory.Polynesia => (8, 1),
        FrenchTerritory.Wallis => (9, 1),
        _ => (0, 0),
    };
}
