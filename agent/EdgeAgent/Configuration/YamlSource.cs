using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace EdgeAgent.Configuration;

/// <summary>
/// The YAML file as far as the configuration provider does not tell: whether it can be read at all, and on which line each key stands.
/// </summary>
internal static class YamlSource
{
    /// <summary>Levels of nesting past which a file is refused; the deepest key stands on the fifth.</summary>
    private const int MaxDepth = 16;

    /// <summary>Reads the positions of all keys.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="lines">Line numbers, from 1, by configuration path.</param>
    /// <returns>The first fault of syntax, null when there is none.</returns>
    public static ConfigurationFault? Read(string text, Dictionary<string, int> lines)
    {
        if (SyntaxFault(text) is ConfigurationFault fault)
        {
            return fault;
        }

        try
        {
            YamlStream yaml = new();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count switch
            {
                0 => null, // only comments: every key has its default
                1 => yaml.Documents[0].RootNode is YamlMappingNode root
                    ? Visit(root, "", lines)
                    : At(yaml.Documents[0].RootNode.Start, "the file is no group of keys (key: value)"),
                _ => At(yaml.Documents[1].RootNode.Start, "a second document begins; the file must hold one"),
            };
        }
        catch (YamlException repeated) // the one fault the events do not show
        {
            return At(repeated.Start, $"no valid YAML: {(repeated.InnerException ?? repeated).Message}");
        }
    }

    // The loader follows nesting and aliases by recursion, an alias inside its own anchor without end:
    // both are refused on the events, before anything can overflow the stack.
    private static ConfigurationFault? SyntaxFault(string text)
    {
        Mark reached = Mark.Empty;
        try
        {
            Parser parser = new(new StringReader(text));
            int depth = 0;
            while (parser.MoveNext())
            {
                ParsingEvent current = parser.Current!;
                reached = current.End;
                depth += current.NestingIncrease;
                if (depth > MaxDepth || current is AnchorAlias)
                {
                    return At(current.Start, depth > MaxDepth
                        ? $"nested deeper than {MaxDepth} levels"
                        : "aliases (*name) are not read; write the value out");
                }
            }

            return null;
        }
        catch (YamlException fault)
        {
            return At(fault.Start, $"no valid YAML: {fault.Message}");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return At(reached, "no valid YAML after this place"); // the scanner throws plain exceptions for some slips
        }
    }

    private static ConfigurationFault? Visit(YamlNode node, string path, Dictionary<string, int> lines)
    {
        lines.TryAdd(path, (int)node.Start.Line);
        IEnumerable<(YamlNode Key, string Name, YamlNode Value)> children = node switch
        {
            YamlMappingNode mapping => mapping.Children.Select(c => (c.Key, (c.Key as YamlScalarNode)?.Value ?? "", c.Value)),
            YamlSequenceNode list => list.Children.Select((c, i) => (c, i.ToString(CultureInfo.InvariantCulture), c)),
            _ => [],
        };
        foreach ((YamlNode key, string name, YamlNode value) in children)
        {
            string childPath = path.Length == 0 ? name : $"{path}:{name}";
            if (name.Length == 0 || name.Contains(':', StringComparison.Ordinal) || !lines.TryAdd(childPath, (int)key.Start.Line))
            {
                return At(key.Start, name.Length == 0 ? "a key is empty or no text" : $"key \"{name}\" is given twice or holds a colon");
            }

            if (Visit(value, childPath, lines) is ConfigurationFault fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static ConfigurationFault At(Mark mark, string message) =>
        new("", message, string.Create(CultureInfo.InvariantCulture, $"line {mark.Line}, column {mark.Column}"));
}
