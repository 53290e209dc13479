using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Configuration;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;
using EdgeAgent.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

/// <summary>The commands that read records from a running agent, against a host in this process with a real journal.</summary>
public sealed class RecordCommandsTests : IAsyncLifetime
{
    private readonly TemporaryStore _temporary = new();
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private JournalStore _store = null!;
    private WebApplication _host = null!;
    private IReadOnlyList<JournalRecord> _records = [];

    public async ValueTask InitializeAsync()
    {
        _store = _temporary.Open();
        for (int i = 0; i < 40; i++)
        {
            _store.Submit(Samples.Batch(i, Samples.Minute(Samples.Morning.AddMinutes(i), (Samples.Number(1), 3))));
        }

        await _store.FlushAsync(CancellationToken.None);
        _records = await _store.ReadRangeAsync(1, long.MaxValue, 100, CancellationToken.None);
        AgentOptions options = new() { AgentId = "agent-1", ControlSocket = Socket };
        ConfigurationState state = new("agent.yaml", new LoadResult(options, [], new string('0', 64)), DateTimeOffset.UnixEpoch);
        _host = AgentHost.Build(state, (services, _) => services.AddSingleton<IJournal>(_store));
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _store.DisposeAsync();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
        _temporary.Dispose();
    }

    private string Socket => _temporary.PathOf("agent.sock");

    private string[] Lines => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Reconcile_RunningAgent_ComparesAndRecordsTheOutcome()
    {
        string file = _temporary.PathOf("calls.csv");
        await File.WriteAllLinesAsync(file, ["start,number,seconds", .. Listed()], TestContext.Current.CancellationToken);
        string[] layout = ["--start-column", "start", "--number-column", "number", "--duration-column", "seconds", "--time-zone", "UTC"];

        (await RunAsync("reconcile", [.. layout, "--json", file])).ShouldBe(ExitCode.NotReconciled, _error.ToString());

        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        json.RootElement.GetProperty("matched").GetInt64().ShouldBe(119);
        json.RootElement.GetProperty("missing").GetInt64().ShouldBe(1); // listed a day's time before the journal's only call of that minute
        json.RootElement.GetProperty("extra").GetInt64().ShouldBe(1);
        json.RootElement.GetProperty("isRecorded").GetBoolean().ShouldBeTrue();
        JournalRecord record = (await _store.ReadRangeAsync(_records[^1].Seq + 1, long.MaxValue, 10, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        Contract.MessageContract.FaultsOf("event-reconciliation", record.Payload.ToArray()).ShouldBeEmpty();
        JsonElement told = Samples.Json(record.Payload);
        (told.GetProperty("calls").GetInt64(), told.GetProperty("matched").GetInt64(), told.GetProperty("missing").GetInt64()).ShouldBe((120, 119, 1));
        told.GetProperty("fileHash").GetString()
            .ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))));

        (await RunAsync("reconcile", [.. layout, "--no-record", "--max-difference", "5 %", file])).ShouldBe(ExitCode.Ok, _error.ToString());
        _store.Status.LastSeq.ShouldBe(record.Seq);

        IEnumerable<string> Listed()
        {
            for (int i = 0; i < 120; i++)
            {
                DateTimeOffset start = i == 119 ? Samples.Morning.AddMinutes(10).AddSeconds(30) : Samples.Morning.AddMinutes(i / 3).AddSeconds(5 + i % 3);
                yield return string.Create(CultureInfo.InvariantCulture, $"{start:yyyy-MM-dd HH:mm:ss},{Samples.Number(1)},{(i % 3 == 0 ? 61 : 0)}");
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not JSON")]
    [InlineData("{\"from\":\"2026-05-04T08:00:00Z\",\"to\":\"2026-05-04T09:00:00Z\",\"calls\":5,\"matched\":1,\"missing\":1,\"extra\":0,\"blind\":0,\"unreadable\":0,\"share\":0.5,\"fileHash\":\"0\"}")]
    public async Task Reconciliations_WhatIsNoOutcome_IsRefusedAndNotRecorded(string body)
    {
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
                await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(Socket), token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        using StringContent content = new(body);

        using HttpResponseMessage response = await client.PostAsync(new Uri("http://agent/v1/reconciliations"), content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        _store.Status.LastSeq.ShouldBe(_records[^1].Seq);
    }

    [Fact]
    public async Task Export_EpochKeptAside_ComesFirstUnlessABoundIsANumber()
    {
        using TemporaryStore store = new();
        await store.FillAsync(Samples.Batch(1, Samples.Minute(Samples.Morning, (Samples.Number(1), 3))));
        File.Delete(store.PathOf("epoch"));
        await File.WriteAllTextAsync(store.PathOf("epoch"), "20260504T080000Z-0000000000000000 9 -\n", CancellationToken.None); // another journal's
        await store.FillAsync(Samples.Batch(1, Samples.Minute(Samples.Morning.AddMinutes(1), (Samples.Number(1), 3))));

        (await CommandLine.RunAsync(["export", "--socket", Socket + "-none", "--store", store.Options.Directory], _output, _error)).ShouldBe(ExitCode.Ok, _error.ToString());
        string[] all = Lines;
        _output.GetStringBuilder().Clear();
        (await CommandLine.RunAsync(["export", "--socket", Socket + "-none", "--store", store.Options.Directory, "--from", "1"], _output, _error)).ShouldBe(ExitCode.Ok, _error.ToString());

        string[] epochs = [.. all.Select(line => Samples.Json(Encoding.UTF8.GetBytes(line)).GetProperty("epoch").GetString()!)];
        epochs.Distinct().Count().ShouldBe(2);
        all.Length.ShouldBe(3, "a minute; the loss and a minute");
        Lines.ShouldBe(all[1..]);
    }

    [Fact]
    public async Task Export_RunningAgent_GivesEveryByteThatVerifies()
    {
        (await RunAsync("export")).ShouldBe(ExitCode.Ok, _error.ToString());

        Lines.ShouldBe(_records.Select(Text));
        string file = _temporary.PathOf("export.jsonl");
        await File.WriteAllTextAsync(file, _output.ToString(), TestContext.Current.CancellationToken);
        string key = _temporary.PathOf("agent.pub");
        await File.WriteAllTextAsync(key, _store.Identity.PublicKey + "\n", TestContext.Current.CancellationToken);
        (await CommandLine.RunAsync(["verify", "--public-key", key, "--json", file], _output, _error)).ShouldBe(ExitCode.Ok, _error.ToString());
    }

    [Theory]
    [InlineData("--from", "5", "--to", "7", 5, 3)]
    [InlineData("--from", "39", "--to", "2100-01-01T00:00:00Z", 39, 2)]
    [InlineData("--from", "2000-01-01", "--to", "1", 1, 1)]
    public async Task Export_Range_GivesItOnly(string name, string from, string secondName, string to, int first, int count)
    {
        (await RunAsync("export", name, from, secondName, to)).ShouldBe(ExitCode.Ok, _error.ToString());

        Lines.ShouldBe(_records.Skip(first - 1).Take(count).Select(Text));
    }

    [Fact]
    public async Task Export_TimeAfterTheLastRecord_GivesNothing()
    {
        (await RunAsync("export", "--from", "2100-01-01T00:00:00Z")).ShouldBe(ExitCode.Ok, _error.ToString());

        Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_NeitherNumberNorTime_IsWrongUse()
    {
        (await RunAsync("export", "--from", "yesterday")).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldContain("neither a sequence number nor a time");
    }

    [Fact]
    public async Task Outbox_SomeSentOutOfOrder_TellsEachApart()
    {
        Acknowledge(1, 2, 3, 40);

        (await RunAsync("outbox", "--json")).ShouldBe(ExitCode.Ok, _error.ToString());

        using JsonDocument journal = JsonDocument.Parse(Lines[0]);
        journal.RootElement.GetProperty("sentUpTo").GetInt64().ShouldBe(3);
        journal.RootElement.GetProperty("waiting").GetInt64().ShouldBe(36);
        JsonElement[] records = [.. Lines.Skip(1).Select(line => Samples.Json(Encoding.UTF8.GetBytes(line)))];
        records.Select(record => record.GetProperty("payload").GetString()).ShouldBe(_records.Skip(3).Select(Text));
        records.Where(record => record.GetProperty("state").GetString() == "sent")
            .ShouldHaveSingleItem().GetProperty("seq").GetInt64().ShouldBe(40);
        records[0].GetProperty("topic").GetString().ShouldBe("edgeagent/v1/agent-1/minute");
    }

    [Fact]
    public async Task Outbox_EverythingSent_ShowsTheLastTen()
    {
        Acknowledge([.. Enumerable.Range(1, 40)]);

        (await RunAsync("outbox")).ShouldBe(ExitCode.Ok, _error.ToString());

        Lines.Length.ShouldBe(11);
        Lines[0].ShouldContain("last record 40, sent up to 40, 0 waiting");
        Lines[1].ShouldBe($"sent     edgeagent/v1/agent-1/minute {Text(_records[30])}");
    }

    [Fact]
    public async Task Outbox_Follow_ShowsWhatIsMadeMeanwhile()
    {
        Acknowledge([.. Enumerable.Range(1, 40)]);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using SharedText shown = new();
        Task<int> following = CommandLine.Create().Parse(["outbox", "--follow", "--socket", Socket])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = shown, EnableDefaultExceptionHandler = false }, stop.Token);
        await Eventually.TrueAsync(() => shown.Lines.Length == 11, "the last ten are shown");
        _store.Submit(Samples.Batch(41, Samples.Minute(Samples.Morning.AddMinutes(41))));

        await Eventually.TrueAsync(() => shown.Lines[^1].StartsWith("waiting  edgeagent/v1/agent-1/minute {", StringComparison.Ordinal), "the new one is shown");

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => following);
    }

    private void Acknowledge(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            _store.Acknowledge(_records[number - 1]);
        }
    }

    /// <summary>Text that one thread writes and another reads.</summary>
    private sealed class SharedText : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string[] Lines
        {
            get
            {
                lock (_gate)
                {
                    return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                }
            }
        }

        public override void Write(char value)
        {
            lock (_gate)
            {
                _text.Append(value);
            }
        }
    }

    private static string Text(JournalRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    private Task<int> RunAsync(string command, params string[] more) =>
        CommandLine.RunAsync([command, "--socket", Socket, .. more], _output, _error);
}
