using System.Net.Sockets;
using System.Text.Json;
using EdgeAgent.Cli;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Pipeline;
using EdgeAgent.Telemetry;
using EdgeAgent.Tests.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Telemetry;

/// <summary>The commands against a host in this process that has two numbers today and one on a past day.</summary>
public sealed class ControlEndpointsTests : IAsyncLifetime
{
    private static readonly NumberKey Known = NumberKey.For(new E164Number(33199000001));

    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private WebApplication? _host;

    public async ValueTask InitializeAsync()
    {
        AgentOptions options = new() { AgentId = "test", ControlSocket = Socket };
        ConfigurationState state = new("agent.yaml", new LoadResult(options, [], new string('0', 64)), DateTimeOffset.UnixEpoch);
        _host = AgentHost.Build(state, (services, _) =>
        {
            services.AddSingleton<ISignallingStatusSource, Today>();
            services.AddSingleton<IDayNumbersSource, Past>();
        });
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
        _directory.Dispose();
    }

    private string Socket => _directory.File("agent.sock");

    [Fact]
    public async Task Status_HealthyAgent_Exits0AndShowsTheFigures()
    {
        (await RunAsync("status")).ShouldBe(ExitCode.Ok, _output.ToString() + _error);

        string shown = _output.ToString();
        shown.ShouldContain("healthy");
        shown.ShouldContain("4 active calls");
        shown.ShouldContain("2 numbers, 12 attempts, 3 answered");
    }

    [Fact]
    public async Task Status_AsJson_HasTheDocumentedShape()
    {
        (await RunAsync("status", "--json")).ShouldBe(ExitCode.Ok);

        using JsonDocument status = JsonDocument.Parse(_output.ToString());
        JsonElement root = status.RootElement;
        root.GetProperty("state").GetString().ShouldBe("healthy");
        root.GetProperty("startedAt").GetString().ShouldNotBeNull().ShouldEndWith("Z");
        root.GetProperty("signalling").GetProperty("confidence").GetString().ShouldBe("full");
        root.GetProperty("today").GetProperty("guards").GetProperty("hours").GetInt64().ShouldBe(1);
        root.GetProperty("store").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Numbers_Today_AreListedMostAttemptsFirst()
    {
        (await RunAsync("numbers")).ShouldBe(ExitCode.Ok, _error.ToString());

        string[] lines = _output.ToString().TrimEnd().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("number ");
        lines[1].ShouldStartWith("+33199000001");
        lines[1].ShouldContain("30.0%");
        lines[2].ShouldStartWith("other");
    }

    [Theory]
    [InlineData("+33199000001")]
    [InlineData("01 99 00 00 01")]
    [InlineData("0033199000001")]
    [InlineData("+33 (0)1 99 00 00 01")]
    public async Task Numbers_OneNumberHoweverSpelt_IsFound(string spelling)
    {
        (await RunAsync("numbers", spelling, "--json")).ShouldBe(ExitCode.Ok, _error.ToString());

        _output.ToString().ShouldContain("\"+33199000001\"");
        using JsonDocument answer = JsonDocument.Parse(_output.ToString());
        JsonElement row = answer.RootElement.GetProperty("numbers").EnumerateArray().ShouldHaveSingleItem();
        row.GetProperty("attempts").GetInt64().ShouldBe(10);
        row.GetProperty("open").GetInt64().ShouldBe(6);
        row.GetProperty("answerRate").GetDouble().ShouldBe(0.3);
        row.GetProperty("acdSeconds").GetDouble().ShouldBe(30.5);
        row.GetProperty("pddSeconds").ValueKind.ShouldBe(JsonValueKind.Null);
        row.GetProperty("dispositions").GetProperty("busy").GetInt64().ShouldBe(1);
        row.GetProperty("status").GetProperty("486").GetInt64().ShouldBe(1);
    }

    /// <summary>Also those that are added one day: whoever adds a counter finds it in both commands.</summary>
    [Fact]
    public async Task Numbers_AsJson_HasEveryCounter()
    {
        (await RunAsync("numbers", "--json")).ShouldBe(ExitCode.Ok, _error.ToString());

        using JsonDocument answer = JsonDocument.Parse(_output.ToString());
        JsonElement row = answer.RootElement.GetProperty("numbers")[0];
        foreach (CounterField field in CounterFields.All)
        {
            JsonElement holder = field.Group is null ? row : row.GetProperty(field.Group);
            holder.TryGetProperty(field.Name, out _).ShouldBeTrue($"{field.Group}.{field.Name}");
        }

        row.GetProperty("talkSeconds").GetDouble().ShouldBe(61);
        row.GetProperty("guards").GetProperty("hours").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Numbers_PastDay_ComesFromTheStore()
    {
        (await RunAsync("numbers", "--day", "2026-01-02", "--json")).ShouldBe(ExitCode.Ok, _error.ToString());

        using JsonDocument answer = JsonDocument.Parse(_output.ToString());
        answer.RootElement.GetProperty("day").GetString().ShouldBe("2026-01-02");
        answer.RootElement.GetProperty("numbers")[0].GetProperty("attempts").GetInt64().ShouldBe(99);
    }

    [Fact]
    public async Task Numbers_DayWithoutCalls_SaysSo()
    {
        (await RunAsync("numbers", "--day", "2025-01-01")).ShouldBe(ExitCode.Ok);

        _output.ToString().Trim().ShouldBe("no calls on 2025-01-01");
    }

    [Fact]
    public async Task Get_DayThatIsNoDate_IsRefused()
    {
        using ControlClient client = new(Socket);

        CommandException fault = await Should.ThrowAsync<CommandException>(() =>
            client.GetAsync("v1/numbers?day=soon", TelemetryJson.Plain.NumbersDocument, TestContext.Current.CancellationToken));

        fault.ExitCode.ShouldBe(ExitCode.Unavailable);
        fault.Message.ShouldContain("YYYY-MM-DD");
    }

    [Fact]
    public async Task Get_SomethingElseAnswers_IsToldApart()
    {
        string path = _directory.File("other.sock");
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(path));
        other.Listen();
        Task answer = AnswerNonsenseAsync(other);

        (await CommandLine.RunAsync(["status", "--socket", path], _output, _error)).ShouldBe(ExitCode.Unavailable);

        await answer;
        _error.ToString().ShouldContain("is not edge-agent's");
    }

    private static async Task AnswerNonsenseAsync(Socket listener)
    {
        using Socket client = await listener.AcceptAsync();
        await client.SendAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray());
    }

    private Task<int> RunAsync(string command, params string[] more) =>
        CommandLine.RunAsync([command, "--socket", Socket, .. more], _output, _error);

    private sealed class Today : ISignallingStatusSource
    {
        public SignallingStatus? Current
        {
            get
            {
                NumberCounters known = new() { Attempts = 10, Answered = 3, AnsweredEnded = 2, Talk = TimeSpan.FromSeconds(61) };
                known.Guards.Add(new GuardCount(GuardId.Hours, 1, 0));
                known[Disposition.Answered] = 3;
                known[Disposition.Busy] = 1;
                known.Status.Add(200, 3);
                known.Status.Add(486);
                return new SignallingStatus(
                    TimeProvider.System.GetUtcNow(), [], 20, new Dictionary<string, long>(), 4,
                    [KeyValuePair.Create(NumberKey.Other, new NumberCounters { Attempts = 2 }), KeyValuePair.Create(Known, known)],
                    [], new CaptureQuality(), Confidence.Full, null);
            }
        }
    }

    private sealed class Past : IDayNumbersSource
    {
        public ValueTask<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>> ReadDayAsync(DateOnly day, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<KeyValuePair<NumberKey, NumberCounters>>>(
                day == new DateOnly(2026, 1, 2) ? [KeyValuePair.Create(Known, new NumberCounters { Attempts = 99 })] : []);
    }
}
