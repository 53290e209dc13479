using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Tests.Packaging;
using Json.Schema;

namespace EdgeAgent.Tests.Contract;

/// <summary>The schemas in packaging/mqtt, read strictly: a field they do not describe is a fault.</summary>
internal static class MessageContract
{
    private const string Common = "common.json";

    private static readonly Uri Base = new("https://edgeagent.invalid/schemas/");
    private static readonly BuildOptions Building = new() { SchemaRegistry = new SchemaRegistry() };
    private static readonly EvaluationOptions Listing = new() { OutputFormat = OutputFormat.List };
    private static readonly Dictionary<string, JsonSchema> Schemas = Load();

    /// <summary>Names of all message schemas, without extension.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Schemas.Keys.Where(name => name != "common").Order(StringComparer.Ordinal)];

    /// <summary>What is wrong with a message of the stream; empty when nothing is.</summary>
    /// <param name="topic">Its topic, agent level and all.</param>
    /// <param name="payload">Its bytes.</param>
    public static IReadOnlyList<string> Faults(string topic, ReadOnlyMemory<byte> payload)
    {
        string[] levels = topic.Split('/');
        string[] levelsOfMessage = levels[3..]; // behind edgeagent/v1/<agent>
        if (payload.IsEmpty)
        {
            return levelsOfMessage is ["number", _] ? [] : [$"{topic}: is empty"];
        }

        string? name = levelsOfMessage switch
        {
            ["event", "tombstone"] => "tombstone",
            ["event", string kind] => $"event-{kind}",
            ["number", _] => "number",
            ["reply", _] => "reply",
            [string only] => only,
            _ => null,
        };
        try
        {
            return name is null || !Schemas.ContainsKey(name) ? [$"{topic}: no schema describes this topic"] : FaultsOf(name, payload, levels[2]);
        }
        catch (JsonException fault)
        {
            return [$"{topic}: is no JSON ({fault.Message}): {Convert.ToHexString(payload.Span)}"];
        }
    }

    /// <summary>What is wrong with a document by its schema's name.</summary>
    public static IReadOnlyList<string> FaultsOf(string name, ReadOnlyMemory<byte> payload, string? agent = null)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        EvaluationResults results = Schemas[name].Evaluate(document.RootElement, Listing);
        List<string> faults =
        [
            .. (results.Details ?? []).Append(results).Where(detail => !results.IsValid && detail.Errors is { Count: > 0 })
                .SelectMany(detail => detail.Errors!.Select(error => $"{name} {detail.InstanceLocation} {error.Key}: {error.Value}")),
        ];
        if (agent is not null && document.RootElement.GetProperty("agent").GetString() != agent)
        {
            faults.Add($"{name}: the agent is not that of the topic");
        }

        return !results.IsValid && faults.Count == 0 ? [$"{name}: is not valid"] : faults;
    }

    private static Dictionary<string, JsonSchema> Load()
    {
        string[] files = Directory.GetFiles(RepositoryFiles.PathOf("packaging/mqtt/schemas"), "*.json");
        Dictionary<string, JsonSchema> schemas = [];
        foreach (string file in files.OrderBy(file => Path.GetFileName(file) != Common)) // what the others refer to comes first
        {
            JsonNode schema = JsonNode.Parse(File.ReadAllText(file))!;
            Close(schema);
            schemas.Add(
                Path.GetFileNameWithoutExtension(file),
                JsonSchema.FromText(schema.ToJsonString(), Building, new Uri(Base, Path.GetFileName(file))));
        }

        return schemas;
    }

    /// <summary>The schemas are open, since later versions may add fields; here an object holds what is described and nothing else.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? element in array)
            {
                Close(element);
            }
        }
        else if (node is JsonObject schema)
        {
            foreach ((_, JsonNode? member) in schema.ToList())
            {
                Close(member);
            }

            bool isObject = schema["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>() == "object";
            if (isObject && schema.ContainsKey("properties") && !schema.ContainsKey("additionalProperties"))
            {
                schema["additionalProperties"] = false;
            }
        }
    }
}
