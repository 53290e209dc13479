using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Forward;
using EdgeAgent.Tests.Telemetry;
using Shouldly;
using Xunit;
using HepPackets = EdgeAgent.Tests.EndToEnd.HepPackets;

namespace EdgeAgent.Tests.Cli;

/// <summary>What administrator and client order of guards, against the daemon as a process, with calls handed over by HEP.</summary>
public sealed class GuardProcessTests : IDisposable
{
    private const string Number = "+33162000001";
    private const string Person = "0639981234";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<NotifyListener> _listeners = [];
    private readonly int _hepPort = FreePort();

    private string Socket => _directory.File("agent.sock");

    private string Configuration => _directory.File("agent.yaml");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Suspend_ThenKill_IsRememberedAndOnlyItsOwnOrderResumesIt()
    {
        Configure();
        using (AgentProcess agent = await StartAsync())
        {
            (await RunAsync("suspend", Number, "--for", "28 d", "--reason", "complaints")).Code.ShouldBe(ExitCode.Ok);
            (await RunAsync("suspend", Number, "--for", "1 d", "--reason", "shorter")).Code.ShouldBe(ExitCode.Ok); // the administrator's own order
            (await RunAsync("suspend", Number, "--for", "1 h", "--reason", "")).Code.ShouldBe(ExitCode.Usage);
        } // SIGKILL

        using AgentProcess again = await StartAsync();
        GuardedNumber(await JsonAsync("guards", "--json")).GetProperty("standing").GetString().ShouldBe("suspended");
        (_, string text) = await RunAsync("resume", Number, "--reason", "checked");
        text.ShouldContain($"{Number} is now probation");
        (await RunAsync("resume", Number, "--reason", "again")).Code.ShouldBe(ExitCode.Degraded);
        GuardedNumber(await JsonAsync("guards", Number, "--json")).GetProperty("ramp").GetInt32().ShouldBe(30);
    }

    [Fact]
    public async Task Import_ConsentsAndReports_CountOnceAndNoPersonIsKeptInClear()
    {
        Configure();
        using AgentProcess agent = await StartAsync();
        await CallAsync(agent, 12);
        string consents = _directory.File("consents.csv");
        await File.WriteAllTextAsync(
            consents, $"number;kind;at;until\n{Person};refusal;2026-10-01;\n0639981235;consent;2026-10-01T10:00+02:00;2027-01-01\n0639981236;hope;2026-10-01;\n", Token);
        string today = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string reports = _directory.File("reports.csv");
        await File.WriteAllTextAsync(reports, $"number,day,count\n{Number},{today},3\n+33162000009,{today},1\n", Token);

        (int code, string told) = await RunAsync("consent", "import", consents);
        code.ShouldBe(ExitCode.BadInput);
        told.ShouldContain("2 lines taken, 1 could not be used");
        told.ShouldContain($"{consents}: line 4: kind is none of");
        JsonElement client = (await JsonAsync("consent", "stats", "--json")).GetProperty("clients").EnumerateArray().ShouldHaveSingleItem();
        (client.GetProperty("persons").GetInt32(), client.GetProperty("consents").GetInt32(), client.GetProperty("refusals").GetInt32()).ShouldBe((2, 1, 1));

        (await RunAsync("reports", "import", reports)).Text.ShouldContain("3 new reports, 1 lines could not be used");
        (await RunAsync("reports", "import", reports)).Text.ShouldContain("0 new reports");
        GuardedNumber(await JsonAsync("guards", "--json")).GetProperty("reportRate7Days").GetDouble().ShouldBe(0.25);
        (await RunAsync("check", "--from", Number, "--to", Person, "--at", "2026-11-24T10:00:00Z")).Text.ShouldContain("refused");

        await ShouldBeNowhereAsync(agent, Person[1..], "639981235");
    }

    [Fact]
    public async Task Order_OfTheClient_GoesBeforeTheAdministrators()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string key = _directory.File("centre.key");
        (_, string shown) = await RunAsync("keys", "new", key);
        Configure($"mqtt: {{url: \"{broker.Url}\"}}\ncommands: {{publicKeys: [\"{Base64Of(shown)}\"]}}");
        using AgentProcess agent = await StartAsync();

        JsonElement suspended = await OrderAsync(broker, key, "suspend", $$"""{"number":"{{Number}}","until":null,"reason":"fraud"}""");
        suspended.GetProperty("result").GetProperty("standing").GetString().ShouldBe("suspended");
        (_, string text) = await RunAsync("resume", Number, "--reason", "we need it");
        text.ShouldContain("only the client's signed order resumes early");
        (await OrderAsync(broker, key, "suspend", """{"number":"nobody","until":null,"reason":"x"}""", isDone: false)).GetProperty("cause").GetString().ShouldBe("badNumber");

        await OrderAsync(broker, key, "policy", """{"policy":{"rules":{"dailyCap":{"block":120}}}}""");
        (await JsonAsync("policy", "show", "--config", Configuration, "--json")).GetProperty("policy").GetProperty("rules").GetProperty("dailyCap").GetProperty("block").ToString().ShouldBe("120");
        (await OrderAsync(broker, key, "policy", """{"policy":{"rules":{"dailyCap":{"blok":1}}}}""", isDone: false)).GetProperty("cause").GetString().ShouldBe("badPolicy");
        await OrderAsync(broker, key, "policy", """{"policy":null}""");

        (await OrderAsync(broker, key, "resume", $$"""{"number":"{{Number}}","reason":"cleared"}""")).GetProperty("result").GetProperty("standing").GetString().ShouldBe("probation");
        (await OrderAsync(broker, key, "reports", $$"""{"reports":[{"number":"{{Number}}","at":"{{Now()}}","source":"form","count":2}]}"""))
            .GetProperty("result").GetProperty("added").GetInt64().ShouldBe(2);

        string[] events = await EventsAsync(until: 7);
        events.Count(name => name == "standing").ShouldBe(2);
        events.Count(name => name == "policy").ShouldBe(2);
        events.Count(name => name == "command").ShouldBe(7);
    }

    /// <summary>Kinds of all events, once so many commands are recorded.</summary>
    private async Task<string[]> EventsAsync(int until)
    {
        for (int i = 0; ; i++)
        {
            (_, string records) = await RunAsync("export");
            string[] events = [.. records.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(record => record.GetProperty("kind").GetString() == "event").Select(record => record.GetProperty("event").GetString()!)];
            if (i == 50 || events.Count(name => name == "command") >= until)
            {
                return events;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }
    }

    private static string Now() => TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonElement GuardedNumber(JsonElement guards) =>
        guards.GetProperty("numbers").EnumerateArray().Single(each => each.GetProperty("number").GetString() == Number);

    private static string Base64Of(string shown) => shown.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).First(word => word.StartsWith("MFkw", StringComparison.Ordinal));

    private void Configure(string more = "") => File.WriteAllText(
        Configuration,
        $$"""
        agentId: pbx-1
        trunks: [{name: carrier, hosts: [10.20.0.2]}]
        sources:
          hep: {listen: ["127.0.0.1:{{_hepPort}}"], allow: [127.0.0.1] }
        store: {directory: "{{_directory.File("store")}}"}
        controlSocket: "{{Socket}}"
        {{more}}
        """);

    private async Task<AgentProcess> StartAsync()
    {
        NotifyListener listener = new(_directory.File($"notify-{_listeners.Count}"));
        _listeners.Add(listener);
        AgentProcess agent = AgentProcess.Start(["run", "--config", Configuration], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = listener.Path });
        await listener.WaitForAsync("READY=1", Token);
        return agent;
    }

    /// <summary>Runs a command; those that ask the agent are told its socket.</summary>
    private async Task<(int Code, string Text)> RunAsync(params string[] args)
    {
        string[] socket = args[0] is "keys" or "order" or "policy" ? [] : ["--socket", Socket];
        using AgentProcess command = AgentProcess.Start([.. args, .. socket]);
        int code = await command.ExitAsync(Token);
        return (code, command.Output + command.Error);
    }

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        (int code, string text) = await RunAsync(args);
        code.ShouldBe(ExitCode.Ok, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<JsonElement> OrderAsync(Mosquitto broker, string key, string name, string arguments, bool isDone = true)
    {
        (int code, string text) = await RunAsync(
            "order", name, "--broker", broker.Url, "--agent", "pbx-1", "--key", key, "--arguments", arguments, "--json");
        code.ShouldBe(isDone ? ExitCode.Ok : ExitCode.Degraded, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Calls of the number to one person after the other, all busy, until the agent has counted them.</summary>
    private async Task CallAsync(AgentProcess agent, int calls)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, _hepPort, Token);
        for (int call = 0; call < calls; call++)
        {
            foreach (bool isRequest in (bool[])[true, false])
            {
                await socket.SendAsync(Hep(call, isRequest), Token);
            }
        }

        for (int i = 0; i < 150; i++)
        {
            (_, string text) = await RunAsync("status", "--json");
            if (text.StartsWith('{') && JsonDocument.Parse(text).RootElement.GetProperty("today") is { ValueKind: JsonValueKind.Object } today
                && today.GetProperty("attempts").GetInt64() == calls)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }

        throw new TimeoutException($"the calls were never counted; agent: {agent.Error}{agent.Output}");
    }

    private static byte[] Hep(int call, bool isRequest)
    {
        string person = $"+3363998{1234 + call}";
        string text = (isRequest ? $"INVITE sip:{person}@10.20.0.2 SIP/2.0" : "SIP/2.0 486 Busy Here")
            + $"\r\nVia: SIP/2.0/UDP 10.20.0.1;branch=z9hG4bK{call}\r\nFrom: <sip:{Number}@10.20.0.1>;tag=a{call}\r\n"
            + $"To: <sip:{person}@10.20.0.2>{(isRequest ? "" : ";tag=b")}\r\nCall-ID: call-{call}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
        return HepPackets.Of(text, "10.20.0.1", "10.20.0.2", isRequest, TimeProvider.System.GetUtcNow());
    }

    /// <summary>Neither the agent's files nor its log hold any of the texts.</summary>
    private async Task ShouldBeNowhereAsync(AgentProcess agent, params string[] texts)
    {
        foreach (string text in texts)
        {
            agent.Output.ShouldNotContain(text);
            agent.Error.ShouldNotContain(text);
            foreach (string file in Directory.GetFiles(_directory.File("store")).Where(file => Path.GetFileName(file) != "lock"))
            {
                await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes, Token);
                bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)).ShouldBe(-1, Path.GetFileName(file));
            }
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        _listeners.ForEach(listener => listener.Dispose());
        _directory.Dispose();
    }
}
