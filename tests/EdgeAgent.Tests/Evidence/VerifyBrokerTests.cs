using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeAgent.Store;
using EdgeAgent.Tests.Cli;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using MQTTnet;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Evidence;

/// <summary><c>edge-agent verify --broker</c>: a process that listens and tells whether what agents publish is whole and genuine.</summary>
public sealed class VerifyBrokerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_RecordsPublishedMeanwhile_AreGood()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(3);
        await agent.StartAsync();
        await agent.WaitUntilSentAsync(); // among them the record that states the key: only info tells it now

        using AgentProcess verify = await ListeningAsync(broker, "--agent", "agent-1");
        long before = agent.Store.Status.LastSeq;
        await agent.SubmitAsync(5);
        await agent.WaitUntilSentAsync();
        JsonElement report = await ReportAsync(verify, broker, ExitCode.Ok);

        report.GetProperty("good").GetBoolean().ShouldBeTrue();
        report.GetProperty("records").GetInt64().ShouldBe(agent.Store.Status.LastSeq - before);
        report.GetProperty("keys")[0].GetString().ShouldBe(agent.Store.Identity.KeyFingerprint);
        report.GetProperty("keyPinned").GetBoolean().ShouldBeFalse();
        report.GetProperty("epochs")[0].GetProperty("first").GetInt64().ShouldBe(before + 1);
    }

    [Fact]
    public async Task Verify_AnEditedRecord_IsNamed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        await agent.StartAsync();
        using AgentProcess verify = await ListeningAsync(broker);
        await agent.SubmitAsync(2);
        await agent.WaitUntilSentAsync();
        IReadOnlyList<JournalRecord> records = await agent.Store.ReadRangeAsync(1, 10, 10, Cancel);
        byte[] edited = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(records[2].Payload.Span).Replace("\"attempts\":", "\"attempts\":1", StringComparison.Ordinal));
        await PublishAsync(broker, "edgeagent/v1/agent-1/minute", edited);

        JsonElement report = await ReportAsync(verify, broker, ExitCode.NotGenuine);

        report.GetProperty("good").GetBoolean().ShouldBeFalse();
        JsonElement finding = report.GetProperty("findings")[0];
        finding.GetProperty("seq").GetInt64().ShouldBe(records[2].Seq);
        finding.GetProperty("kind").GetString().ShouldBe("signature");
    }

    [Fact]
    public async Task Verify_NobodyPublishes_SaysSo()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        using AgentProcess verify = AgentProcess.Start(["verify", "--broker", broker.Url, "--for", "1s"]);

        (await verify.ExitAsync(Cancel)).ShouldBe(ExitCode.BadInput);
        verify.Error.ShouldContain("holds no record");
    }

    [Theory]
    [InlineData("--for", "soon")]
    [InlineData("--for", "31d")]
    [InlineData("records.jsonl", "--json")]
    public async Task Verify_ArgumentsThatCannotBe_AreRefused(params string[] arguments)
    {
        using AgentProcess verify = AgentProcess.Start(["verify", "--broker", "mqtt://127.0.0.1:1", .. arguments]);

        (await verify.ExitAsync(Cancel)).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Verify_NoBrokerThere_SaysWhere()
    {
        int port = Mosquitto.FreePort();
        using AgentProcess verify = AgentProcess.Start(["verify", "--broker", $"mqtt://127.0.0.1:{port}"]);

        (await verify.ExitAsync(Cancel)).ShouldBe(ExitCode.Unavailable);
        verify.Error.ShouldContain($"no connection to mqtt://127.0.0.1:{port}");
    }

    private static async Task<AgentProcess> ListeningAsync(Mosquitto broker, params string[] arguments)
    {
        AgentProcess verify = AgentProcess.Start(["verify", "--broker", broker.Url, "--json", .. arguments]);
        await Eventually.TrueAsync(() => verify.Error.Contains("listening to", StringComparison.Ordinal), "listening", 60);
        return verify;
    }

    private static async Task PublishAsync(Mosquitto broker, string topic, byte[] payload)
    {
        using IMqttClient somebody = new MqttClientFactory().CreateMqttClient();
        await somebody.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build(), Cancel);
        await somebody.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload)
                .WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            Cancel);
    }

    /// <summary>Ends the listening once it has all that was published: behind it comes what it speaks of.</summary>
    private static async Task<JsonElement> ReportAsync(AgentProcess verify, Mosquitto broker, int code)
    {
        await PublishAsync(broker, "edgeagent/v1/agent-1/info", "no document"u8.ToArray());
        await Eventually.TrueAsync(() => verify.Error.Contains("was passed over", StringComparison.Ordinal), "all received", 60);
        await verify.SignalAsync(PosixSignal.SIGINT, Cancel);
        (await verify.ExitAsync(Cancel)).ShouldBe(code, verify.Error);
        return Samples.Json(Encoding.UTF8.GetBytes(verify.Output));
    }
}
