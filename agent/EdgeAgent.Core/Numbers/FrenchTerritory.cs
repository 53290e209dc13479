namespace EdgeAgent.Core.Numbers;

/// <summary>Where a number of the French plans belongs; decides the country code and the time zone.</summary>
public enum FrenchTerritory
{
    /// <summary>No number of a French plan, or a range that no territory has.</summary>
    None = 0,
    /// <summary>Metropolitan France, +33.</summary>
    Metropole,
    /// <summary>Guadeloupe, Saint-Martin and Saint-Barthélemy, +590.</summary>
    Guadeloupe,
    /// <summary>Guyane, +594.</summary>
    Guyane,
    /// <summary>Martinique, +596.</summary>
    Martinique,
    /// <summary>La Réunion, +262.</summary>
    Reunion,
    /// <summary>Mayotte, +262.</summary>
    Mayotte,
    /// <summary>Saint-Pierre-et-Miquelon, +508.</summary>
    Miquelon,
    /// <summary>+262, La Réunion or Mayotte: the range does not say which.</summary>
    IndianOcean,
    /// <summary>Special numbers (08…), the same in every territory.</summary>
    National,
    /// <summary>Nouvelle-Calédonie, +687: a plan of its own.</summary>
    NewCaledonia,
    /// <summary>Polynésie française, +689: a plan of its own.</summary>
    Polynesia,
    /// <summary>Wallis-et-Futuna, +681: a plan of its own.</summary>
    Wallis,
}
