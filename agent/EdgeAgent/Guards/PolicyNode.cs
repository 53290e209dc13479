using System.Globalization;

namespace EdgeAgent.Guards;

/// <summary>A place of a policy, written or not.</summary>
/// <param name="IsDefault">The file does not say it: the default holds.</param>
internal abstract record PolicyNode(bool IsDefault)
{
    /// <summary>Everything below on one line, for people.</summary>
    public abstract string Inline { get; }
}

/// <summary>How a value is written in JSON.</summary>
internal enum PolicyValueKind
{
    Text = 0,
    Number,
    Flag,
}

/// <summary>A single value as it is written in the file: <c>7 d</c>, <c>5 %</c>, <c>enforce</c>.</summary>
internal sealed record PolicyValue(string Text, PolicyValueKind Kind, bool IsDefault) : PolicyNode(IsDefault)
{
    /// <inheritdoc/>
    public override string Inline => Text;
}

/// <summary>Single values in order.</summary>
internal sealed record PolicyTexts(IReadOnlyList<string> Texts, bool IsDefault) : PolicyNode(IsDefault)
{
    /// <inheritdoc/>
    public override string Inline => $"[{string.Join(", ", Texts)}]";
}

/// <summary>Groups in order, each with the key by which two policies know it: its place in the list says nothing.</summary>
internal sealed record PolicyEntries(IReadOnlyList<(string Key, PolicyGroup Group)> Entries, bool IsDefault) : PolicyNode(IsDefault)
{
    /// <inheritdoc/>
    public override string Inline => string.Create(CultureInfo.InvariantCulture, $"{Entries.Count} entries");
}

/// <summary>Named places.</summary>
internal sealed record PolicyGroup(IReadOnlyList<(string Name, PolicyNode Node)> Members) : PolicyNode(Members.All(member => member.Node.IsDefault))
{
    /// <inheritdoc/>
    public override string Inline => string.Join(", ", Members.Select(member => $"{member.Name} {member.Node.Inline}"));
}
