namespace EdgeAgent.Guards;

/// <summary>One value in which two policies differ.</summary>
/// <param name="Key">Path such as <c>rules.dailyCap.block</c>.</param>
/// <param name="Old">What the first says; null where it says nothing.</param>
/// <param name="New">What the second says; null where it says nothing.</param>
internal readonly record struct PolicyDifference(string Key, string? Old, string? New)
{
    /// <summary>Every value in which two policies differ, ordered by path.</summary>
    /// <param name="old">Values of the first (<see cref="PolicyResult.Values"/>).</param>
    /// <param name="wanted">Values of the second.</param>
    public static IReadOnlyList<PolicyDifference> Between(IReadOnlyDictionary<string, string?> old, IReadOnlyDictionary<string, string?> wanted) =>
        [.. old.Keys.Union(wanted.Keys, StringComparer.OrdinalIgnoreCase)
            .Select(key => new PolicyDifference(PathOf(key), old.GetValueOrDefault(key), wanted.GetValueOrDefault(key)))
            .Where(difference => difference.Old != difference.New)
            .OrderBy(difference => difference.Key, StringComparer.Ordinal)];

    /// <summary><c>rules.dailyCap.block: 150 -> 120</c>.</summary>
    public override string ToString() => $"{Key}: {Old ?? "default"} -> {New ?? "default"}";

    private static string PathOf(string key)
    {
        string path = "";
        foreach (string part in key.Split(':'))
        {
            path += part.All(char.IsAsciiDigit) ? $"[{part}]" : path.Length == 0 ? part : $".{part}";
        }

        return path;
    }
}
