namespace EdgeAgent.Core.Numbers;

/// <summary>How numbers are read.</summary>
public sealed record NumberSettings
{
    /// <summary>Region (ISO 3166-1 alpha-2) whose numbers are dialled without country code. Every French region reads alike.</summary>
    public string DefaultRegion { get; init; } = "FR";

    /// <summary>Digits, <c>*</c> or <c>#</c> that may stand before a called number on the trunk, such as <c>9</c> or a carrier's code.</summary>
    public IReadOnlyList<string> DialPrefixes { get; init; } = [];

    /// <summary>Reads what the French plans refuse; null refuses it.</summary>
    public INumberPlan? OtherPlans { get; init; }

    /// <summary>What is wrong with these settings, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (DefaultRegion.Length != 2 || !DefaultRegion.All(char.IsAsciiLetterUpper))
        {
            faults.Add($"default region '{DefaultRegion}' is not two capital letters");
        }
        else if (!IsFrench && OtherPlans is null)
        {
            faults.Add($"default region '{DefaultRegion}' needs a plan beside the French ones");
        }

        foreach (string prefix in DialPrefixes)
        {
            if (prefix.Length is 0 or > 16 || !prefix.All(character => char.IsAsciiDigit(character) || character is '*' or '#'))
            {
                faults.Add($"dial prefix '{prefix}' is not 1 to 16 digits, * or #");
            }
        }

        return faults;
    }

    /// <summary>Whether the default region dials by the French plans.</summary>
    internal bool IsFrench => DefaultRegion is "FR" or "GP" or "MF" or "BL" or "GF" or "MQ" or "RE" or "YT" or "PM";
}
