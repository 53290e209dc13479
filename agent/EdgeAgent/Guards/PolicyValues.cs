using System.Globalization;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Guards;

/// <summary>Checked values of a policy file under one path (<c>campaigns:0</c>), each with what it is when it is not given.</summary>
/// <param name="values">Values by path, as <see cref="Configuration.KeyWalk"/> passes them on.</param>
/// <param name="path">Path before the names asked for; empty for the file.</param>
internal readonly struct PolicyValues(IReadOnlyDictionary<string, string?> values, string path = "")
{
    /// <summary>The path.</summary>
    public string Path => path;

    /// <summary>A group below this one.</summary>
    public PolicyValues this[string name] => new(values, path.Length == 0 ? name : $"{path}:{name}");

    /// <summary>Entries of a list of groups, also those of which no value is good: positions stay right.</summary>
    public IEnumerable<PolicyValues> List(string name)
    {
        string list = this[name].Path + ":";
        IReadOnlyDictionary<string, string?> all = values;
        int count = all.Keys.Where(key => key.StartsWith(list, StringComparison.OrdinalIgnoreCase))
            .Select(key => int.Parse(key[list.Length..].Split(':')[0], CultureInfo.InvariantCulture) + 1).DefaultIfEmpty().Max();
        return Enumerable.Range(0, count).Select(index => new PolicyValues(all, list + index.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Entries of a list of single values; null when none is given.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        IReadOnlyDictionary<string, string?> all = values;
        string[] texts = [.. List(name).Select(entry => all.GetValueOrDefault(entry.Path)).OfType<string>()];
        return texts.Length > 0 ? texts : null;
    }

    /// <summary>A text; null when not given.</summary>
    public string? Text(string name) => values.GetValueOrDefault(this[name].Path);

    public int Whole(string name, int fallback) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public double Number(string name, double fallback) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;

    public bool Flag(string name, bool fallback) => Text(name) is { } text ? bool.Parse(text) : fallback;

    public TimeSpan Time(string name, TimeSpan fallback) =>
        Text(name) is { } text ? TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture) : fallback;

    public DateOnly? Date(string name) =>
        Text(name) is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    public T Name<T>(string name, T fallback)
        where T : struct, Enum => Text(name) is { } text ? Enum.Parse<T>(text) : fallback;

    public E164Number Phone(string name) =>
        Text(name) is { } text ? new E164Number(ulong.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)) : default;
}
