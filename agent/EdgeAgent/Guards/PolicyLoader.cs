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
        IConfigurationRoot written = new ConfigurationBuilder()
            .AddInMemoryCollection(lines.Keys.Where(key => key.Length > 0).Select(key => KeyValuePair.Create(key, (string?)null))) // the next leaves out empty lists
            .AddYamlStream(stream)
            .Build();
        string? LineOf(string key) => lines.TryGetValue(key, out int line) ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : null;
        KeyWalk walk = new(LineOf);
        PolicyKeys.Root.CheckChildren(written, "", walk);
        HashSet<string> unread = [.. walk.Faults.Select(fault => PathOf(fault.Key))];
        PolicyValues values = new(walk.Values.Where(value => !unread.Contains(value.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase));
        List<ConfigurationFault> faults = [.. walk.Faults];
        faults.AddRange(Missing(values, lines).Where(key => !unread.Any(path => IsWithin(path, PathOf(key)))).Select(key => new ConfigurationFault(key, "is missing", Nearest(key, LineOf))));
        GuardPolicy policy = PolicyReader.Read(values) with { Hash = ConfigurationHash.Of(walk.Values) };
        string[] known = [.. faults.Select(fault => PathOf(fault.Key))];
        faults.AddRange(PolicyChecks.FaultsOf(policy).Where(fault => !Follows(fault, known))
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

    /// <summary>Whether it may only follow from another fault: of the same value, of one within it, or of what it depends on.</summary>
    private static bool Follows(PolicyFault fault, string[] known) => Array.Exists(
        known, path => IsWithin(path, PathOf(fault.Key)) || IsWithin(PathOf(fault.Key), path) || (fault.DependsOn is { } part && IsWithin(path, PathOf(part))));

    private static bool IsWithin(string path, string whole) =>
        path.StartsWith(whole, StringComparison.OrdinalIgnoreCase) && (path.Length == whole.Length || path[whole.Length] == ':');

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
}
