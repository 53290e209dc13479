using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAgent.Tests.Packaging;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeAgent.Tests.Contract;

/// <summary>packaging/mqtt/asyncapi.yaml as JSON, plain scalars read as YAML 1.2 does.</summary>
internal static class AsyncApiDocument
{
    public static JsonObject Read()
    {
        YamlStream yaml = new();
        using StreamReader reader = File.OpenText(RepositoryFiles.PathOf("packaging/mqtt/asyncapi.yaml"));
        yaml.Load(reader);
        return (JsonObject)ToJson(yaml.Documents.Single().RootNode)!;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(
            mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new InvalidOperationException($"unexpected node {node.NodeType}"),
    };

    private static JsonNode? Scalar(YamlScalarNode scalar) => (scalar.Style, scalar.Value) switch
    {
        (not ScalarStyle.Plain, string text) => text,
        (_, null or "" or "null" or "~") => null,
        (_, "true") => true,
        (_, "false") => false,
        (_, string text) when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        (_, string text) => text,
    };
}
