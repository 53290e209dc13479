using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Core.Commands;
using EdgeAgent.Forward;
using EdgeAgent.Store;
using EdgeAgent.Tests.Store;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

/// <summary>Commands of the centre over a real mosquitto.</summary>
public sealed class CommandTests
{
    private const string Base = "edgeagent/v1/agent-1/";

    [Fact]
    public async Task Ping_Unsigned_IsAnsweredWhereAskedWithTheSendersCorrelation()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);

        await centre.SendAsync("ping", [], "centre/answers", "42");
        JsonElement reply = await centre.ReplyAsync();

        centre.Replies[0].Topic.ShouldBe("centre/answers");
        centre.Replies[0].Correlation.ShouldBe("42");
        reply.GetProperty("outcome").GetString().ShouldBe("done");
        reply.GetProperty("agent").GetString().ShouldBe("agent-1");
        reply.GetProperty("result").GetProperty("epoch").GetString().ShouldBe(agent.Store.Identity.Epoch);
    }

    [Fact]
    public async Task Ping_Flood_IsAnsweredOnlyAtItsRate()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);
        for (int i = 0; i < 200; i++)
        {
            await centre.SendAsync("ping", []);
        }

        await centre.SendAsync(Centre.Command("reload")); // in order behind the flood
        await Eventually.TrueAsync(() => centre.Replies.Any(reply => reply.Topic.EndsWith("/reload", StringComparison.Ordinal)), "the reply behind the flood");

        centre.Replies.Count.ShouldBeInRange(2, 60);
    }

    [Theory]
    [InlineData("edgeagent/v1/agent-1/minute")]
    [InlineData("edgeagent/v1/agent-2/reply/ping")]
    [InlineData("edgeagent/v1c/agent-2/reload")]
    [InlineData("edgeagent/v1")]
    public async Task Ping_ResponseTopicThatMeansSomethingElse_IsAnsweredInTheUsualPlace(string wanted)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);

        await centre.SendAsync("ping", [], wanted, "7");
        await centre.ReplyAsync();

        centre.Replies[0].ShouldSatisfyAllConditions(
            reply => reply.Topic.ShouldBe(Base + "reply/ping"),
            reply => reply.Correlation.ShouldBe("7"));
    }

    [Fact]
    public async Task Replay_Range_IsSentAgainByteForByteAndRecorded()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber records = await Subscriber.StartAsync(broker.Port);
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await agent.SubmitAsync(20);
        Dictionary<long, byte[]> stored = await agent.ReadAsync();
        await ListenAsync(agent, centre);
        await agent.WaitUntilSentAsync();
        CommandEnvelope command = Centre.Command("replay", """{"from":5,"to":34}""");

        await centre.SendAsync(command);
        JsonElement reply = await centre.ReplyAsync();
        await Eventually.TrueAsync(() => Copies(records, 34) == 2 && records.Records.Count >= 71, "the range again, and the record of the command");

        reply.GetProperty("outcome").GetString().ShouldBe("done");
        reply.GetProperty("nonce").GetString().ShouldBe(command.Nonce);
        reply.GetProperty("result").GetProperty("last").GetInt64().ShouldBe(40);
        for (long seq = 1; seq <= 40; seq++)
        {
            Copies(records, seq).ShouldBe(seq is >= 5 and <= 34 ? 2 : 1, $"record {seq}");
        }

        records.Records.ShouldAllBe(arrival => SeqOf(arrival) > 40 || arrival.Payload.SequenceEqual(stored[SeqOf(arrival)]));
        JsonElement happened = records.Records.Last(arrival => arrival.Topic == Base + "event/command").Json;
        happened.GetProperty("command").GetString().ShouldBe("replay");
        happened.GetProperty("outcome").GetString().ShouldBe("done");
        happened.GetProperty("nonce").GetString().ShouldBe(command.Nonce);
        happened.GetProperty("key").GetString().ShouldBe(centre.Fingerprint);
    }

    [Fact]
    public async Task Replay_WhileItRuns_LiveRecordsOvertakeIt()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Subscriber records = await Subscriber.StartAsync(broker.Port);
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Commands.ReplayPerSecond = 20;
        await agent.SubmitAsync(200);
        await ListenAsync(agent, centre);
        await agent.WaitUntilSentAsync();

        await centre.SendAsync(Centre.Command("replay", """{"from":1,"to":400}"""));
        await Eventually.TrueAsync(() => Copies(records, 1) == 2, "the replay has begun");
        await agent.SubmitAsync(1);
        await Eventually.TrueAsync(() => Copies(records, agent.Store.Status.LastSeq) == 1, "the live record");

        Copies(records, 400).ShouldBe(1, "the replay is not over yet");
    }

    [Theory]
    [InlineData("""{"from":0,"to":3}""", "badRange")]
    [InlineData("""{"from":9,"to":3}""", "badRange")]
    [InlineData("""{"from":"1","to":3}""", "badRange")]
    [InlineData("{}", "badRange")]
    [InlineData("""{"from":1,"to":3,"epoch":"another"}""", "otherEpoch")]
    [InlineData("""{"from":1000,"to":3000}""", "noLongerHere")]
    public async Task Replay_RangeThatCannotBe_Fails(string arguments, string cause)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);

        await centre.SendAsync(Centre.Command("replay", arguments));
        JsonElement reply = await centre.ReplyAsync();

        (reply.GetProperty("outcome").GetString(), reply.GetProperty("cause").GetString()).ShouldBe(("failed", cause));
    }

    [Fact]
    public async Task Command_OfEveryRefusedKind_IsAnsweredAndRecordedWithItsCause()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using Centre stranger = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);
        CommandEnvelope good = Centre.Command("reload");
        byte[] edited = centre.Sign(good);
        edited[^5] ^= 1;
        (string Name, byte[] Payload, string Cause)[] cases =
        [
            ("reload", Encoding.UTF8.GetBytes("{\"v\":1,"), "malformed"),
            ("reload", stranger.Sign(good), "badSignature"),
            ("reload", centre.Sign(good with { Agent = "agent-2" }), "wrongAgent"),
            ("reload", centre.Sign(good with { IssuedAt = good.IssuedAt.AddHours(-2), ExpiresAt = good.IssuedAt.AddHours(-1) }), "expired"),
            ("reload", centre.Sign(good with { IssuedAt = good.IssuedAt.AddHours(1), ExpiresAt = good.IssuedAt.AddHours(2) }), "notYetValid"),
            ("selfdestruct", centre.Sign(good), "unknownCommand"),
            ("reload", new byte[300 * 1024], "oversized"),
        ];
        for (int i = 0; i < cases.Length; i++)
        {
            await centre.SendAsync(cases[i].Name, cases[i].Payload);
            JsonElement reply = await centre.ReplyAsync(i + 1);
            (reply.GetProperty("outcome").GetString(), reply.GetProperty("cause").GetString()).ShouldBe(("refused", cases[i].Cause));
        }

        await agent.Store.FlushAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<JournalRecord> stored = await agent.Store.ReadRangeAsync(1, 1_000, 1_000, TestContext.Current.CancellationToken);
        stored.Select(record => Samples.Json(record.Payload).GetProperty("reason").GetString()).ShouldBe(cases.Select(each => each.Cause));
        stored.ShouldAllBe(record => record.TopicSuffix == "event/command");
    }

    [Fact]
    public async Task Command_PlayedAgain_IsRefusedAlsoAfterARestart()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);
        CommandEnvelope command = Centre.Command("replay", """{"from":1,"to":3}""");
        await centre.SendAsync(command);
        await centre.SendAsync(command);
        (await centre.ReplyAsync(2)).GetProperty("cause").GetString().ShouldBeOneOf("replayed", "noLongerHere"); // replies may overtake
        centre.Replies.Count(reply => reply.Reply.GetProperty("cause").GetString() == "replayed").ShouldBe(1);

        await agent.StopAsync();
        await agent.ReopenAsync();
        await ListenAsync(agent, centre);
        await centre.SendAsync(command);

        (await centre.ReplyAsync()).GetProperty("cause").GetString().ShouldBe("replayed");
    }

    [Fact]
    public async Task Command_OfAHundredMegabytes_IsNeverDeliveredAndTheAgentGoesOn()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("max_packet_size 268435455"); // the broker itself would take it
        await using Centre centre = await Centre.StartAsync(broker.Port);
        using TcpRelay relay = new(broker.Port);
        await using ForwarderFixture agent = new(relay.Url);
        await ListenAsync(agent, centre);
        string file = Path.GetTempFileName();
        await using (FileStream content = File.OpenWrite(file))
        {
            content.SetLength(100 * 1024 * 1024);
        }

        using (Process sender = Process.Start(
            "mosquitto_pub", ["-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-V", "5", "-q", "1", "-t", "edgeagent/v1c/agent-1/policy", "-f", file]))
        {
            await sender.WaitForExitAsync(TestContext.Current.CancellationToken);
            sender.ExitCode.ShouldBe(0, "the broker takes it");
        }

        await centre.SendAsync("ping", []);
        await centre.ReplyAsync();

        centre.Replies.Count.ShouldBe(1, "only the ping is answered");
        agent.Status.IsConnected.ShouldBeTrue();
        relay.AnsweredBytes.ShouldBeLessThan(64 * 1024, "of it nothing came over the agent's line");
        File.Delete(file);
    }

    [Fact]
    public async Task Command_NoKeyConfigured_SaysSo()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        await StartAsync(agent, centre);

        await centre.SendAsync(Centre.Command("reload"));

        (await centre.ReplyAsync(2)).GetProperty("cause").GetString().ShouldBe("noKeyPinned");
    }

    [Fact]
    public async Task Command_WithoutAHandler_IsUnsupportedAndNotNamedAmongTheCapabilities()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);

        await centre.SendAsync(Centre.Command("suspend"));
        JsonElement reply = await centre.ReplyAsync();

        reply.GetProperty("outcome").GetString().ShouldBe("unsupported");
        agent.Supported.ShouldBe(["ping", "replay"]);
    }

    [Fact]
    public async Task Command_HandlerThatThrows_IsAnsweredAndTheNextOneRuns()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = new(broker.Url);
        agent.Handlers.Add(new Handler("reload", () => throw new InvalidOperationException("broken")));
        agent.Handlers.Add(new Handler("resume", () => CommandOutcome.Done(writer => writer.WriteNumber("resumed", 2))));
        await ListenAsync(agent, centre);

        await centre.SendAsync(Centre.Command("reload"));
        (await centre.ReplyAsync()).GetProperty("cause").GetString().ShouldBe("fault");
        await centre.SendAsync(Centre.Command("resume"));

        JsonElement reply = await centre.ReplyAsync(2);
        reply.GetProperty("outcome").GetString().ShouldBe("done");
        reply.GetProperty("result").GetProperty("resumed").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Command_ToTheFleet_IsCarriedOutByThisAgentToo()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);

        await centre.SendAsync(Centre.Command("suspend", agent: CommandNames.Fleet));

        (await centre.ReplyAsync()).GetProperty("outcome").GetString().ShouldBe("unsupported");
    }

    [Fact]
    public async Task Refusals_Flood_FillNeitherTheJournalNorTheBroker()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Centre centre = await Centre.StartAsync(broker.Port);
        await using ForwarderFixture agent = await ListeningAsync(broker, centre);
        for (int i = 0; i < 300; i++)
        {
            await centre.SendAsync("reload", [1, 2, 3]);
        }

        await centre.SendAsync(Centre.Command("suspend"));
        await Eventually.TrueAsync(() => centre.Replies.Any(reply => reply.Topic.EndsWith("/suspend", StringComparison.Ordinal)), "the good one");
        await agent.Store.FlushAsync(TestContext.Current.CancellationToken);

        agent.Store.Status.LastSeq.ShouldBeInRange(21, 100);
        centre.Replies.Count.ShouldBeInRange(21, 100);
    }

    private static async Task<ForwarderFixture> ListeningAsync(Mosquitto broker, Centre centre)
    {
        ForwarderFixture agent = new(broker.Url);
        await ListenAsync(agent, centre);
        return agent;
    }

    /// <summary>Starts the agent with the centre's key and waits until it listens; replies to that are forgotten.</summary>
    private static async Task ListenAsync(ForwarderFixture agent, Centre centre)
    {
        agent.Commands.PublicKeys = [centre.PublicKey];
        await StartAsync(agent, centre);
        centre.Forget();
    }

    private static async Task StartAsync(ForwarderFixture agent, Centre centre)
    {
        await agent.StartAsync();
        await Eventually.TrueAsync(() => agent.IsListening, "the agent has subscribed");
        await centre.SendAsync("ping", []);
        await Eventually.TrueAsync(() => centre.Replies.Any(reply => reply.Topic == Base + "reply/ping"), "the agent answers");
    }

    private static int Copies(Subscriber records, long seq) => records.Records.Count(arrival => SeqOf(arrival) == seq);

    private static long SeqOf(Arrival arrival) => arrival.Json.GetProperty("seq").GetInt64();

    private sealed class Handler(string name, Func<CommandOutcome> handle) : ICommandHandler
    {
        public string Name => name;

        public Task<CommandOutcome> HandleAsync(CommandEnvelope command, CancellationToken cancellationToken) => Task.FromResult(handle());
    }
}
