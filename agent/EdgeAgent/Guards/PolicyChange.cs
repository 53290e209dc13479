namespace EdgeAgent.Guards;

/// <summary>One place at which two policies differ in what holds.</summary>
/// <param name="Path">Such as <c>rules.dailyCap.block</c> or <c>numbers[+33162000001].client</c>.</param>
/// <param name="Old">What held; null where there was nothing.</param>
/// <param name="New">What holds; null where there is nothing any more.</param>
/// <param name="OldIsDefault">The old file did not say it.</param>
/// <param name="NewIsDefault">The new file does not say it.</param>
internal sealed record PolicyChange(string Path, string? Old, string? New, bool OldIsDefault, bool NewIsDefault)
{
    /// <summary><c>rules.dailyCap.block: 150 (default) → 120</c>.</summary>
    public override string ToString() => $"{Path}: {Side(Old, OldIsDefault)} → {Side(New, NewIsDefault)}";

    /// <summary>Every difference, in the order of the file. A default that one file spells out is none.</summary>
    public static IReadOnlyList<PolicyChange> Between(PolicyGroup old, PolicyGroup @new)
    {
        List<PolicyChange> differences = [];
        Compare("", old, @new, differences);
        return differences;
    }

    private static void Compare(string path, PolicyNode? old, PolicyNode? @new, List<PolicyChange> differences)
    {
        switch (old, @new)
        {
            case (PolicyGroup before, PolicyGroup after):
                Compare(before.Members, after.Members, name => path.Length == 0 ? name : $"{path}.{name}", differences);
                break;
            case (PolicyEntries before, PolicyEntries after):
                Compare(
                    [.. before.Entries.Select(entry => (entry.Key, (PolicyNode)entry.Group))],
                    [.. after.Entries.Select(entry => (entry.Key, (PolicyNode)entry.Group))],
                    key => $"{path}[{key}]",
                    differences);
                break;
            default:
                if (old?.Inline != @new?.Inline)
                {
                    differences.Add(new PolicyChange(path, old?.Inline, @new?.Inline, old is { IsDefault: true }, @new is { IsDefault: true }));
                }

                break;
        }
    }

    private static void Compare(
        IReadOnlyList<(string Name, PolicyNode Node)> old,
        IReadOnlyList<(string Name, PolicyNode Node)> @new,
        Func<string, string> pathOf,
        List<PolicyChange> differences)
    {
        Dictionary<string, PolicyNode> after = @new.ToDictionary(member => member.Name, member => member.Node, StringComparer.Ordinal);
        foreach ((string name, PolicyNode node) in old)
        {
            after.Remove(name, out PolicyNode? other);
            Compare(pathOf(name), node, other, differences);
        }

        foreach ((string name, PolicyNode node) in @new.Where(member => after.ContainsKey(member.Name)))
        {
            Compare(pathOf(name), null, node, differences);
        }
    }

    private static string Side(string? value, bool isDefault) => value is null ? "nothing" : isDefault ? $"{value} (default)" : value;
}
