using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Forward;
using EdgeAgent.Tests.Packaging;
using Json.Schema;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Contract;

/// <summary>The files of the contract agree with each other and with the code.</summary>
public sealed class ContractFileTests
{
    private static readonly string Directory = RepositoryFiles.PathOf("packaging/mqtt");

    public static TheoryData<string> Examples =>
        [.. System.IO.Directory.GetFiles(Path.Combine(Directory, "examples")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheContract_IsValidAndHoldsNothingUndescribed(string example)
    {
        string schema = example.StartsWith("number", StringComparison.Ordinal) ? "number" : example;

        MessageContract.FaultsOf(schema, File.ReadAllBytes(Path.Combine(Directory, "examples", $"{example}.json"))).ShouldBeEmpty();
    }

    [Fact]
    public void Schema_OfEveryMessage_HasAnExample() =>
        MessageContract.Names.Except(Examples.Select(row => row.Data)).ShouldBeEmpty();

    [Fact]
    public void Schema_OfEveryEventKind_Exists() =>
        Enum.GetValues<AgentEventKind>().Select(kind => RecordWriter.TopicOf(kind).Replace('/', '-')).Except(MessageContract.Names).ShouldBeEmpty();

    [Fact]
    public void Schema_OfEveryRecord_DescribesWhatAnyRecordMayCarry()
    {
        foreach (string name in MessageContract.Names)
        {
            JsonObject fields = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, $"schemas/{name}.json")))!["properties"]!;
            if (fields.ContainsKey("prev"))
            {
                ((string[])["origin", "anchor", "begins", "publicKey", "succeeds", "sig"]).Except(fields.Select(field => field.Key)).ShouldBeEmpty(name);
            }
        }
    }

    [Fact]
    public void Schema_OfRules_NamesEveryRule() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "schemas/common.json")))!["$defs"]!["guardRule"]!["enum"]!.AsArray()
            .Select(rule => rule!.GetValue<string>()).ShouldBe(GuardIds.All.Select(GuardIds.NameOf));

    [Fact]
    public void FaultsOf_FieldNobodyDescribed_NamesIt()
    {
        JsonObject status = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "examples/status.json")))!;
        status["surprise"] = 1;

        MessageContract.FaultsOf("status", Encoding.UTF8.GetBytes(status.ToJsonString())).ShouldHaveSingleItem().ShouldContain("surprise");
    }

    [Theory]
    [InlineData("seq", "\"7\"")]
    [InlineData("seq", "0")]
    [InlineData("start", "\"2026-11-17T11:59:30Z\"")]
    [InlineData("numbers", "null")]
    [InlineData("numbers", "[{\"number\":\"+33199000101\",\"attempts\":0}]")]
    [InlineData("quality", "{\"confidence\":\"degraded\"}")]
    public void FaultsOf_WrongValue_IsAFault(string field, string value)
    {
        JsonObject minute = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "examples/minute.json")))!;
        minute[field] = JsonNode.Parse(value);

        MessageContract.FaultsOf("minute", Encoding.UTF8.GetBytes(minute.ToJsonString())).ShouldNotBeEmpty();
    }

    [Fact]
    public void AsyncApi_OfTheContract_ConformsToTheSpecificationsOwnSchema()
    {
        using GZipStream packed = new(File.OpenRead(RepositoryFiles.PathOf("tests/EdgeAgent.Tests/Contract/asyncapi-3.0.0.json.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(packed);
        JsonSchema specification = JsonSchema.FromText(
            reader.ReadToEnd(), new BuildOptions { SchemaRegistry = new SchemaRegistry() }, new Uri("https://edgeagent.invalid/asyncapi"));
        using JsonDocument document = JsonDocument.Parse(AsyncApiDocument.Read().ToJsonString());

        EvaluationResults results = specification.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });

        results.IsValid.ShouldBeTrue(string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
            .Select(detail => $"{detail.InstanceLocation} {string.Join(", ", detail.Errors!)}").Take(20)));
    }

    [Fact]
    public void AsyncApi_References_AllLeadSomewhere()
    {
        JsonObject document = AsyncApiDocument.Read();
        string[] dead =
        [
            .. References(document).Where(reference => reference.StartsWith('#')
                ? reference[2..].Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]) is null
                : !File.Exists(Path.Combine(Directory, reference))),
        ];

        dead.ShouldBeEmpty();
        MessageContract.Names.Select(name => $"schemas/{name}.json").Except(References(document)).ShouldBeEmpty("every schema has a message");
        Examples.Select(row => $"examples/{row.Data}.json").Except(References(document)).ShouldBeEmpty("every example is shown");
    }

    [Fact]
    public void AsyncApi_Operations_HaveTheQualityOfServiceOfTheCode()
    {
        JsonObject document = AsyncApiDocument.Read();
        foreach ((string name, JsonNode? operation) in (JsonObject)document["operations"]!)
        {
            string channel = operation!["channel"]!["$ref"]!.GetValue<string>().Split('/')[^1];
            bool isRetained = channel is "status" or "info" or "health" || channel.StartsWith("number", StringComparison.Ordinal);
            JsonNode mqtt = operation["bindings"]!["mqtt"]!;
            mqtt["qos"]!.GetValue<long>().ShouldBe(channel == "health" ? 0 : 1, name);
            mqtt["retain"]!.GetValue<bool>().ShouldBe(isRetained, name);
            TimeSpan? expiry = channel == "health" ? Messages.HealthExpiry : isRetained && channel.StartsWith("number", StringComparison.Ordinal) ? Messages.NumberExpiry : null;
            mqtt["messageExpiryInterval"]?.GetValue<long>().ShouldBe((long)expiry.GetValueOrDefault().TotalSeconds, name);
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject holder => holder.SelectMany(member => member is { Key: "$ref", Value: JsonValue reference }
            ? [reference.GetValue<string>()]
            : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
