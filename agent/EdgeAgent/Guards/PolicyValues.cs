using System.Globalization;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Guards;

/// <summary>Checked values of a policy file under one path (<c>campaigns:0</c>), each with what it is when it is not given.</summary>
internal readonly struct PolicyValues
{
    private readonly IReadOnlyDictionary<string, string?> _values;
    private readonly Dictionary<string, int> _counts; // of entries, by the path of a list

    /// <summary>All values of a file.</summary>
    /// <param name="values">Values by path, as <see cref="Configuration.KeyWalk"/> passes them on.</param>
    public PolicyValues(IReadOnlyDictionary<string, string?> values)
        : this(values, CountsOf(values), "")
    {
    }

    private PolicyValues(IReadOnlyDictionary<string, string?> values, Dictionary<string, int> counts, string path) =>
        (_values, _counts, Path) = (values, counts, path);

    /// <summary>Path before the names asked for; empty for the file.</summary>
    public string Path { get; }

    /// <summary>A group below this one.</summary>
    public PolicyValues this[string name] => new(_values, _counts, Path.Length == 0 ? name : $"{Path}:{name}");

    /// <summary>Entries of a list of groups, also those of which no value is good: positions stay right.</summary>
    public IEnumerable<PolicyValues> List(string name)
    {
        PolicyValues list = this[name];
        return Enumerable.Range(0, _counts.GetValueOrDefault(list.Path)).Select(index => list[index.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Entries of a list of single values; null when none is given.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        IReadOnlyDictionary<string, string?> values = _values;
        string[] texts = [.. List(name).Select(entry => values.GetValueOrDefault(entry.Path)).OfType<string>()];
        return texts.Length > 0 ? texts : null;
    }

    /// <summary>A text; null when not given.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(this[name].Path);

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

    private static Dictionary<string, int> CountsOf(IReadOnlyDictionary<string, string?> values)
    {
        Dictionary<string, int> counts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string key in values.Keys)
        {
            string[] parts = key.Split(':');
            for (int i = 1; i < parts.Length; i++)
            {
                if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    string list = string.Join(':', parts, 0, i);
                    counts[list] = Math.Max(counts.GetValueOrDefault(list), index + 1);
                }
            }
        }

        return counts;
    }
}
