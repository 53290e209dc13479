using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAgent.Guards;

/// <summary>Writes a policy that says everything: YAML that can be read again, or JSON.</summary>
internal static partial class PolicyText
{
    private const string DefaultMark = "  # default";

    /// <summary>Writes YAML in which defaults are marked.</summary>
    public static void WriteYaml(PolicyGroup policy, TextWriter output) => WriteMembers(policy, "", output);

    /// <summary>Writes an object of the same form.</summary>
    public static void WriteJson(PolicyNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case PolicyValue { Kind: PolicyValueKind.Text } text:
                writer.WriteStringValue(text.Text);
                break;
            case PolicyValue value:
                writer.WriteRawValue(value.Text); // a number or true or false, written by ourselves
                break;
            case PolicyTexts texts:
                writer.WriteStartArray();
                foreach (string text in texts.Texts)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
                break;
            case PolicyEntries list:
                writer.WriteStartArray();
                foreach ((_, PolicyGroup group) in list.Entries)
                {
                    WriteJson(group, writer);
                }

                writer.WriteEndArray();
                break;
            case PolicyGroup group:
                writer.WriteStartObject();
                foreach ((string name, PolicyNode member) in group.Members)
                {
                    writer.WritePropertyName(name);
                    WriteJson(member, writer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>Paths of what is default, the highest of each: <c>rules.dailyCap.block</c>, <c>law</c>.</summary>
    public static IEnumerable<string> DefaultsOf(PolicyNode node, string path = "")
    {
        if (node.IsDefault && path.Length > 0)
        {
            return [path];
        }

        return node switch
        {
            PolicyGroup group => group.Members.SelectMany(member => DefaultsOf(member.Node, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
            PolicyEntries list => list.Entries.Index().SelectMany(entry =>
                DefaultsOf(entry.Item.Group, string.Create(CultureInfo.InvariantCulture, $"{path}[{entry.Index}]"))),
            _ => [],
        };
    }

    private static void WriteMembers(PolicyGroup group, string indent, TextWriter output, bool isEntry = false)
    {
        foreach ((int index, (string name, PolicyNode node)) in group.Members.Index())
        {
            output.Write(isEntry ? index == 0 ? $"{indent}- " : $"{indent}  " : indent);
            output.Write($"{name}:");
            Write(node, isEntry ? indent + "  " : indent, output);
        }
    }

    private static void Write(PolicyNode node, string indent, TextWriter output)
    {
        string mark = node.IsDefault ? DefaultMark : "";
        switch (node)
        {
            case PolicyValue value:
                output.WriteLine($" {(value.Kind == PolicyValueKind.Text ? Quoted(value.Text) : value.Text)}{mark}");
                break;
            case PolicyTexts texts:
                output.WriteLine($" [{string.Join(", ", texts.Texts.Select(Quoted))}]{mark}");
                break;
            case PolicyEntries { Entries.Count: 0 }:
                output.WriteLine($" []{mark}");
                break;
            case PolicyEntries list:
                output.WriteLine();
                foreach ((_, PolicyGroup group) in list.Entries)
                {
                    WriteMembers(group, indent + "  ", output, isEntry: true);
                }

                break;
            case PolicyGroup group:
                output.WriteLine();
                WriteMembers(group, indent + "  ", output);
                break;
        }
    }

    // Names and references are people's own words: anything that YAML could take for something else is quoted.
    private static string Quoted(string text) =>
        Plain().IsMatch(text) && !Special().IsMatch(text)
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^(?:[A-Za-z+][A-Za-z0-9+-]*|\d{4}-\d\d-\d\d|\d+(?:\.\d+)? (?:d|h|min|s|ms|%))$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex("^(?:null|true|false|yes|no|on|off|y|n)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Special();
}
