using System.Globalization;
using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard.Policy;
using Microsoft.Extensions.Configuration;

namespace EdgeAgent.Guards;

/// <summary>Outcome of reading a policy file.</summary>
/// <param name="Policy">The policy; null when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong, at once.</param>
internal sealed record PolicyResult(GuardPolicy? Policy, IReadOnlyList<ConfigurationFault> Faults)
{
    /// <summary>What is allowed and probably not meant.</summary>
    public IReadOnlyList<ConfigurationFault> Warnings { get; init; } = [];

    /// <summary>Values of the file by path, in the form they are read: what two policies differ by.</summary>
    public IReadOnlyDictionary<string, string?> Values { get; init; } = new Dictionary<string, string?>();
}

/// <summary>Reads a policy file. The outcome holds every fault, not the first.</summary>
internal static class PolicyLoader
{
    /// <summary>Name of the policy beside the configuration. Without the file the defaults hold.</summary>
    public const string FileName = "policy.yaml";

    /// <summary>What an empty file says.</summary>
    public static PolicyResult Default { get; } = new(GuardPolicy.Default with { Hash = ConfigurationHash.Of(new Dictionary<string, string?>()) }, []);

    /// <summary>Largest policy file, in bytes: some ten thousand numbers.</summary>
    public const int MaxFileBytes = 4_194_304;

    /// <summary>Reads <paramref name="path"/>.</summary>
    public static PolicyResult Load(string path)
    {
        string? text = ConfigurationFile.TryRead(path, MaxFileBytes, out string fault);
        return text is null ? new PolicyResult(null, [new ConfigurationFault("", fault)]) : Read(text);
    }

    /// <summary>Reads a policy that is in memory.</summary>
    public static PolicyResult Read(string yaml)
    {
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        if (YamlSource.Read(yaml, lines) is ConfigurationFault syntax)
        {
            return new PolicyResult(null, [syntax]);
        }

        using MemoryStream stream = new(Encoding.UTF8.GetBytes(yaml));
        IConfigurationRoot written = IndexedConfiguration.Of(new ConfigurationBuilder().AddYamlStream(stream).Build(), lines.Keys);
        string? LineOf(string key) => lines.TryGetValue(key, out int line) ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : null;
        KeyWalk walk = new(LineOf);
        PolicyKeys.Root.CheckChildren(written, "", walk);
        HashSet<string> unread = new(walk.Faults.Select(fault => PathOf(fault.Key)), StringComparer.OrdinalIgnoreCase);
        PolicyValues values = new(walk.Values.Where(value => !unread.Contains(value.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase));
        List<ConfigurationFault> faults = [.. walk.Faults];
        FaultPaths known = new(unread);
        foreach (string key in Missing(values, lines).Where(key => !known.HasWithin(PathOf(key))).ToList())
        {
            faults.Add(new ConfigurationFault(key, "is missing", Nearest(key, LineOf)));
            known.Add(PathOf(key));
        }

        GuardPolicy policy = PolicyReader.Read(values) with { Hash = ConfigurationHash.Of(walk.Values) };
        faults.AddRange(PolicyChecks.FaultsOf(policy)
            .Where(fault => !known.HasWithin(PathOf(fault.Key)) && !known.HasAround(PathOf(fault.Key)) && !(fault.DependsOn is { } part && known.HasWithin(PathOf(part))))
            .Select(fault => new ConfigurationFault(fault.Key, fault.Message, Nearest(fault.Key, LineOf))));
        if (faults.Count > 0)
        {
            return new PolicyResult(null, faults);
        }

        return new PolicyResult(policy, [])
        {
            Values = walk.Values,
            Warnings = [.. PolicyWarnings.Of(policy).Select(warning =>
                new ConfigurationFault(warning.Key, warning.Message, Nearest(warning.Key, LineOf), FaultSeverity.Warning))],
        };
    }

    /// <summary>A key as the configuration has it: <c>numbers[3].client</c> is <c>numbers:3:client</c>.</summary>
    private static string PathOf(string key) => key.Replace('.', ':').Replace('[', ':').Replace("]", "", StringComparison.Ordinal);

    private static IEnumerable<string> Missing(PolicyValues file, Dictionary<string, int> lines)
    {
        (string List, string[] Keys)[] required =
        [
            ("clients", ["id"]), ("campaigns", ["id"]), ("numbers", ["number", "client"]), ("trunks", ["trunk"]), ("calendars", ["name", "days"]),
            ("law:hours", ["from", "reference"]), ("law:attempts", ["from", "reference"]), ("law:consent", ["from", "reference"]),
        ];
        foreach ((string list, string[] keys) in required)
        {
            for (int index = 0; lines.ContainsKey(string.Create(CultureInfo.InvariantCulture, $"{list}:{index}")); index++)
            {
                PolicyValues entry = file[string.Create(CultureInfo.InvariantCulture, $"{list}:{index}")];
                foreach (string key in keys.Where(key => entry.Text(key) is null && entry.Texts(key) is null))
                {
                    yield return $"{list.Replace(':', '.')}[{index}].{key}";
                }
            }
        }
    }

    /// <summary>The line of a key, or of the nearest group above it that is in the file.</summary>
    private static string? Nearest(string key, Func<string, string?> lineOf)
    {
        string path = PathOf(key);
        while (path.Length > 0)
        {
            if (lineOf(path) is { } line)
            {
                return line;
            }

            path = path[..Math.Max(0, path.LastIndexOf(':'))];
        }

        return null;
    }

    /// <summary>Where faults are, to find those that may only follow from another: of the same value, of one within it, or of what it depends on.</summary>
    private sealed class FaultPaths
    {
        private readonly HashSet<string> _paths = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _around = new(StringComparer.OrdinalIgnoreCase); // each with all the groups it stands in

        public FaultPaths(IEnumerable<string> paths)
        {
            foreach (string path in paths)
            {
                Add(path);
            }
        }

        public void Add(string path)
        {
            _paths.Add(path);
            foreach (string whole in Around(path))
            {
                _around.Add(whole);
            }
        }

        /// <summary>One is that value, or is within it.</summary>
        public bool HasWithin(string path) => _around.Contains(path);

        /// <summary>One is that value, or a group it stands in.</summary>
        public bool HasAround(string path) => Around(path).Any(_paths.Contains);

        private static IEnumerable<string> Around(string path)
        {
            for (; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf(':'))])
            {
                yield return path;
            }
        }
    }
}
