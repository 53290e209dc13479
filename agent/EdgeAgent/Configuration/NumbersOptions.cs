namespace EdgeAgent.Configuration;

/// <summary>How dialled digits become numbers.</summary>
public sealed class NumbersOptions
{
    /// <summary>Region whose national form is meant when a number has no country code (ISO 3166-1 alpha-2). Default FR.</summary>
    public string DefaultRegion { get; set; } = "FR";

    /// <summary>Digits the PBX puts before a called number to choose a route; stripped where the rest is a number.</summary>
    public IReadOnlyList<string> DialPrefixes { get; set; } = [];

    /// <summary>Client for whom is called: part of the pseudonym key, so that two clients' pseudonyms never match. Default <c>default</c>.</summary>
    public string Client { get; set; } = "default";

    /// <summary>The company's own numbers in E.164 (<c>+33…</c>). Default none.</summary>
    public IReadOnlyList<string> Registered { get; set; } = [];
}
