using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeAgent.Collect;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using EdgeAgent.Tests.Cli;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>
/// The broker has acknowledged everything to the agent, delivered nothing to the collector, and loses its memory: the agent still has
/// the records, and an order brings them. Agent, broker and collector are the programs people start.
/// </summary>
public sealed class BrokerLossTests : IDisposable
{
    private const int Minutes = 300;
    private const string AgentId = "agent-1";

    private readonly string _directory = Directory.CreateTempSubdirectory("ea-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Books => Path.Combine(_directory, "books.db");

    private string Key => Path.Combine(_directory, "centre.key");

    private string Socket => Path.Combine(_directory, "agent.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Replay_AfterTheBrokerLostItsMemory_LeavesNothingMissing()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string publicKey = (await RunAsync(ExitCode.Ok, "keys", "new", Key)).Split("    - ")[1].Trim();
        await FillStoreAsync();
        using (AgentProcess session = Collect(broker))
        {
            await ConnectedAsync(session); // the broker keeps for it what comes from now on; disposing of it is SIGKILL
        }

        await WriteConfigurationAsync(broker, publicKey);
        using AgentProcess agent = AgentProcess.Start(["run", "--config", Path.Combine(_directory, "agent.yaml")]);
        await DeliveredAsync(broker);
        await broker.LoseMemoryAsync();
        await broker.StartAgainAsync();
        using AgentProcess collector = Collect(broker);
        await ConnectedAsync(collector);
        await DeliveredAsync(broker);

        string reply = await OrderAsync(broker, "replay", """{"from":1,"to":100000}""");
        Samples.Json(Encoding.UTF8.GetBytes(reply)).GetProperty("outcome").GetString().ShouldBe("done");
        JsonElement site = await SiteAsync(collector);

        site.GetProperty("missing").GetInt64().ShouldBe(0);
        site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(Minutes * 3);
        await agent.SignalAsync(PosixSignal.SIGTERM, Cancel);
        (await agent.ExitAsync(Cancel)).ShouldBe(ExitCode.Ok, agent.Error);
    }

    /// <summary>Five hours as an agent left them that never had a broker.</summary>
    private async Task FillStoreAsync()
    {
        StoreOptions options = new() { Directory = Path.Combine(_directory, "store") };
        await using JournalStore store = JournalStore.Open(options, AgentId, TimeProvider.System, NullLogger<JournalStore>.Instance);
        DateTimeOffset start = TimeProvider.System.GetUtcNow().AddMinutes(-Minutes - 10);
        start = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerMinute));
        for (int i = 0; i < Minutes; i++)
        {
            store.Submit(new JournalBatch([Samples.Minute(start.AddMinutes(i), (Samples.Number(i % 7), 3))], [], null));
        }

        await store.FlushAsync(Cancel);
    }

    private async Task WriteConfigurationAsync(Mosquitto broker, string publicKey) => await File.WriteAllTextAsync(
        Path.Combine(_directory, "agent.yaml"),
        $"""
        agentId: {AgentId}
        sources:
          hep:
            listen: [127.0.0.1:{Mosquitto.FreePort()}]
            allow: [127.0.0.1]
        mqtt:
          url: {broker.Url}
        commands:
          publicKeys: ["{publicKey}"]
        store:
          directory: {_directory}/store
        controlSocket: {Socket}
        """,
        Cancel);

    /// <summary>Waits until the agent takes orders and the broker has acknowledged all its records.</summary>
    private async Task DeliveredAsync(Mosquitto broker)
    {
        for (int i = 0; i < 60; i++)
        {
            string reply = await OrderAsync(broker, "ping", "{}");
            if (reply.Length > 0)
            {
                using AgentProcess outbox = AgentProcess.Start(["status", "--json", "--socket", Socket]);
                await outbox.ExitAsync(Cancel);
                if (Samples.Json(Encoding.UTF8.GetBytes(outbox.Output)).GetProperty("store").GetProperty("unsentRecords").GetInt64() == 0)
                {
                    return;
                }
            }
        }

        throw new ShouldAssertException("the agent did not deliver its records");
    }

    private async Task<string> OrderAsync(Mosquitto broker, string name, string arguments)
    {
        string[] key = name == "ping" ? [] : ["--key", Key];
        using AgentProcess order = AgentProcess.Start(
            ["order", name, "--broker", broker.Url, "--agent", AgentId, "--arguments", arguments, "--timeout", "5", "--json", .. key]);
        await order.ExitAsync(Cancel);
        return order.Output.Trim();
    }

    private AgentProcess Collect(Mosquitto broker) =>
        AgentProcess.Start(["collect", "--broker", broker.Url, "--into", Books, "--key", Key, "--silent-minutes", "1440", "--report-seconds", "1"]);

    private static Task ConnectedAsync(AgentProcess collector) =>
        Eventually.TrueAsync(() => collector.Error.Contains("connected to", StringComparison.Ordinal), "connected", 60);

    /// <summary>Waits until all is in the books, stops the collector, and reads them.</summary>
    private async Task<JsonElement> SiteAsync(AgentProcess collector)
    {
        string beside = BooksReport.PathBeside(Books);
        await Eventually.TrueAsync(() => File.Exists(beside) && IsWhole(File.ReadAllBytes(beside)), "all is in the books", 60);
        await collector.SignalAsync(PosixSignal.SIGTERM, Cancel);
        (await collector.ExitAsync(Cancel)).ShouldBe(ExitCode.Ok, collector.Error);
        string report = await RunAsync(ExitCode.Ok, "collect", "--into", Books, "--report", "--json", "--silent-minutes", "1440");
        return Samples.Json(Encoding.UTF8.GetBytes(report)).GetProperty("sites")[0];
    }

    private static bool IsWhole(byte[] report)
    {
        JsonElement sites = Samples.Json(report).GetProperty("sites");
        return sites.GetArrayLength() > 0
            && sites[0].GetProperty("records").GetInt64() >= Minutes && sites[0].GetProperty("missing").GetInt64() == 0;
    }

    private static async Task<string> RunAsync(int code, params string[] args)
    {
        using AgentProcess process = AgentProcess.Start(args);
        (await process.ExitAsync(Cancel)).ShouldBe(code, process.Error);
        return process.Output.Trim();
    }
}
