using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeAgent.Tests.Cli;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Collect;

/// <summary>The centre's commands as the processes people start.</summary>
public sealed class CollectProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edge-agent-centre-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Books => Path.Combine(_directory, "books.db");

    private string Key => Path.Combine(_directory, "centre.key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Collect_KilledInTheMiddleAgainAndAgain_SumsAreExact()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        agent.Commands.PublicKeys = [await NewKeyAsync()];
        await agent.StartAsync();
        for (int round = 0; round < 4; round++)
        {
            using AgentProcess collector = Collect(broker);
            await Eventually.TrueAsync(() => collector.Error.Contains("connected to", StringComparison.Ordinal), "connected", 60);
            for (int i = 0; i < 5 + (4 * round); i++)
            {
                await agent.SubmitAsync(10);
            }

            // Disposing of it is SIGKILL, in the middle of entering them.
        }

        await agent.WaitUntilSentAsync();
        JsonElement report = await CollectTheRestAsync(broker, agent.Store.Status.LastSeq);

        JsonElement site = report.GetProperty("sites")[0];
        site.GetProperty("missing").GetInt64().ShouldBe(0);
        site.GetProperty("records").GetInt64().ShouldBe(agent.Store.Status.LastSeq);
        site.GetProperty("total").GetProperty("attempts").GetInt64().ShouldBe(agent.Minutes * 5);
        site.GetProperty("total").GetProperty("talkSeconds").GetDecimal().ShouldBe(agent.Minutes * 2 * 61.2345m);
        report.GetProperty("findings").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Order_Replay_IsSignedSentAndAnswered()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ForwarderFixture agent = new(broker.Url);
        agent.Commands.PublicKeys = [await NewKeyAsync()];
        await agent.SubmitAsync(3);
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.IsListening, "the agent listens");

        (int pinged, string ping) = await RunAsync("order", "ping", "--broker", broker.Url, "--agent", "agent-1");
        (int replayed, string replay) = await RunAsync(
            "order", "replay", "--broker", broker.Url, "--agent", "agent-1", "--key", Key, "--arguments", """{"from":1,"to":4}""", "--json");
        (int refused, string refusal) = await RunAsync("order", "suspend", "--broker", broker.Url, "--agent", "agent-1", "--key", Key);

        pinged.ShouldBe(ExitCode.Ok);
        ping.ShouldStartWith("agent-1: done");
        replayed.ShouldBe(ExitCode.Ok);
        Samples.Json(System.Text.Encoding.UTF8.GetBytes(replay)).GetProperty("result").GetProperty("to").GetInt64().ShouldBe(4);
        refused.ShouldBe(ExitCode.Degraded);
        refusal.ShouldStartWith("agent-1: unsupported");
    }

    [Fact]
    public async Task Order_AgentThatIsAway_SaysSoAndExits69()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();

        (int code, string output) = await RunAsync("order", "ping", "--broker", broker.Url, "--agent", "nobody", "--timeout", "1");

        code.ShouldBe(ExitCode.Unavailable);
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_BrokerOfThreeOneOne_SaysWhyNoneGoes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using OldBroker old = new(broker.Port);

        using AgentProcess order = AgentProcess.Start(["order", "ping", "--broker", old.Url, "--agent", "agent-1"]);

        (await order.ExitAsync(Cancel)).ShouldBe(ExitCode.Unavailable);
        order.Error.ShouldContain("the broker speaks MQTT 3.1.1 only, over which agents take no orders");
    }

    [Fact]
    public async Task KeysNew_MakesAPrivateFileAndNeverWritesOverIt()
    {
        string shown = await NewKeyAsync();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (int again, _) = await RunAsync("keys", "new", Key);
        again.ShouldBe(ExitCode.Unavailable);
        (int code, string output) = await RunAsync("keys", "show", Key);
        code.ShouldBe(ExitCode.Ok);
        output.ShouldContain(shown);
    }

    private AgentProcess Collect(Mosquitto broker) =>
        AgentProcess.Start(["collect", "--broker", broker.Url, "--into", Books, "--key", Key, "--silent-minutes", "1440"]);

    /// <summary>Lets collectors run and stop, until the books hold so many records.</summary>
    private async Task<JsonElement> CollectTheRestAsync(Mosquitto broker, long whole)
    {
        JsonElement report = default;
        for (int i = 0; i < 10; i++)
        {
            using AgentProcess collector = Collect(broker);
            await Eventually.TrueAsync(() => collector.Error.Contains("connected to", StringComparison.Ordinal), "connected", 60);
            await Task.Delay(1_000, Cancel);
            await collector.SignalAsync(PosixSignal.SIGTERM, Cancel);
            (await collector.ExitAsync(Cancel)).ShouldBe(ExitCode.Ok);
            (_, string output) = await RunAsync("collect", "--into", Books, "--report", "--json", "--silent-minutes", "1440");
            report = Samples.Json(System.Text.Encoding.UTF8.GetBytes(output));
            JsonElement sites = report.GetProperty("sites");
            if (sites.GetArrayLength() > 0 && sites[0].GetProperty("records").GetInt64() >= whole)
            {
                break;
            }
        }

        return report;
    }

    private async Task<string> NewKeyAsync()
    {
        (int code, string output) = await RunAsync("keys", "new", Key);
        code.ShouldBe(ExitCode.Ok);
        return output.Split("    - ")[1].Trim();
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        using AgentProcess process = AgentProcess.Start(args);
        int code = await process.ExitAsync(Cancel);
        return (code, process.Output.Trim());
    }
}
