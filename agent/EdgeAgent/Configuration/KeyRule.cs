using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EdgeAgent.Configuration;

/// <summary>What may stand at one place of the configuration.</summary>
internal abstract class KeyRule
{
    /// <summary>Checks what stands there and passes it on in the form the binder reads.</summary>
    /// <param name="section">The place.</param>
    /// <param name="path">Its path as the administrator writes it.</param>
    /// <param name="walk">Collects faults and values.</param>
    public abstract void Check(IConfigurationSection section, string path, KeyWalk walk);

    /// <summary>Paths of all single values under <paramref name="path"/>, list positions as <c>[]</c>.</summary>
    public abstract IEnumerable<string> Leaves(string path);
}

/// <summary>A single value.</summary>
/// <param name="normalise">Gives the value as the binder reads it, or the fault.</param>
internal sealed class ScalarRule(Func<string, ScalarReading> normalise) : KeyRule
{
    public override void Check(IConfigurationSection section, string path, KeyWalk walk)
    {
        if (section.GetChildren().Any())
        {
            walk.Fault(section, path, "holds a list or a group of keys; a single value is expected");
        }
        else if (!string.IsNullOrEmpty(section.Value))
        {
            ScalarReading reading = normalise(section.Value);
            if (reading.Fault is not null)
            {
                walk.Fault(section, path, $"\"{KeyWalk.Shown(section.Value)}\" {reading.Fault}");
            }

            walk.Take(section, reading.Value);
        }
    }

    public override IEnumerable<string> Leaves(string path) => [path];
}

/// <summary>Outcome of reading one value.</summary>
/// <param name="Value">The text the binder understands. A faulty text is kept, so that list positions in later faults stay right.</param>
/// <param name="Fault">What is wrong, as the end of a sentence that begins with the value.</param>
internal readonly record struct ScalarReading(string? Value, string? Fault)
{
    public static ScalarReading Good(string value) => new(value, null);

    public static ScalarReading Bad(string fault, string? kept = null) => new(kept, fault);
}

/// <summary>Values or groups in order.</summary>
internal sealed class ListRule(KeyRule element) : KeyRule
{
    /// <summary>More entries than anybody writes by hand; keeps a generated file from filling memory.</summary>
    private const int MaxEntries = 10_000;

    public override void Check(IConfigurationSection section, string path, KeyWalk walk)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            walk.Fault(section, path, $"\"{KeyWalk.Shown(section.Value)}\" is a single value; a list is expected: [{KeyWalk.Shown(section.Value)}]");
            return;
        }

        int entries = 0;
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (entries == MaxEntries || child.Key != entries.ToString(CultureInfo.InvariantCulture))
            {
                walk.Fault(section, path, entries == MaxEntries
                    ? $"has more than {MaxEntries} entries"
                    : $"is a group of keys (\"{KeyWalk.Shown(child.Key)}\"), or has gaps; a list is expected");
                return;
            }

            entries++;
            element.Check(child, $"{path}[{child.Key}]", walk);
        }
    }

    public override IEnumerable<string> Leaves(string path) => element.Leaves(path + "[]");
}

/// <summary>A group of named keys; any other name is a fault.</summary>
internal sealed class GroupRule(params (string Name, KeyRule Rule)[] keys) : KeyRule
{
    public override void Check(IConfigurationSection section, string path, KeyWalk walk)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            walk.Fault(section, path, $"is a single value; a group of keys is expected: {Names()}");
            return;
        }

        CheckChildren(section, path, walk);
    }

    public void CheckChildren(IConfiguration section, string path, KeyWalk walk)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            (string name, KeyRule? rule) = keys.FirstOrDefault(k => string.Equals(k.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            string childPath = path.Length == 0 ? name ?? child.Key : $"{path}.{name ?? child.Key}";
            if (rule is null)
            {
                walk.Fault(child, childPath, $"is no known key; known here: {Names()}"); // its value may be a secret
            }
            else
            {
                rule.Check(child, childPath, walk);
            }
        }
    }

    public override IEnumerable<string> Leaves(string path) =>
        keys.SelectMany(k => k.Rule.Leaves(path.Length == 0 ? k.Name : $"{path}.{k.Name}"));

    private string Names() => string.Join(", ", keys.Select(k => k.Name));
}
