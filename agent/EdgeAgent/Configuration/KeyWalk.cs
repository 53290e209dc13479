using Microsoft.Extensions.Configuration;

namespace EdgeAgent.Configuration;

/// <summary>One walk over the whole configuration: what was wrong and what is right.</summary>
/// <param name="originOf">Says where the value of a configuration path stands.</param>
internal sealed class KeyWalk(Func<string, string?> originOf)
{
    /// <summary>Longest part of a value that is repeated in a fault.</summary>
    private const int ShownCharacters = 80;

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ConfigurationFault> _faults = [];

    /// <summary>Good values by configuration path (<c>trunks:0:name</c>), in the form the binder reads.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>Everything wrong so far, in the order of the walk.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    public void Fault(IConfigurationSection section, string path, string message) =>
        _faults.Add(new ConfigurationFault(path, message, originOf(section.Path)));

    public void Take(IConfigurationSection section, string? value)
    {
        if (value is not null)
        {
            _values[section.Path] = value;
        }
    }

    /// <summary>A value as it may be printed: one line, cut, and nothing before an <c>@</c> that could be a password in a URL.</summary>
    public static string Shown(string value)
    {
        int at = value.LastIndexOf('@');
        int scheme = value.IndexOf("://", StringComparison.Ordinal);
        string safe = at > scheme && scheme >= 0 ? $"{value[..(scheme + 3)]}***{value[at..]}" : value;
        safe = string.Concat(safe.Take(ShownCharacters).Select(c => char.IsControl(c) ? '?' : c));
        return value.Length > ShownCharacters ? safe + "…" : safe;
    }
}
