using Microsoft.Extensions.Configuration;

namespace EdgeAgent.Configuration;

/// <summary>
/// A configuration that knows the children of each group. The providers of the library look through all keys for those of one group, which
/// takes minutes for a policy of ten thousand numbers.
/// </summary>
internal static class IndexedConfiguration
{
    /// <summary>The same values under an index.</summary>
    /// <param name="written">The configuration.</param>
    /// <param name="paths">Every path of it that holds something, in any order.</param>
    public static IConfigurationRoot Of(IConfiguration written, IEnumerable<string> paths) => new ConfigurationRoot([new Provider(written, paths)]);

    private sealed class Provider : ConfigurationProvider
    {
        private readonly Dictionary<string, SortedSet<string>> _children = new(StringComparer.OrdinalIgnoreCase);

        public Provider(IConfiguration written, IEnumerable<string> paths)
        {
            foreach (string path in paths)
            {
                for (string at = path; at.Length > 0 && Data.TryAdd(at, written[at]); at = ParentOf(at))
                {
                    string parent = ParentOf(at);
                    if (!_children.TryGetValue(parent, out SortedSet<string>? children))
                    {
                        _children.Add(parent, children = new SortedSet<string>(ConfigurationKeyComparer.Instance));
                    }

                    children.Add(at[(at.LastIndexOf(':') + 1)..]);
                }
            }
        }

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
            earlierKeys.Concat(_children.TryGetValue(parentPath ?? "", out SortedSet<string>? children) ? children : []);

        private static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf(':'))];
    }
}
