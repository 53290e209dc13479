namespace EdgeAgent.Core.Numbers;

/// <summary>
/// What kind of number it is (plan national de numérotation, ARCEP decision 2022-1583), because the law says which kinds may be
/// shown as caller ID.
/// </summary>
public enum NumberClass
{
    /// <summary>Nothing that can be classed.</summary>
    Unknown = 0,
    /// <summary>01 to 05 of metropolitan France.</summary>
    Geographic,
    /// <summary>06 and 07 of metropolitan France: one natural person, no call centre.</summary>
    Mobile,
    /// <summary>09 of metropolitan France.</summary>
    Nomadic,
    /// <summary>"Numéro polyvalent vérifié": the only kind an automated call system may show; overseas ranges included.</summary>
    VerifiedPlatform,
    /// <summary>0937 to 0939, "plateforme technique": deliveries, appointments; not for cold calls; overseas ranges included.</summary>
    TechnicalPlatform,
    /// <summary>0800 to 0805.</summary>
    Freephone,
    /// <summary>Other 08 numbers but 089: ordinary or shared tariff, data, internet access.</summary>
    Special,
    /// <summary>089: premium rate, forbidden as caller ID (arrêté of 5 July 2016).</summary>
    Premium,
    /// <summary>Geographic number of an overseas territory.</summary>
    OverseasGeographic,
    /// <summary>Mobile number of an overseas territory.</summary>
    OverseasMobile,
    /// <summary>0976: number without place of an overseas territory.</summary>
    OverseasNomadic,
    /// <summary>+687, +689, +681: French territories with plans of their own, outside the ARCEP plan.</summary>
    OwnPlan,
    /// <summary>A number of another country.</summary>
    Foreign,
    /// <summary>15, 17, 18, 112 and the like: no E.164 number, and never to be held back.</summary>
    Emergency,
    /// <summary>3BPQ, 10XY, 116XYZ: no E.164 number.</summary>
    ShortCode,
    /// <summary>118XYZ, directory enquiries: no E.164 number.</summary>
    DirectoryEnquiry,
}
