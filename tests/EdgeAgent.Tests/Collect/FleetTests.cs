using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Forward;
using EdgeAgent.Store;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>A thousand agents at one mosquitto with the three lines of ACL that the contract needs.</summary>
public sealed class FleetTests : IDisposable
{
    private const int Agents = 1_000;
    private const int Minutes = 3;
    private const int ConnectAtOnce = 50;

    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-fleet-").FullName;
    private readonly ConcurrentBag<(int Agent, string Topic)> _heard = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Collect_AThousandAgentsWithTheAcl_EachSeesOnlyItsOwnAndTheSumsAreExact()
    {
        string acl = Path.Combine(_directory, "acl");
        await File.WriteAllTextAsync(acl, """
            pattern write edgeagent/v1/%u/#
            pattern read edgeagent/v1c/%u/#
            pattern read edgeagent/v1c/all/#
            user collector
            topic read edgeagent/v1/#
            topic write edgeagent/v1c/#

            """, Cancel);
        await using Mosquitto broker = await Mosquitto.StartAsync($"acl_file {acl}", "max_queued_messages 100000"); // without a limit it resets the connection behind a refusal
        await using CollectorFixture centre = new(broker.Url);
        centre.Options = centre.Options with { Broker = new() { Url = broker.Url, Username = "collector" }, KeyFile = null };
        await centre.StartAsync();
        using SigningKey key = SigningKey.LoadOrCreate(new() { Directory = _directory });
        IMqttClient[] clients = [.. Enumerable.Range(0, Agents).Select(_ => new MqttClientFactory().CreateMqttClient())];
        await Parallel.ForAsync(0, Agents, Limit(), async (i, _) => await SendAsync(clients[i], i, broker.Port, key));

        await OrderAsync(broker.Port, "edgeagent/v1c/agent-7/ping", "edgeagent/v1c/all/reload");
        await Eventually.TrueAsync(() => _heard.Count >= Agents + 1, "the orders reach everybody", 60);
        JsonElement report = await ReportAsync(centre);

        _heard.Count(each => each.Topic == "edgeagent/v1c/all/reload").ShouldBe(Agents);
        _heard.Where(each => each.Topic != "edgeagent/v1c/all/reload").ShouldBe([(7, "edgeagent/v1c/agent-7/ping")]);
        report.GetProperty("findings").GetArrayLength().ShouldBe(0, "what an agent wrote into another's tree went nowhere");
        foreach (JsonElement site in report.GetProperty("sites").EnumerateArray())
        {
            int index = int.Parse(site.GetProperty("site").GetString()![6..], CultureInfo.InvariantCulture);
            site.GetProperty("records").GetInt64().ShouldBe(Minutes);
            site.GetProperty("missing").GetInt64().ShouldBe(0);
            site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(Minutes * AttemptsOf(index));
        }

        foreach (IMqttClient client in clients)
        {
            client.Dispose();
        }
    }

    private static ParallelOptions Limit() => new() { MaxDegreeOfParallelism = ConnectAtOnce, CancellationToken = Cancel };

    private static long AttemptsOf(int agent) => 2 + (agent % 90);

    /// <summary>Connects under the agent's name, asks for everything, tries another's tree, and sends its own records.</summary>
    private async Task SendAsync(IMqttClient client, int index, int port, SigningKey key)
    {
        string agent = $"agent-{index}";
        client.ApplicationMessageReceivedAsync += arrived =>
        {
            _heard.Add((index, arrived.ApplicationMessage.Topic));
            return Task.CompletedTask;
        };
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500)
                .WithClientId(agent).WithCredentials(agent, "").WithKeepAlivePeriod(TimeSpan.FromMinutes(10)).Build(),
            Cancel);
        await client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter("edgeagent/#", MqttQualityOfServiceLevel.AtLeastOnce).Build(), Cancel);
        string epoch = $"20260504T080000Z-{index:x16}";
        RecordWriter writer = new(new JournalIdentity(agent, epoch, "0123456789abcdef", null, key.PublicKey, key.Fingerprint), key, 128 * 1024);
        RecordCursor cursor = new(1, EpochLink.None.HashFor(agent, epoch)) { Origin = RecordOrigin.None, Begins = EpochLink.None, StatesKey = true };
        for (int minute = 0; minute < Minutes; minute++)
        {
            byte[] record = writer.WriteMinute(
                cursor, Samples.Minute(Samples.Morning.AddMinutes(minute), (Samples.Number(index), AttemptsOf(index))), []).Single();
            await PublishAsync(client, $"edgeagent/v1/agent-{(index + 1) % Agents}/minute", record);
            (await PublishAsync(client, $"edgeagent/v1/{agent}/minute", record)).IsSuccess.ShouldBeTrue();
        }
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string topic, byte[] payload) => client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Cancel);

    private static async Task OrderAsync(int port, params string[] topics)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500)
                .WithClientId("orders").WithCredentials("collector", "").Build(),
            Cancel);
        foreach (string topic in topics)
        {
            await PublishAsync(client, topic, []);
        }
    }

    private static async Task<JsonElement> ReportAsync(CollectorFixture centre)
    {
        JsonElement report = await centre.ReportAsync();
        for (int i = 0; i < 300 && report.GetProperty("sites").EnumerateArray().Sum(site => site.GetProperty("records").GetInt64()) < Agents * Minutes; i++)
        {
            await Task.Delay(200, Cancel);
            report = await centre.ReportAsync();
        }

        report.GetProperty("sites").GetArrayLength().ShouldBe(Agents);
        return report;
    }
}
