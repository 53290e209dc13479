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

    private static string Line(TrunkOptions trunk)
    {
        IEnumerable<string> hosts = trunk.Hosts.Select(host => host.ToLowerInvariant()).Order(StringComparer.Ordinal);
        return $"{trunk.Name}\t{trunk.Port}\t{string.Join(' ', hosts)}\t{string.Join(' ', trunk.Identity)}\n";
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
