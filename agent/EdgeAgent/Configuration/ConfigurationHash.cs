using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Configuration;

/// <summary>Fingerprints by which the centre sees that a configuration, or the list of carriers in it, has changed.</summary>
public static class ConfigurationHash
{
    /// <summary>SHA-256 of the settings, ordered by key, in lower-case hex.</summary>
    internal static string Of(IReadOnlyDictionary<string, string?> values) => Hex(string.Concat(
        values.OrderBy(v => v.Key, StringComparer.OrdinalIgnoreCase).Select(v => $"{v.Key.ToLowerInvariant()}={v.Value}\n")));

    /// <summary>SHA-256 of the trunk list in lower-case hex; the order of trunks and of their hosts does not matter.</summary>
    public static string OfTrunks(IReadOnlyList<TrunkOptions> trunks)
    {
        ArgumentNullException.ThrowIfNull(trunks);
        return Hex(string.Concat(trunks.OrderBy(t => t.Name, StringComparer.Ordinal).Select(Line)));
    }

    /// <summary>SHA-256 of the rules calls are judged by, in lower-case hex. What is not written counts with its default.</summary>
    public static string OfPolicy(GuardsOptions guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        IReadOnlyList<DayOfWeek> days = guards.Hours.Days.Count == 0 ? HoursGuardOptions.DefaultDays : guards.Hours.Days;
        IReadOnlyList<string> windows = guards.Hours.Windows.Count == 0 ? HoursGuardOptions.DefaultWindows : guards.Hours.Windows;
        return Hex(string.Create(
            CultureInfo.InvariantCulture,
            $"hours\t{guards.Hours.Enabled}\t{string.Join(' ', days.Order())}\t{string.Join(' ', windows.Order(StringComparer.Ordinal))}\n")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"dailyCap\t{guards.DailyCap.Enabled}\t{guards.DailyCap.Alert}\t{guards.DailyCap.Excess}\n"));
    }

    private static string Line(TrunkOptions trunk)
    {
        IEnumerable<string> hosts = trunk.Hosts.Select(host => host.ToLowerInvariant()).Order(StringComparer.Ordinal);
        return $"{trunk.Name}\t{trunk.Port}\t{string.Join(' ', hosts)}\t{string.Join(' ', trunk.Identity)}\n";
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
