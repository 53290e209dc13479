using EdgeAgent.Configuration;
using System.Globalization;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Evidence;
using EdgeAgent.Forward;
using EdgeAgent.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

public sealed class ReplayPublisherTests
{
    [Fact]
    public async Task Complete_EmbeddedBroker_PrintsEveryRecordFromReceivedBytes()
    {
        StringWriter output = new(CultureInfo.InvariantCulture);
        ReplayCounts counts;
        await using (ReplayPublisher publisher = await StartAsync(new ReplayPublication
        {
            AgentId = "agent-1", Broker = new MqttOptions(), IsEmbedded = true, Output = output,
            Trunks = [new("carrier-a", ["192.0.2.1"])],
        }))
        {
            for (int i = 0; i < 300; i++)
            {
                await publisher.AddAsync(
                    Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 2), (Samples.Number(2), 3)), TestContext.Current.CancellationToken);
            }

            await publisher.AddAsync(Samples.Alert(Samples.Morning), TestContext.Current.CancellationToken);
            counts = await publisher.CompleteAsync(TestContext.Current.CancellationToken);
        }

        counts.ShouldBe(new ReplayCounts(301, 301, 301));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] minutes = [.. lines.Where(line => line.StartsWith("edgeagent/v1/agent-1/minute ", StringComparison.Ordinal))];
        minutes.Length.ShouldBe(300);
        minutes.Sum(line => Samples.Attempts(System.Text.Encoding.UTF8.GetBytes(line[line.IndexOf(' ', StringComparison.Ordinal)..]))).ShouldBe(1_500);
        using RecordChain chain = new();
        using MemoryStream received = new(System.Text.Encoding.UTF8.GetBytes(output.ToString()));
        await EvidenceInput.ReadLinesAsync(received, chain, TestContext.Current.CancellationToken);
        ChainReport report = chain.Report();
        report.IsGood.ShouldBeTrue(string.Join('\n', report.Findings));
        report.Epochs.ShouldHaveSingleItem().Records.ShouldBe(301);
        lines.Count(line => line.StartsWith("edgeagent/v1/agent-1/event/guard {", StringComparison.Ordinal)).ShouldBe(1);
        lines.ShouldContain(line => line.StartsWith("edgeagent/v1/agent-1/status ", StringComparison.Ordinal));
        lines.Single(line => line.StartsWith("edgeagent/v1/agent-1/info ", StringComparison.Ordinal))
            .ShouldContain("\"trunks\":[{\"name\":\"carrier-a\",\"hosts\":[\"192.0.2.1\"]}]");
    }

    [Fact]
    public async Task Complete_StoreKept_GoesOnWithItsSequence()
    {
        using TemporaryStore kept = new();
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync();
        for (int run = 1; run <= 2; run++)
        {
            await using ReplayPublisher publisher = await StartAsync(new ReplayPublication
            {
                AgentId = "agent-1", Broker = new MqttOptions { Url = broker.Url }, StoreDirectory = kept.Options.Directory,
            });
            await publisher.AddAsync(Samples.Minute(Samples.Morning.AddMinutes(run)), TestContext.Current.CancellationToken);
            (await publisher.CompleteAsync(TestContext.Current.CancellationToken)).ShouldBe(new ReplayCounts(1, 1, null));
        }

        await using EdgeAgent.Store.JournalStore store = kept.Open();
        store.Status.LastSeq.ShouldBe(2);
        store.Status.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Complete_NoBroker_GivesUpWithTheReason()
    {
        await using ReplayPublisher publisher = await StartAsync(new ReplayPublication
        {
            AgentId = "agent-1",
            Broker = new MqttOptions { Url = $"mqtt://127.0.0.1:{Mosquitto.FreePort()}" },
            StallLimit = TimeSpan.FromSeconds(1),
        });
        await publisher.AddAsync(Samples.Alert(Samples.Morning), TestContext.Current.CancellationToken);

        TimeoutException fault = await Should.ThrowAsync<TimeoutException>(
            () => publisher.CompleteAsync(TestContext.Current.CancellationToken));

        fault.Message.ShouldStartWith("1 records not acknowledged by mqtt://127.0.0.1:");
        fault.Message.ShouldContain("refused");
    }

    private static Task<ReplayPublisher> StartAsync(ReplayPublication publication) => ReplayPublisher.StartAsync(
        publication, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
}
